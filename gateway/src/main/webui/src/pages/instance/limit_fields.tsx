import type { JSX } from "preact";
import type { InstanceDetails } from "../../app/rest.ts";
import { Field } from "../../ui/form.tsx";

/** What an instance may use at most, in words. */
export function limitWords({ memory_max, cpu_max }: InstanceDetails): string {
  const words = [
    memory_max === undefined ? "" : `${memory_max} of memory`,
    cpu_max === undefined ? "" : `${cpu_max} ${cpu_max === 1 ? "core" : "cores"}`,
  ].filter((one) => one !== "");
  return words.length === 0 ? "none" : words.join(", ");
}

/** What was filled into the fields below; empty and 0 for no limit. */
export function limitsOf(form: FormData): { memory_max: string; cpu_max: number } {
  const text = (name: string) => String(form.get(name) ?? "").trim();
  return { memory_max: text("memory_max"), cpu_max: Number(text("cpu_max")) };
}

/** What an instance may use at most. */
export function LimitFields(
  { memoryMax = "", cpuMax }: { memoryMax?: string; cpuMax?: number },
): JSX.Element {
  return (
    <div class="field-row">
      <Field label="Memory at most" hint="Such as 512MiB; no limit where it is empty">
        <input
          name="memory_max"
          pattern="[0-9]+(B|KiB|MiB|GiB)?"
          autocomplete="off"
          spellcheck={false}
          defaultValue={memoryMax}
        />
      </Field>
      <Field label="Cores at most" hint="Such as 0.5; no limit where it is empty">
        <input
          name="cpu_max"
          type="number"
          min="0"
          max="1000"
          step="0.01"
          defaultValue={cpuMax === undefined ? "" : String(cpuMax)}
        />
      </Field>
    </div>
  );
}
