import { signal } from "@preact/signals";
import { del, get, patch, path } from "../../app/api.ts";
import { follow } from "../../app/news.ts";
import type { ChatSession, ChatSessions } from "../../app/rest.ts";
import { keepDraft } from "./drafts.ts";

/** Those used last first; none known before they were loaded. */
export const sessions = signal<ChatSession[] | undefined>(undefined);
export const moreSessions = signal<string | undefined>(undefined);

const PAGE = 100;

export async function refreshSessions(): Promise<void> {
  const page = await get<ChatSessions>(`/api/sessions?limit=${PAGE}`);
  sessions.value = page.sessions;
  moreSessions.value = page.cursor;
}

export async function loadMoreSessions(): Promise<void> {
  const cursor = moreSessions.value;
  if (cursor !== undefined) {
    const page = await get<ChatSessions>(`/api/sessions?limit=${PAGE}&cursor=${encodeURIComponent(cursor)}`);
    sessions.value = [...sessions.value ?? [], ...page.sessions];
    moreSessions.value = page.cursor;
  }
}

/** Other tabs of this browser: the stream of events does not tell of names. */
const tabs = typeof BroadcastChannel === "undefined" ? undefined : new BroadcastChannel("fairlead.chats");

/** Keeps the list as it is, on this page and any other; the returned function ends that. */
export function followSessions(): () => void {
  if (tabs !== undefined) {
    tabs.onmessage = () => void refreshSessions().catch(() => {});
  }
  return follow({
    refresh: refreshSessions,
    onFrame: (frame) => {
      if (frame.type === "agent_start" || frame.type === "agent_end") {
        void refreshSessions().catch(() => {});
      }
    },
  });
}

export async function renameSession(id: string, name: string): Promise<void> {
  const renamed = await patch<ChatSession>(path("sessions", id), { name });
  sessions.value = sessions.value?.map((one) => one.session_id === id ? renamed : one);
  tabs?.postMessage("changed");
}

const LONGEST_NAME = 60;
const unnamed = new Map<string, string>();

/** A chat is called after what was asked first, once the gateway has it, until somebody renames it. */
export function nameAfter(id: string, text: string): void {
  const line = text.split("\n", 1)[0]!.replace(/\p{Cc}/gu, " ").trim();
  const cut = line.length > LONGEST_NAME ? `${line.slice(0, LONGEST_NAME - 1).trimEnd()}…` : line;
  unnamed.set(id, cut || "Chat");
}

export function nameNewChats(): void {
  for (const session of sessions.value ?? []) {
    const name = unnamed.get(session.session_id);
    if (name !== undefined) {
      unnamed.delete(session.session_id);
      if (session.name === undefined) {
        void renameSession(session.session_id, name).catch(() => {});
      }
    }
  }
}

export async function deleteSession(id: string): Promise<void> {
  await del(path("sessions", id));
  keepDraft(id, "");
  sessions.value = sessions.value?.filter((one) => one.session_id !== id);
  tabs?.postMessage("changed");
}

export function exportOf(id: string, format: "markdown" | "json"): string {
  return path("sessions", id, "export") + `?format=${format}`;
}

/** What a session is called where nobody named it. */
export function titleOf(session: ChatSession): string {
  return session.name ?? "Untitled chat";
}

const ID_BYTES = 16;

/** An id nobody can guess; also where the page was not loaded securely, and the browser makes no UUIDs. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(ID_BYTES));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
