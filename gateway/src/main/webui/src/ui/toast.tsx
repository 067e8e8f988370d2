import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { Note } from "./note.tsx";

const LASTING_MILLIS = 8_000;

interface Toast {
  id: number;
  text: string;
  tone: "bad" | "quiet";
}

const toasts = signal<Toast[]>([]);
let last = 0;

/** Says something for which the page has no better place. Failures stay until they are dismissed. */
export function toast(text: string, tone: "bad" | "quiet" = "quiet"): void {
  const id = ++last;
  toasts.value = [...toasts.value.slice(-3), { id, text, tone }];
  if (tone === "quiet") {
    setTimeout(() => dismiss(id), LASTING_MILLIS);
  }
}

function dismiss(id: number): void {
  toasts.value = toasts.value.filter((one) => one.id !== id);
}

/** Where they appear; once on the page. */
export function Toasts(): JSX.Element {
  return (
    <div class="toasts">
      {toasts.value.map((one) => (
        <Note key={one.id} tone={one.tone} onDismiss={() => dismiss(one.id)}>{one.text}</Note>
      ))}
    </div>
  );
}
