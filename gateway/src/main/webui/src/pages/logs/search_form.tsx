import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { place } from "../../app/router.ts";
import { Field, Form } from "../../ui/form.tsx";

const LEVELS = ["trace", "debug", "info", "warn", "error", "fatal"] as const;

/** What is searched for, as the address has it. */
export function SearchForm({ search, begin }: {
  search(form: FormData): Promise<void>;
  /** Searches at once for what the address asks for. */
  begin: boolean;
}): JSX.Element {
  const own = useRef<HTMLDivElement>(null);
  const value = (name: string) => place.peek().query.get(name) ?? "";
  useEffect(() => {
    begin && own.current!.querySelector("form")!.requestSubmit();
  }, []);
  const text = (name: string, placeholder: string, mono = true) => (
    <input
      name={name}
      class={mono ? "mono" : ""}
      placeholder={placeholder}
      defaultValue={value(name)}
      autocomplete="off"
      spellcheck={false}
    />
  );
  const check = (name: string, on: string, label: string) => (
    <label class="check">
      <input type="checkbox" name={name} value={on} defaultChecked={value(name) === on} />
      <span>{label}</span>
    </label>
  );
  return (
    <div class="log-search" role="search" ref={own}>
      <Form action="Search" onSubmit={search}>
        <Field label="Text">
          <input
            name="q"
            type="search"
            data-search
            data-first
            maxLength={200}
            placeholder="Any line that contains…"
            defaultValue={value("q")}
            autocomplete="off"
            spellcheck={false}
          />
        </Field>
        <Field label="Level">
          <select name="level">
            <option value="">any</option>
            {LEVELS.map((level) => (
              <option key={level} value={level} selected={value("level") === level}>
                {level === "fatal" ? level : `${level} or worse`}
              </option>
            ))}
          </select>
        </Field>
        <Field label="Since">{text("since", "15m, 10:30…")}</Field>
        <Field label="Until">{text("until", "10:45, 2026-02-20…")}</Field>
        <Field label="Instances">{text("instances", "all, or a, b…")}</Field>
        <Field label="Labels">{text("l", "team=a, !web")}</Field>
        <div class="checks">
          {check("case", "sensitive", "Match case")}
          {check("grep_mode", "regex", "Regular expression")}
        </div>
      </Form>
    </div>
  );
}
