import { signal } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useId, useLayoutEffect, useRef } from "preact/hooks";
import { messageOf } from "../app/api.ts";
import { Button } from "./button.tsx";
import { Note } from "./note.tsx";

/** Before a dialog that does something takes anything: what was meant for the page before it is not meant for it. */
export const ARMED_AFTER_MS = 300;

/**
 * A modal dialog: the browser keeps the focus in it; where it came from, it goes back to. A key that is held since
 * before it opened presses nothing in it.
 */
export function Dialog({ title, onClose, children, wide = false, bare = false }: {
  title: string;
  /** Where it is missing, it cannot be closed but by what is in it. */
  onClose?: (() => void) | undefined;
  children: ComponentChildren;
  wide?: boolean;
  /** Without a heading to be seen. */
  bare?: boolean;
}): JSX.Element {
  const element = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useLayoutEffect(() => {
    const dialog = element.current;
    const before = document.activeElement;
    // A page that was emptied when its session ended still draws what it had in hand, outside the document.
    if (dialog !== null && dialog.isConnected && !dialog.open) {
      dialog.showModal();
      dialog.querySelector<HTMLElement>("[data-first]")?.focus();
    }
    return () => {
      dialog?.close();
      // The browser's own way back is lost when the dialog leaves the document in the same turn.
      if (before instanceof HTMLElement && before.isConnected) {
        queueMicrotask(() => before.focus());
      }
    };
  }, []);
  return (
    <dialog
      ref={element}
      class={`dialog${wide ? " wide" : ""}${bare ? " bare" : ""}`}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault();
        onClose?.();
      }}
      onKeyDown={(event) => {
        if (event.repeat && (event.key === "Enter" || event.key === " ")) {
          event.preventDefault();
        }
      }}
      onMouseDown={(event) => {
        if (event.target === element.current) {
          onClose?.();
        }
      }}
    >
      <div class="dialog-body">
        <h2 id={heading} class={bare ? "hidden" : ""}>{title}</h2>
        {children}
      </div>
    </dialog>
  );
}

interface Question {
  title: string;
  body: ComponentChildren;
  /** The button's words: what will happen. */
  action: string;
  danger?: boolean;
  /** What it is about, to be typed first: where money goes or something is deleted. */
  typed?: string;
  run(): Promise<unknown>;
}

const asked = signal<Question | undefined>(undefined);
const running = signal(false);
const failure = signal("");
const armed = signal(false);
const typed = signal("");

/** Asks before something is done that cannot be undone; what fails is said in the dialog. */
export function confirm(question: Question): void {
  failure.value = "";
  running.value = false;
  armed.value = false;
  typed.value = "";
  asked.value = question;
}

/** Where questions appear; once on the page. */
export function Confirmation(): JSX.Element | null {
  const question = asked.value;
  useEffect(() => {
    if (question === undefined) {
      return;
    }
    const timer = setTimeout(() => armed.value = true, ARMED_AFTER_MS);
    return () => clearTimeout(timer);
  }, [question]);
  if (question === undefined) {
    return null;
  }
  const ready = armed.value && (question.typed === undefined || typed.value.trim() === question.typed);
  const close = () => asked.value = undefined;
  const run = async () => {
    if (!ready || running.value) {
      return;
    }
    running.value = true;
    failure.value = "";
    try {
      await question.run();
      close();
    } catch (e) {
      failure.value = messageOf(e);
    } finally {
      running.value = false;
    }
  };
  return (
    <Dialog title={question.title} onClose={close}>
      <div class="prose">{question.body}</div>
      {question.typed !== undefined && (
        <label class="field">
          <span>
            Type <b class="mono">{question.typed}</b> to go on
          </span>
          <input
            autocomplete="off"
            spellcheck={false}
            value={typed.value}
            onInput={(event) => typed.value = event.currentTarget.value}
          />
        </label>
      )}
      {failure.value !== "" && <Note>{failure.value}</Note>}
      <div class="actions">
        <Button first onClick={close}>Cancel</Button>
        <Button
          kind={question.danger === false ? "primary" : "danger"}
          busy={running.value}
          disabled={!ready}
          onClick={run}
        >
          {question.action}
        </Button>
      </div>
    </Dialog>
  );
}
