import { timeOfDay } from "../../app/time.ts";
import { lastState, plain, stretches } from "./ansi.ts";
import { LogBuffer, type LogLine } from "./log_buffer.ts";

const CHUNK_LINES = 100;
const AT_END_PIXELS = 24;
/** A line longer than this is cut for show; the download has all of it. */
const MAX_LINE_CHARS = 8_000;

/**
 * The lines of a log in the document. They come by the thousand, so that they are put there by hand: in chunks the
 * browser lays out only when they are in sight, once a frame of the screen, all of it as text nodes.
 */
export class LogView {
  readonly buffer = new LogBuffer();
  #scheduled = 0;
  #box: HTMLElement | undefined;
  #list: HTMLElement | undefined;
  #ownScroll = -1;

  /** @param onChange hears whenever what the buffer says of itself may have changed */
  constructor(private readonly onChange: () => void) {}

  /** Takes the elements to fill: `box` scrolls, `list` is in it. */
  attach(box: HTMLElement, list: HTMLElement): () => void {
    this.#box = box;
    this.#list = list;
    const scrolled = () => this.#scrolled();
    box.addEventListener("scroll", scrolled, { passive: true });
    this.#schedule();
    return () => {
      box.removeEventListener("scroll", scrolled);
      cancelAnimationFrame(this.#scheduled);
      this.#scheduled = 0;
      this.#box = this.#list = undefined;
    };
  }

  add(lines: string[], at?: number): void {
    this.buffer.add(lines.map((text): LogLine => at === undefined ? { text } : { text, at }));
    this.#schedule();
  }

  /** Puts older lines above, and what one reads stays where it is; false where there is no room for all of them. */
  addOlder(lines: string[]): boolean {
    const box = this.#box;
    const list = this.#list;
    if (box === undefined || list === undefined) {
      return false;
    }
    const taken = this.buffer.takeOlder(lines.map((text) => ({ text })));
    const height = list.offsetHeight;
    for (let end = taken.length; end > 0; end -= CHUNK_LINES) {
      const chunk = newChunk();
      taken.slice(Math.max(0, end - CHUNK_LINES), end).forEach((line) => chunk.append(element(line)));
      list.prepend(chunk);
    }
    this.#scrollTo(box.scrollTop + list.offsetHeight - height);
    this.onChange();
    return taken.length === lines.length;
  }

  /** Something to say between lines, as where a file was rotated. */
  mark(text: string): void {
    this.flush();
    const note = document.createElement("div");
    note.className = "log-mark";
    note.textContent = text;
    this.#list?.append(note);
    this.#followEnd();
  }

  clear(): void {
    this.buffer.clear();
    this.#list?.replaceChildren();
    this.onChange();
  }

  jumpToLive(): void {
    this.buffer.resume();
    this.flush();
    this.#followEnd();
    this.onChange();
  }

  pause(): void {
    this.buffer.pause();
    this.onChange();
  }

  /** All that is shown, without its colours. */
  text(): string {
    const lines = this.#list?.querySelectorAll(".log-text") ?? [];
    return [...lines].map((line) => line.textContent).join("\n");
  }

  /** Shows at once what waits. */
  flush(): void {
    const list = this.#list;
    if (list === undefined) {
      return;
    }
    const { add, remove } = this.buffer.take();
    if (add.length > 0) {
      removeOldest(list, remove);
      append(list, add);
      this.#followEnd();
    }
    this.onChange();
  }

  #schedule(): void {
    if (this.#scheduled === 0 && this.#box !== undefined) {
      this.#scheduled = requestAnimationFrame(() => {
        this.#scheduled = 0;
        this.flush();
      });
    }
  }

  #followEnd(): void {
    const box = this.#box;
    if (box !== undefined && !this.buffer.paused) {
      this.#scrollTo(box.scrollHeight);
    }
  }

  #scrollTo(top: number): void {
    const box = this.#box!;
    box.scrollTop = top;
    this.#ownScroll = box.scrollTop;
  }

  /** Whoever scrolls up wants to read: nothing moves any more until they are back at the end. */
  #scrolled(): void {
    const box = this.#box!;
    if (box.scrollTop === this.#ownScroll) {
      return;
    }
    const up = box.scrollTop < this.#ownScroll;
    this.#ownScroll = box.scrollTop;
    const atEnd = box.scrollHeight - box.clientHeight - box.scrollTop < AT_END_PIXELS;
    if (this.buffer.paused && atEnd && !up) {
      this.jumpToLive();
    } else if (!this.buffer.paused && !atEnd && up) {
      this.pause();
    }
  }
}

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

function newChunk(): HTMLElement {
  const chunk = document.createElement("div");
  chunk.className = "log-chunk";
  return chunk;
}

function append(list: HTMLElement, lines: LogLine[]): void {
  let chunk = list.lastElementChild as HTMLElement | null;
  let fragment = document.createDocumentFragment();
  for (const line of lines) {
    if (
      chunk === null || !chunk.classList.contains("log-chunk") ||
      chunk.childElementCount + fragment.childElementCount >= CHUNK_LINES
    ) {
      chunk?.append(fragment);
      fragment = document.createDocumentFragment();
      chunk = newChunk();
      list.append(chunk);
    }
    fragment.append(element(line));
  }
  chunk?.append(fragment);
}

function removeOldest(list: HTMLElement, count: number): void {
  let left = count;
  while (left > 0 && list.firstElementChild !== null) {
    const chunk = list.firstElementChild;
    if (!chunk.classList.contains("log-chunk")) {
      chunk.remove();
    } else if (chunk.childElementCount <= left) {
      left -= chunk.childElementCount;
      chunk.remove();
    } else {
      for (; left > 0; left--) {
        chunk.firstElementChild?.remove();
      }
    }
  }
}

function element(line: LogLine): HTMLElement {
  const row = document.createElement("div");
  row.className = "log-line";
  const time = document.createElement("time");
  if (line.at !== undefined) {
    time.textContent = clockTime(line.at);
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
