import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { Button } from "../../ui/button.tsx";
import { Icon } from "../../ui/icons.tsx";
import { context } from "./context.ts";
import { bytesTooMany, type Conversation } from "./conversation.ts";
import { draftOf, keepDraft } from "./drafts.ts";
import { current, isOpen } from "./transcript.ts";

const TALLEST = 240;

/** Far more than a message may have: what is too long is told, not cut. */
const MOST_CHARACTERS = 262_144;

/** Where one writes; what is not sent yet is kept through reloads. */
export function Composer({ conversation, draft, onSent }: {
  conversation: Conversation;
  /** Under which name the draft is kept. */
  draft: string;
  onSent(text: string): void;
}): JSX.Element {
  const text = useSignal(draftOf(draft));
  const field = useRef<HTMLTextAreaElement>(null);
  const { turns } = conversation.transcript.value;
  const running = current(conversation.transcript.value) !== undefined;
  const waiting = Math.max(0, turns.filter(isOpen).length - 1);
  const link = conversation.link.link.value;
  const ready = link.kind === "live" && conversation.loaded.value;
  const about = context.value;

  useEffect(() => {
    text.value = draftOf(draft);
    if (matchMedia("(min-width: 721px)").matches) {
      field.current?.focus();
    }
  }, [draft]);
  useEffect(() => {
    // The same draft in two tabs is one draft.
    const elsewhere = (event: StorageEvent) => {
      if (event.key === `fairlead.draft.${draft}` && document.activeElement !== field.current) {
        text.value = event.newValue ?? "";
      }
    };
    addEventListener("storage", elsewhere);
    return () => removeEventListener("storage", elsewhere);
  }, [draft]);
  useLayoutEffect(() => {
    const area = field.current!;
    area.style.height = "auto";
    area.style.height = `${Math.min(area.scrollHeight, TALLEST)}px`;
  }, [text.value]);

  const change = (value: string) => {
    text.value = value;
    keepDraft(draft, value);
  };
  const excess = bytesTooMany(text.value.trim(), about?.id);
  const send = () => {
    const content = text.value.trim();
    if (content !== "" && conversation.send(content, about?.id)) {
      change("");
      onSent(content);
    }
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      send();
    } else if (event.key === "Escape") {
      field.current?.blur();
    }
  };
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <textarea
        ref={field}
        rows={1}
        aria-label="Message"
        placeholder={running ? "Ask something else; it waits for its turn" : "Ask, or type / for a command"}
        value={text.value}
        maxLength={MOST_CHARACTERS}
        onInput={(event) => change(event.currentTarget.value)}
        onKeyDown={keys}
      />
      <div class="composer-foot">
        {about !== undefined && (
          <span class="about">
            About {about.title}
            <button
              type="button"
              class="copy"
              aria-label={`Leave out that this is about ${about.title}`}
              onClick={() => context.value = undefined}
            >
              <Icon name="close" size={12} />
            </button>
          </span>
        )}
        <span class="composer-hint" role="status">
          {excess > 0
            ? `Too long by ${excess} ${excess === 1 ? "byte" : "bytes"}: shorten it, or send it in parts`
            : ready
            ? waiting > 0
              ? `${waiting} ${waiting === 1 ? "message waits" : "messages wait"} for their turn`
              : ""
            : conversation.problem.value !== ""
            ? ""
            : "Your draft is kept until the gateway is back"}
        </span>
        <span class="composer-keys" aria-hidden="true">
          <kbd>Enter</kbd> sends, <kbd>Shift Enter</kbd> new line
        </span>
        {running && (
          <Button
            icon="stop"
            label="Stop the answer"
            disabled={!ready}
            onClick={() => conversation.stop()}
          >
            Stop
          </Button>
        )}
        <Button
          kind="primary"
          type="submit"
          label="Send"
          disabled={!ready || excess > 0 || text.value.trim() === ""}
        >
          Send
        </Button>
      </div>
    </form>
  );
}
