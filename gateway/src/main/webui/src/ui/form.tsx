import { type Signal, useSignal } from "@preact/signals";
import { type ComponentChildren, createContext, type JSX } from "preact";
import { useContext, useEffect, useRef } from "preact/hooks";
import { messageOf } from "../app/api.ts";
import { Button } from "./button.tsx";
import { ARMED_AFTER_MS } from "./dialog.tsx";
import { FieldError } from "./field_error.ts";
import { Note } from "./note.tsx";

/** What is wrong with the form, and with which of its fields where that is known. */
interface Failure {
  text: string;
  field?: string | undefined;
}

const Failing = createContext<Signal<Failure | undefined> | undefined>(undefined);

/**
 * A form that says what went wrong at the field it is about, or else where its button is. One that can be left takes
 * nothing in its first moment, as any dialog that does something.
 */
export function Form({ children, action, onSubmit, onCancel, cancelFirst = false }: {
  children: ComponentChildren;
  action: string;
  onSubmit(form: FormData): Promise<void>;
  onCancel?: () => void;
  /** It could be sent as it opens, so that the focus is not where Enter sends it. */
  cancelFirst?: boolean;
}): JSX.Element {
  const failure = useSignal<Failure | undefined>(undefined);
  const busy = useSignal(false);
  const armed = useSignal(onCancel === undefined);
  useEffect(() => {
    const timer = setTimeout(() => armed.value = true, ARMED_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (!armed.value || busy.value) {
      return;
    }
    const element = event.currentTarget as HTMLFormElement;
    const form = new FormData(element);
    busy.value = true;
    failure.value = undefined;
    try {
      await onSubmit(form);
    } catch (e) {
      const field = fieldOf(e, element);
      failure.value = {
        text: field === undefined ? messageOf(e) : inItsWords(messageOf(e), field),
        field: field?.name,
      };
      if (field === undefined) {
        element.querySelector<HTMLInputElement>("[data-first]")?.select?.();
      } else {
        reveal(field);
        field.focus();
      }
    } finally {
      busy.value = false;
    }
  };
  return (
    <form
      class="form"
      onSubmit={submit}
      onInvalidCapture={(event: Event) => reveal(event.target as Element)}
      onInput={(event) => {
        if ((event.target as HTMLInputElement).name === failure.value?.field) {
          failure.value = undefined;
        }
      }}
    >
      <Failing.Provider value={failure}>{children}</Failing.Provider>
      {failure.value !== undefined && failure.value.field === undefined && <Note>{failure.value.text}</Note>}
      <div class="actions">
        {onCancel && <Button first={cancelFirst} onClick={onCancel}>Cancel</Button>}
        <Button kind="primary" type="submit" busy={busy.value} disabled={!armed.value}>{action}</Button>
      </div>
    </form>
  );
}

const NAMED = /\b(?:field|parameter) '([a-z_.]+)'/i;

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/** The gateway names a field as its frames do: `Field 'health.path' …`; the form has it as `health_path`. So in a query. */
function fieldOf(failure: unknown, form: HTMLFormElement): Control | undefined {
  const name = failure instanceof FieldError ? failure.field : NAMED.exec(messageOf(failure))?.[1];
  const found = name && form.querySelector<Control>(
    `[name="${name.replace(".", "_")}"], [name="${name.split(".")[0]}"]`,
  );
  return found || undefined;
}

/** The name that frames have for a field means nothing to who reads its label. */
function inItsWords(message: string, field: Control): string {
  const label = field.closest("label")?.querySelector("span")?.textContent ?? field.name;
  return message.replace(NAMED, `“${label}”`);
}

/** What is collapsed is opened: neither the browser nor its user sees a field in there. */
function reveal(field: Element): void {
  const folded = field.closest("details");
  if (folded !== null) {
    folded.open = true;
  }
}

/** A labelled field with a word of help below it, and what is wrong with it where something is. */
export function Field({ label, hint, children }: {
  label: string;
  hint?: ComponentChildren;
  children: ComponentChildren;
}): JSX.Element {
  const own = useRef<HTMLLabelElement>(null);
  const failure = useContext(Failing)?.value;
  const control = own.current?.querySelector<Control>("[name]");
  const wrong = failure?.field !== undefined && control?.name === failure.field ? failure.text : undefined;
  useEffect(() => {
    if (wrong === undefined) {
      control?.removeAttribute("aria-invalid");
    } else {
      control?.setAttribute("aria-invalid", "true");
    }
  }, [wrong]);
  return (
    <label class="field" ref={own}>
      <span>{label}</span>
      {children}
      {wrong !== undefined
        ? <small class="wrong" role="alert">{wrong}</small>
        : hint !== undefined && <small>{hint}</small>}
    </label>
  );
}
