import { useSignal } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";
import { messageOf } from "../app/api.ts";
import { Button } from "./button.tsx";
import { Note } from "./note.tsx";

/** A form that says what went wrong where its button is. */
export function Form({ children, action, onSubmit, onCancel }: {
  children: ComponentChildren;
  action: string;
  onSubmit(form: FormData): Promise<void>;
  onCancel?: () => void;
}): JSX.Element {
  const failure = useSignal("");
  const busy = useSignal(false);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const element = event.currentTarget as HTMLFormElement;
    const form = new FormData(element);
    busy.value = true;
    failure.value = "";
    try {
      await onSubmit(form);
    } catch (e) {
      failure.value = messageOf(e);
      element.querySelector<HTMLInputElement>("[data-first]")?.select();
    } finally {
      busy.value = false;
    }
  };
  return (
    <form class="form" onSubmit={submit}>
      {children}
      {failure.value !== "" && <Note>{failure.value}</Note>}
      <div class="actions">
        {onCancel && <Button onClick={onCancel}>Cancel</Button>}
        <Button kind="primary" type="submit" busy={busy.value}>{action}</Button>
      </div>
    </form>
  );
}

/** A labelled field with a word of help below it. */
export function Field({ label, hint, children }: {
  label: string;
  hint?: ComponentChildren;
  children: ComponentChildren;
}): JSX.Element {
  return (
    <label class="field">
      <span>{label}</span>
      {children}
      {hint !== undefined && <small>{hint}</small>}
    </label>
  );
}
