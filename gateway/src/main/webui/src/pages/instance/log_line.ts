import { effect } from "@preact/signals";
import { withBase } from "../../app/base.ts";
import { timeOfDay } from "../../app/time.ts";
import { lastState, plain, stretches } from "./ansi.ts";
import { laidOut } from "./json_layout.ts";
import type { LogLine } from "./log_buffer.ts";
import { pretty } from "./log_look.tsx";

/** A line longer than this is cut for show; the download has all of it. */
const MAX_LINE_CHARS = 8_000;

let formattedAt = 0;
let formatted = "";

/** Lines come many at a time, and a time is dear to write. */
function clockTime(at: number): string {
  if (at !== formattedAt) {
    formattedAt = at;
    formatted = timeOfDay(new Date(at).toISOString());
  }
  return formatted;
}

/** A line in the document: all of it as text nodes. */
export function element(line: LogLine): HTMLElement {
  const row = document.createElement("div");
  row.className = line.target === true ? "log-line log-target" : "log-line";
  const time = document.createElement("time");
  if (line.at !== undefined) {
    time.textContent = clockTime(line.at);
    time.dateTime = new Date(line.at).toISOString();
  }
  row.append(time);
  if (line.name !== undefined) {
    row.append(nameOf(line.name));
  }
  row.append(...lineText(line.text));
  return row;
}

const TONES = ["blue", "green", "magenta", "cyan", "yellow"];

/** Whose line it is, in a colour of its own as far as there are enough; a click leads to its log. */
function nameOf(name: string): HTMLElement {
  const link = document.createElement("a");
  const tone = [...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) >>> 0, 0) % TONES.length;
  link.className = `log-name a-${TONES[tone]}`;
  link.href = withBase(`/instances/${encodeURIComponent(name)}`);
  link.tabIndex = -1;
  link.textContent = name;
  return link;
}

/** Looked at closer only where it is to be laid out. */
const JSON_LIKE = /^\s*\{.*\}\s*$/;

/** What the lines were that may be JSON, to show them the other way. */
const objects = new WeakMap<Element, string>();

/** Shows the lines in `root` anew that may be JSON, as they are to be shown now. */
export function layOut(root: ParentNode): void {
  for (const text of root.querySelectorAll(".log-text")) {
    const raw = objects.get(text);
    if (raw !== undefined && text.classList.contains("log-json") !== pretty.peek()) {
      const more = text.nextElementSibling;
      more?.classList.contains("log-more") && more.remove();
      text.replaceWith(...lineText(raw));
    }
  }
}

if (typeof document !== "undefined") {
  effect(() => {
    void pretty.value;
    layOut(document);
  });
}

/** What a line says, with its colours, and behind it how much more it says where it is too long to be shown. */
export function lineText(raw: string): HTMLElement[] {
  const text = document.createElement("span");
  text.className = "log-text";
  const whole = lastState(raw);
  if (JSON_LIKE.test(whole)) {
    objects.set(text, raw);
    const laid = pretty.peek() ? laidOut(plain(whole)) : undefined;
    if (laid !== undefined) {
      text.classList.add("log-json");
      text.textContent = laid;
      return [text];
    }
  }
  const cut = whole.length > MAX_LINE_CHARS;
  for (const stretch of stretches(cut ? whole.slice(0, MAX_LINE_CHARS) : whole)) {
    const { classes, color, background } = stretch.look;
    if (classes === "" && color === undefined && background === undefined) {
      text.append(stretch.text);
      continue;
    }
    const part = document.createElement("span");
    part.className = classes;
    part.textContent = stretch.text;
    if (color !== undefined) {
      part.style.color = color;
    }
    if (background !== undefined) {
      part.style.backgroundColor = background;
    }
    text.append(part);
  }
  if (!cut) {
    return [text];
  }
  const more = document.createElement("span");
  more.className = "log-more";
  more.textContent = ` … ${plain(whole).length - MAX_LINE_CHARS} more characters; the download has them`;
  return [text, more];
}
