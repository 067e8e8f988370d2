import type { JSX } from "preact";
import { Field } from "../../ui/form.tsx";

/** The account that an instance runs as. */
export function AccountField({ user = "" }: { user?: string }): JSX.Element {
  return (
    <Field
      label="Runs as"
      hint="An account of the gateway's machine; the one of its settings where it is empty"
    >
      <input
        name="user"
        class="mono"
        pattern="[A-Za-z_][A-Za-z0-9_.\-]{0,31}"
        autocomplete="off"
        spellcheck={false}
        defaultValue={user}
      />
    </Field>
  );
}
