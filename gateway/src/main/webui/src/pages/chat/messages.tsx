import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { messageOf } from "../../app/api.ts";
import { members } from "../../app/fleet.ts";
import { isUp } from "../fleet/members.ts";
import { Button } from "../../ui/button.tsx";
import { Note } from "../../ui/note.tsx";
import type { Conversation } from "./conversation.ts";
import { isOpen } from "./transcript.ts";
import { TurnView } from "./turn.tsx";

/** So close to the end counts as there, in pixels. */
const AT_END = 48;
/** Characters of an answer that are read out; whoever wants more reads on. */
const READ_OUT = 2_000;

/** The conversation. It follows what is said until one scrolls up, and never moves under the reader. */
export function Messages({ conversation, onAsk }: {
  conversation: Conversation;
  onAsk(text: string): void;
}): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const following = useRef(true);
  const away = useSignal(false);
  const busy = useSignal(false);
  const failure = useSignal("");
  const transcript = conversation.transcript.value;
  const { turns } = transcript;
  const last = turns.at(-1);

  useLayoutEffect(() => {
    if (following.current) {
      toEnd(box.current);
    }
  }, [transcript]);
  useLayoutEffect(() => {
    const element = box.current!;
    const resized = new ResizeObserver(() => following.current && toEnd(element));
    resized.observe(element);
    // A card may grow by what it learns later; one that the reader opened has ended the following by then.
    resized.observe(element.firstElementChild!);
    return () => resized.disconnect();
  }, []);
  // One who asks wants to see the answer, wherever one was.
  const asked = turns.filter((turn) => turn.idempotencyKey !== undefined).length;
  useEffect(() => {
    following.current = true;
    away.value = false;
    toEnd(box.current);
  }, [asked]);

  const scrolled = () => {
    const element = box.current!;
    following.current = element.scrollHeight - element.scrollTop - element.clientHeight < AT_END;
    away.value = !following.current;
  };
  const earlier = async () => {
    const element = box.current!;
    const fromEnd = element.scrollHeight - element.scrollTop;
    busy.value = true;
    failure.value = "";
    following.current = false;
    try {
      await conversation.earlier();
      requestAnimationFrame(() =>
        requestAnimationFrame(() => element.scrollTop = element.scrollHeight - fromEnd)
      );
    } catch (e) {
      failure.value = messageOf(e);
    } finally {
      busy.value = false;
    }
  };
  return (
    <div class="talk-frame">
      <div
        class="talk"
        ref={box}
        role="log"
        aria-live="off"
        aria-label="Conversation"
        aria-busy={!conversation.loaded.value}
        tabIndex={0}
        onScroll={scrolled}
        onClick={(event) => {
          // Whoever opens a card wants to read it, not to be taken to the end.
          if ((event.target as Element).closest("summary") !== null) {
            requestAnimationFrame(scrolled);
          }
        }}
      >
        <div class="talk-inner">
          {transcript.cursor !== undefined && (
            <Button busy={busy.value} onClick={() => void earlier()}>Show earlier messages</Button>
          )}
          {failure.value !== "" && <Note>{failure.value}</Note>}
          {turns.map((turn) => <TurnView key={turn.key} turn={turn} conversation={conversation} />)}
          {turns.length === 0 && conversation.loaded.value && <Beginning onAsk={onAsk} />}
        </div>
      </div>
      {away.value && turns.length > 0 && (
        <button
          type="button"
          class="jump-down"
          onClick={() => {
            following.current = true;
            away.value = false;
            toEnd(box.current);
          }}
        >
          Jump to the newest
        </button>
      )}
      <p class="hidden" role="status" aria-live="polite">
        {last !== undefined && !isOpen(last) && asked > 0 ? last.text.slice(0, READ_OUT) : ""}
      </p>
    </div>
  );
}

function toEnd(element: HTMLElement | null): void {
  if (element !== null) {
    element.scrollTop = element.scrollHeight;
  }
}

/** What there is to ask, where nothing was asked yet. */
function Beginning({ onAsk }: { onAsk(text: string): void }): JSX.Element {
  const some = members.value.find(isUp)?.name;
  const examples = [
    "What is wrong?",
    "What is running?",
    ...(some === undefined ? ["Which agents are online?"] : [`How is ${some} doing?`, `/logs ${some} 20`]),
    "Show dead letters",
    "How is the token?",
    "/help",
  ];
  return (
    <div class="beginning">
      <h3>Ask about the fleet, or have something done</h3>
      <p class="muted">
        The operator agent answers plain questions and commands with the gateway's own tools. It changes
        something only when told to in so many words.
      </p>
      <ul aria-label="Examples">
        {examples.map((example) => (
          <li key={example}>
            <button
              type="button"
              onClick={() => onAsk(example)}
            >
              {example}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
