import type { ComponentChildren, JSX } from "preact";

/** What a state means to whoever looks: nothing, good, on its way, worrying, bad. */
export type Tone = "quiet" | "good" | "busy" | "warn" | "bad";

/** A state in a word, with a dot in its colour; the word alone says it as well. */
export function Pill({ tone, children, title }: {
  tone: Tone;
  children: ComponentChildren;
  title?: string | undefined;
}): JSX.Element {
  return <span class={`pill ${tone}`} title={title}>{children}</span>;
}
