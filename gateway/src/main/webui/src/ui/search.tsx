import type { JSX } from "preact";
import { Icon } from "./icons.tsx";

/** The page's search; `/` puts the cursor into it, Escape empties and leaves it. */
export function Search({ value, onChange, onEnter, label, placeholder }: {
  value: string;
  onChange(text: string): void;
  /** Enter, or with Shift the other way. */
  onEnter?(back: boolean): void;
  label: string;
  placeholder?: string;
}): JSX.Element {
  return (
    <label class="search">
      <Icon name="search" size={14} />
      <input
        type="search"
        data-search
        aria-label={label}
        placeholder={placeholder ?? label}
        value={value}
        autocomplete="off"
        spellcheck={false}
        onInput={(event) => onChange(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") {
            onChange("");
            event.currentTarget.blur();
          } else if (event.key === "Enter" && onEnter !== undefined) {
            event.preventDefault();
            onEnter(event.shiftKey);
          }
        }}
      />
      <kbd aria-hidden="true">/</kbd>
    </label>
  );
}

/** A row of choices of which one holds. */
export function Choices<T extends string>({ label, value, choices, onChange }: {
  label: string;
  value: T;
  choices: readonly { value: T; text: string; count?: number }[];
  onChange(value: T): void;
}): JSX.Element {
  return (
    <div class="choices" role="group" aria-label={label}>
      {choices.map((choice) => (
        <button
          key={choice.value}
          type="button"
          aria-pressed={choice.value === value}
          onClick={() => onChange(choice.value)}
        >
          {choice.text}
          {choice.count !== undefined && <span class="count">{choice.count}</span>}
        </button>
      ))}
    </div>
  );
}
