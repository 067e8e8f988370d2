import type { JSX } from "preact";
import type { InstanceDetails } from "../../app/rest.ts";
import { Field } from "../../ui/form.tsx";

type LogMode = InstanceDetails["log"];

export function logWords(log: LogMode): string {
  return log === "pipe" ? "through a pipe, which slows a flood" : "a file it writes itself";
}

/** How what an instance writes gets into its log. */
export function LogField({ log = "file" }: { log?: LogMode }): JSX.Element {
  return (
    <Field
      label="Log"
      hint="With a file a gateway that dies loses no line; with a pipe a flood loses none"
    >
      <select name="log" defaultValue={log}>
        {(["file", "pipe"] as const).map((one) => (
          <option key={one} value={one} selected={one === log}>{logWords(one)}</option>
        ))}
      </select>
    </Field>
  );
}
