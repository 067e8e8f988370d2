import type { JSX } from "preact";
import type { Dependency, InstanceDetails, ReadyWhen } from "../../app/rest.ts";
import { FieldError } from "../../ui/field_error.ts";
import { Field } from "../../ui/form.tsx";

const CONDITIONS = ["started", "healthy", "completed"] as const;

/** `db, migrate:completed`, as people write it. */
export function joinDependencies(on: Dependency[]): string {
  return on.map(({ name, condition }) => condition === "started" ? name : `${name}:${condition}`).join(", ");
}

/** Throws what is wrong with it, in the words of its field. */
export function splitDependencies(text: string): Dependency[] {
  return text.split(/[\s,]+/).filter((one) => one !== "").map((one) => {
    const [name, wanted, more] = one.split(":");
    const condition = CONDITIONS.find((known) => known === (wanted ?? "started"));
    if (name === undefined || name === "" || condition === undefined || more !== undefined) {
      throw new FieldError("depends_on", `“${one}” is none of NAME, NAME:healthy, NAME:completed`);
    }
    return { name, condition };
  });
}

/** What shows that it is ready, in a word. */
export function readyWords({ log, port, http }: ReadyWhen): string {
  return log !== undefined
    ? `its log says “${log}”`
    : port !== undefined
    ? `port ${port} takes connections`
    : `GET ${http} is answered`;
}

/** What was chosen in the fields below; empty where it is ready as soon as it runs. */
export function readyOf(form: FormData): ReadyWhen {
  const what = String(form.get("ready_what") ?? "");
  const value = String(form.get("ready_when") ?? "").trim();
  if (what === "") {
    return {};
  }
  if (value === "") {
    throw new FieldError("ready_when", "Say what shows that it is ready: a text, a port or a path");
  }
  return what === "port" ? { port: Number(value) } : { [what]: value };
}

/** In which order it starts. */
export function OrderFields({ dependsOn = [], readyWhen }: {
  dependsOn?: InstanceDetails["depends_on"];
  readyWhen?: ReadyWhen;
}): JSX.Element {
  const what = readyWhen?.log !== undefined
    ? "log"
    : readyWhen?.port !== undefined
    ? "port"
    : readyWhen?.http !== undefined
    ? "http"
    : "";
  const value = readyWhen?.log ?? readyWhen?.http ??
    (readyWhen?.port === undefined ? "" : String(readyWhen.port));
  return (
    <>
      <Field label="Waits for" hint="Other instances, such as db, migrate:completed, api:healthy">
        <input
          name="depends_on"
          class="mono"
          autocomplete="off"
          spellcheck={false}
          defaultValue={joinDependencies(dependsOn)}
        />
      </Field>
      <div class="field-row">
        <Field label="Is ready">
          <select name="ready_what" defaultValue={what}>
            {([["", "as soon as it runs"], ["log", "when its log says"], [
              "port",
              "when this port takes connections",
            ], [
              "http",
              "when a GET on its port is answered",
            ]] as const).map(([one, words]) => (
              <option key={one} value={one} selected={one === what}>{words}</option>
            ))}
          </select>
        </Field>
        <Field label="Text, port or path">
          <input name="ready_when" class="mono" autocomplete="off" spellcheck={false} defaultValue={value} />
        </Field>
      </div>
    </>
  );
}
