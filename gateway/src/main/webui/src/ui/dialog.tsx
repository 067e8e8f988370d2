import { signal } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";
import { messageOf } from "../app/api.ts";
import { Button } from "./button.tsx";
import { Note } from "./note.tsx";

/** A modal dialog: the browser keeps the focus in it; where it came from, it goes back to. */
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
    if (dialog !== null && !dialog.open) {
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
  run(): Promise<unknown>;
}

const asked = signal<Question | undefined>(undefined);
const running = signal(false);
const failure = signal("");

/** Asks before something is done that cannot be undone; what fails is said in the dialog. */
export function confirm(question: Question): void {
  failure.value = "";
  running.value = false;
  asked.value = question;
}

/** Where questions appear; once on the page. */
export function Confirmation(): JSX.Element | null {
  const question = asked.value;
  if (question === undefined) {
    return null;
  }
  const close = () => asked.value = undefined;
  const run = async () => {
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
      {failure.value !== "" && <Note>{failure.value}</Note>}
      <div class="actions">
        <Button onClick={close}>Cancel</Button>
        <Button
          kind={question.danger === false ? "primary" : "danger"}
          busy={running.value}
          first
          onClick={run}
        >
          {question.action}
        </Button>
      </div>
    </Dialog>
  );
}
