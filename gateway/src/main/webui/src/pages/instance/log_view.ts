import { effect } from "@preact/signals";
import { LogBuffer, type LogLine } from "./log_buffer.ts";
import { LogHistory } from "./log_history.ts";
import { element } from "./log_line.ts";
import { pretty, wrap } from "./log_look.tsx";

const CHUNK_LINES = 100;
const AT_END_PIXELS = 24;
/** So near the top, older lines are wanted before one is there. */
const NEAR_TOP_PIXELS = 600;

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
  #history: LogHistory | undefined;

  /**
   * @param onChange hears whenever what the buffer says of itself may have changed
   * @param onTop hears when one who reads back comes near the oldest line there is
   */
  constructor(private readonly onChange: () => void, private readonly onTop: () => void = () => {}) {}

  /** Takes the elements to fill: `box` scrolls, `list` is in it. */
  attach(box: HTMLElement, list: HTMLElement): () => void {
    this.#box = box;
    this.#list = list;
    const scrolled = () => this.#scrolled();
    box.addEventListener("scroll", scrolled, { passive: true });
    this.#schedule();
    // Lines that become higher would push the end out of sight.
    const heights = effect(() => {
      void wrap.value;
      void pretty.value;
      requestAnimationFrame(() => this.#followEnd());
    });
    return () => {
      heights();
      this.#endHistory();
      box.removeEventListener("scroll", scrolled);
      cancelAnimationFrame(this.#scheduled);
      this.#scheduled = 0;
      this.#box = this.#list = undefined;
    };
  }

  add(lines: LogLine[]): void {
    this.buffer.add(lines);
    this.#schedule();
  }

  /**
   * Puts older lines above, and what one reads stays where it is. Of as many as one likes, those in sight are held.
   *
   * @param again fetches them once more
   */
  addOlder(lines: LogLine[], again: () => Promise<LogLine[]>): Element | undefined {
    if (this.#box !== undefined && this.#list !== undefined) {
      this.#history ??= new LogHistory(this.#box, this.#list);
      const page = this.#history.add(lines, again);
      this.#ownScroll = this.#box.scrollTop;
      this.onChange();
      return page;
    }
    return undefined;
  }

  /** How many lines stand above those that are followed, read back. */
  get older(): number {
    return this.#history?.lines ?? 0;
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
    this.#endHistory();
    this.buffer.clear();
    this.#list?.replaceChildren();
    this.onChange();
  }

  jumpToLive(): void {
    this.#endHistory();
    this.buffer.resume();
    this.flush();
    this.#followEnd();
    this.onChange();
  }

  pause(): void {
    this.buffer.pause();
    this.onChange();
  }

  /** Which line a row is of: of those that are followed, how many came before it; of a page read back, its place in it. */
  placeOf(row: Element): { came: number } | { page: Element; index: number } | undefined {
    const parent = row.parentElement;
    if (parent === null || this.#list === undefined) {
      return undefined;
    }
    const index = [...parent.children].indexOf(row);
    if (parent.classList.contains("log-page")) {
      return { page: parent, index };
    }
    let before = this.buffer.first + index;
    for (let chunk = parent.previousElementSibling; chunk !== null; chunk = chunk.previousElementSibling) {
      before += chunk.classList.contains("log-chunk")
        ? (this.#history?.parked(chunk) ?? chunk).childElementCount
        : 0;
    }
    return { came: before };
  }

  /** All that is shown, without its colours; among those of other logs, each line behind its name. */
  text(): string {
    return this.#lines().map((line) => {
      const name = line.parentElement?.querySelector(".log-name")?.textContent;
      return name === undefined ? line.textContent : `${name} ${line.textContent}`;
    }).join("\n");
  }

  #lines(): Element[] {
    const chunks = [...this.#list?.querySelectorAll(".log-chunk, .log-page") ?? []];
    return chunks.flatMap((
      chunk,
    ) => [...(this.#history?.parked(chunk) ?? chunk).querySelectorAll(".log-text")]);
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

  /** What was read back would not follow on to what comes now. */
  #endHistory(): void {
    this.#history?.end();
    this.#history = undefined;
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
    if (this.#history !== undefined && box.scrollTop < NEAR_TOP_PIXELS) {
      this.onTop();
    }
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
