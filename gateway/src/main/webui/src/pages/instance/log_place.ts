import { type Signal, signal } from "@preact/signals";
import { get, path, query } from "../../app/api.ts";
import type { LogPage } from "../../app/rest.ts";
import { type LogLine, timed } from "./log_buffer.ts";
import { GONE, type LogFilter, parameters } from "./log_feed.ts";
import { LogHistory } from "./log_history.ts";

const PAGE_LINES = 250;
const NEAR_PIXELS = 600;

/** Where to read: from the line a link is about, or from a moment on. */
export type From = { after: string } | { at: string };

/** Reads a log around one place, pages before and after it as one scrolls there. Nothing is followed. */
export class LogPlace {
  /** What begins with the oldest line shown. */
  readonly begins: Signal<LogPage["begins"]> = signal(undefined);
  /** How it stands: the place was found, is no longer kept, or nothing has been written since. */
  readonly found: Signal<"looking" | "found" | "gone" | "later"> = signal("looking");
  #start = "";
  #end = "";
  #reading = false;
  #history: LogHistory | undefined;

  constructor(
    private readonly name: string,
    private readonly from: From,
    private readonly filter: LogFilter,
  ) {}

  /** Fills `list`, which is in `box`; the place is at the top of what is in sight, with some lines above it. */
  async open(box: HTMLElement, list: HTMLElement): Promise<() => void> {
    const history = this.#history = new LogHistory(box, list);
    const scrolled = () => void this.#scrolled(box).catch(() => {}); // the next scroll tries again
    box.addEventListener("scroll", scrolled, { passive: true });
    const page = await this.#page(this.from);
    this.#start = page.cursor;
    this.#end = page.end;
    const gone = "after" in this.from && page.cursor !== this.from.after;
    this.found.value = gone ? "gone" : page.count === 0 ? "later" : "found";
    const lines = timed(page);
    if (lines[0] !== undefined && !gone) {
      lines[0].target = true;
    }
    this.begins.value = page.begins;
    this.#add(lines, page.cursor, (told, again) => history.append(told, again));
    await this.older();
    box.querySelector(".log-target")?.scrollIntoView({ block: "center" });
    return () => {
      box.removeEventListener("scroll", scrolled);
      history.end();
    };
  }

  /** The page above, unless that is the oldest there is. */
  async older(): Promise<void> {
    if (this.begins.value === undefined) {
      await this.#alone(async (history) => {
        const page = await this.#page({ before: this.#start });
        this.#start = page.cursor;
        this.begins.value = page.begins;
        this.#add(timed(page), page.cursor, (told, again) => history.add(told, again));
      });
    }
  }

  /** The page below, as far as anything has been written. */
  async newer(): Promise<void> {
    await this.#alone(async (history) => {
      const page = await this.#page({ after: this.#end });
      this.#end = page.end;
      this.#add(timed(page), page.cursor, (told, again) => history.append(told, again));
    });
  }

  #add(
    lines: LogLine[],
    start: string,
    put: (lines: LogLine[], again: () => Promise<LogLine[]>) => Element,
  ): void {
    if (lines.length > 0) {
      put(lines, async () => {
        const page = await this.#page({ after: start }, lines.length);
        return page.cursor === start
          ? timed(page).map((line, i) => lines[i]?.target === true ? { ...line, target: true } : line)
          : [GONE];
      });
    }
  }

  async #alone(read: (history: LogHistory) => Promise<void>): Promise<void> {
    if (!this.#reading && this.#history !== undefined) {
      this.#reading = true;
      try {
        await read(this.#history);
      } finally {
        this.#reading = false;
      }
    }
  }

  async #scrolled(box: HTMLElement): Promise<void> {
    if (box.scrollTop < NEAR_PIXELS) {
      await this.older();
    }
    if (box.scrollHeight - box.clientHeight - box.scrollTop < NEAR_PIXELS) {
      await this.newer();
    }
  }

  #page(from: From | { before: string }, lines = PAGE_LINES): Promise<LogPage> {
    return get<LogPage>(
      path("instances", this.name, "logs") + query({ lines, ...from, ...parameters(this.filter) }),
    );
  }
}
