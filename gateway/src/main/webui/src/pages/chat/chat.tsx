import { type Signal, signal, useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { get, path, query } from "../../app/api.ts";
import { members } from "../../app/fleet.ts";
import { remembered } from "../../app/settings.ts";
import { go } from "../../app/router.ts";
import type { ChatMessages } from "../../app/rest.ts";
import { live } from "../../app/streams.ts";
import { Button } from "../../ui/button.tsx";
import { Menu } from "../../ui/menu.tsx";
import { Note } from "../../ui/note.tsx";
import { Composer } from "./composer.tsx";
import { Conversation } from "./conversation.ts";
import { NEW } from "./drafts.ts";
import { Messages } from "./messages.tsx";
import { itemsFor, SessionList } from "./session_list.tsx";
import { followSessions, nameAfter, nameNewChats, newId, refreshSessions, sessions } from "./sessions.ts";

/** Who answers a new chat; empty for the gateway's own choice. */
const chosenAgent = remembered<string>("chat.agent", "");
const PAGE = 200;
/** A chat that is new has an id from the beginning, and an address from its first message on. */
const fresh = signal(newId());

/** Begins another chat. */
export function newChat(): void {
  fresh.value = newId();
  go("/chat");
}

/** Chats with whoever answers them: the operator agent, a model, an agent of the fleet. */
export function ChatPage({ params }: { params: Record<string, string> }): JSX.Element {
  const shown = params["session"];
  const listOpen = useSignal(false);
  const override = useSignal<{ session: string; agent: string } | undefined>(undefined);
  useEffect(followSessions, []);
  useEffect(nameNewChats, [sessions.value]);
  useEffect(() => {
    listOpen.value = false;
    if (shown === fresh.value) {
      void refreshSessions().catch(() => {});
    }
  }, [shown]);
  const begin = () => {
    listOpen.value = false;
    newChat();
  };
  const session = shown ?? fresh.value;
  const agent = override.value?.session === session
    ? override.value.agent
    : session === fresh.value
    ? chosenAgent.value
    : "";
  return (
    <div class={`page chat${listOpen.value ? " list-open" : ""}`}>
      <h1 class="hidden">Chat</h1>
      <SessionList shown={shown} onNew={begin} />
      <Room
        key={`${session} ${agent}`}
        session={session}
        agent={agent}
        isNew={shown === undefined}
        listOpen={listOpen}
        onAgent={(next) => {
          if (shown === undefined) {
            chosenAgent.value = next;
          }
          override.value = { session, agent: next };
        }}
      />
    </div>
  );
}

function Room({ session, agent, isNew, listOpen, onAgent }: {
  session: string;
  agent: string;
  isNew: boolean;
  listOpen: Signal<boolean>;
  onAgent(agent: string): void;
}): JSX.Element {
  const conversation = useMemo(() => converse(session, agent), []);
  useEffect(() => conversation.open(), []);
  const known = sessions.value?.find((one) => one.session_id === session);
  const name = known?.name ?? conversation.name.value;
  const link = conversation.link.link.value;
  const problem = conversation.problem.value || (link.kind === "stopped" ? link.reason : "");
  const sent = (text: string) => {
    if (isNew) {
      nameAfter(session, text);
      go(`/chat/${session}`, "replace");
    }
  };
  return (
    <section class="room" aria-label="Chat">
      <header class="room-head">
        <Button
          kind="ghost"
          icon="left"
          label="All chats"
          expanded={listOpen.value}
          onClick={() => listOpen.value = !listOpen.value}
        />
        <h2>{isNew ? "New chat" : name ?? "Untitled chat"}</h2>
        <div class="page-tools">
          <AgentChoice value={agent || (conversation.agent.value ?? "")} onChange={onAgent} />
          {known !== undefined && <Menu label="More for this chat" items={itemsFor(known, session)} />}
        </div>
      </header>
      <Messages conversation={conversation} onAsk={(text) => conversation.send(text) && sent(text)} />
      <div class="room-foot">
        {problem !== "" && (
          <div class="room-problem">
            <Note>{problem}</Note>
            <Button icon="restart" onClick={() => conversation.retry()}>Try again</Button>
          </div>
        )}
        {conversation.notice.value !== "" && (
          <Note onDismiss={() => conversation.dismissNotice()}>{conversation.notice.value}</Note>
        )}
        <Composer
          conversation={conversation}
          draft={isNew ? NEW : session}
          onSent={sent}
        />
      </div>
    </section>
  );
}

function converse(session: string, agent: string): Conversation {
  let due: (() => void) | undefined;
  return new Conversation(session, agent, {
    live,
    messages: (before) =>
      get<ChatMessages>(path("sessions", session, "messages") + query({ limit: PAGE, before })),
    newKey: newId,
    now: () => new Date().toISOString(),
    soon: (draw) => {
      const first = due === undefined;
      due = draw;
      if (first) {
        const run = () => {
          const last = due;
          due = undefined;
          last?.();
        };
        // A hidden page has no frames of the screen.
        document.visibilityState === "visible" ? requestAnimationFrame(run) : setTimeout(run, 200);
      }
    },
    onGone: () => void refreshSessions().catch(() => {}),
  });
}

const OWN = [
  { value: "operator", text: "Operator" },
  { value: "llm", text: "Language model" },
];

function AgentChoice({ value, onChange }: { value: string; onChange(agent: string): void }): JSX.Element {
  const online = members.value.filter(({ agent }) => agent?.status === "online").map((one) => one.name)
    .sort();
  const listed = new Set(["", ...OWN.map((one) => one.value), ...online.map((name) => `agent:${name}`)]);
  return (
    <label class="choice">
      <span>Agent</span>
      <select value={value} aria-label="Agent" onChange={(event) => onChange(event.currentTarget.value)}>
        <option value="">Default</option>
        {OWN.map((one) => <option key={one.value} value={one.value}>{one.text}</option>)}
        {online.length > 0 && (
          <optgroup label="Connected agents">
            {online.map((name) => <option key={name} value={`agent:${name}`}>{name}</option>)}
          </optgroup>
        )}
        {!listed.has(value) && <option value={value}>{value}</option>}
      </select>
    </label>
  );
}
