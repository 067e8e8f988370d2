import { signal, useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { messageOf } from "../../app/api.ts";
import { download } from "../../app/download.ts";
import { go } from "../../app/router.ts";
import type { ChatSession } from "../../app/rest.ts";
import { Ago } from "../../ui/ago.tsx";
import { Button } from "../../ui/button.tsx";
import { visible } from "../../ui/visible.ts";
import { confirm, Dialog } from "../../ui/dialog.tsx";
import { Menu } from "../../ui/menu.tsx";
import { toast } from "../../ui/toast.tsx";
import { Note } from "../../ui/note.tsx";
import { Nothing } from "../../ui/nothing.tsx";
import { Field, Form } from "../../ui/form.tsx";
import {
  deleteSession,
  exportOf,
  loadMoreSessions,
  moreSessions,
  renameSession,
  sessions,
  titleOf,
} from "./sessions.ts";

const renaming = signal<ChatSession | undefined>(undefined);

/** All chats, those used last first. */
export function SessionList({ shown, onNew }: { shown: string | undefined; onNew(): void }): JSX.Element {
  const failure = useSignal("");
  const all = sessions.value;
  useEffect(() => {
    document.querySelector(".session[aria-current]")?.scrollIntoView?.({ block: "nearest" });
  }, [shown, all === undefined]);
  return (
    <nav class="sessions" aria-label="Chats">
      <div class="sessions-head">
        <h2>Chats</h2>
        <Button icon="plus" label="New chat" onClick={onNew}>New</Button>
      </div>
      {failure.value !== "" && <Note onDismiss={() => failure.value = ""}>{failure.value}</Note>}
      {all?.length === 0 && (
        <Nothing known>
          <p class="nothing">No chats yet</p>
        </Nothing>
      )}
      <ul>
        {all?.map((session) => (
          <li key={session.session_id}>
            <a
              class="session"
              href={`/chat/${session.session_id}`}
              aria-current={session.session_id === shown ? "page" : undefined}
            >
              <span class="session-name">{titleOf(session)}</span>
              <span class="session-sub">
                <State session={session} />
                {session.agent} · <Ago at={session.updated_at} short />
              </span>
            </a>
            <Menu label={`More for ${titleOf(session)}`} items={itemsFor(session, shown)} />
          </li>
        ))}
      </ul>
      {moreSessions.value !== undefined && (
        <Button onClick={() => void loadMoreSessions().catch((e) => failure.value = messageOf(e))}>
          Show more
        </Button>
      )}
      {renaming.value !== undefined && <Rename session={renaming.value} />}
    </nav>
  );
}

function State({ session }: { session: ChatSession }): JSX.Element | null {
  switch (session.state) {
    case "running":
      return <span class="session-state busy">answering</span>;
    case "error":
      return <span class="session-state bad" title={session.reason}>error</span>;
    case "idle":
      return null;
  }
}

export function itemsFor(session: ChatSession, shown: string | undefined) {
  return [
    { label: "Rename", run: () => renaming.value = session },
    { label: "Export as Markdown", run: () => void save(session, "markdown") },
    { label: "Export as JSON", run: () => void save(session, "json") },
    { label: "Delete", danger: true, run: () => askToDelete(session, shown) },
  ];
}

async function save(session: ChatSession, format: "markdown" | "json"): Promise<void> {
  try {
    await download(
      exportOf(session.session_id, format),
      `${session.session_id}.${format === "json" ? "json" : "md"}`,
    );
  } catch (e) {
    toast(messageOf(e), "bad");
  }
}

/** Characters of a title one is asked to type. */
const LONGEST_TYPED = 40;

function askToDelete(session: ChatSession, shown: string | undefined): void {
  const title = visible(titleOf(session));
  confirm({
    title: `Delete “${title}”?`,
    body: <p>All of its {session.message_count} messages go with it.</p>,
    action: "Delete",
    typed: /^[\w.,:-]+( [\w.,:-]+)*$/.test(title) && title.length <= LONGEST_TYPED ? title : "delete",
    run: async () => {
      await deleteSession(session.session_id);
      if (session.session_id === shown) {
        go("/chat", "replace");
      }
    },
  });
}

function Rename({ session }: { session: ChatSession }): JSX.Element {
  const close = () => renaming.value = undefined;
  return (
    <Dialog title="Rename the chat" onClose={close}>
      <Form
        action="Rename"
        onCancel={close}
        onSubmit={async (form) => {
          await renameSession(session.session_id, String(form.get("name")).trim());
          close();
        }}
      >
        <Field label="Name">
          <input
            name="name"
            required
            maxLength={200}
            autocomplete="off"
            autofocus
            value={session.name ?? ""}
          />
        </Field>
      </Form>
    </Dialog>
  );
}
