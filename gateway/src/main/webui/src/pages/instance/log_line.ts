import { timeOfDay } from "../../app/time.ts";
import { lastState, plain, stretches } from "./ansi.ts";
import type { LogLine } from "./log_buffer.ts";

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
  const text = document.createElement("span");
  text.className = "log-text";
  const whole = lastState(line.text);
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
  row.append(text);
  if (cut) {
    const more = document.createElement("span");
    more.className = "log-more";
    more.textContent = ` … ${plain(whole).length - MAX_LINE_CHARS} more characters; the download has them`;
    row.append(more);
  }
  return row;
}
