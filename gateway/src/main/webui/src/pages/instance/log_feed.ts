import { type Signal, signal } from "@preact/signals";
import type { LogsFrameUnion } from "wire";
import { get, path, query } from "../../app/api.ts";
import type { LogPage } from "../../app/rest.ts";
import { live, POLL } from "../../app/streams.ts";
import type { Live } from "../../stream/live.ts";
import { CameFrames } from "./came_frames.ts";
import { type LogLine, timed } from "./log_buffer.ts";
import type { LogView } from "./log_view.ts";
import { freshFrom } from "./overlap.ts";

/** The most the gateway gives at once. */
const PAGE_LINES = 1_000;
/** Lines of a page that is read back: some heights of a screen. */
const OLDER_LINES = 250;
const TAIL_LINES = 200;
/** In place of lines that were read before and cannot be again. */
export const GONE: LogLine = { text: "(these lines are no longer kept)" };
/** Far below what the gateway puts into one answer. */
const SURELY_ALL_CHARS = 100_000;

/** Which lines of a log are wanted: all, where there is no text. */
export interface LogFilter {
  text: string;
  regex: boolean;
  caseSensitive: boolean;
}

export function parameters({ text, regex, caseSensitive }: LogFilter): Record<string, string> {
  return text === ""
    ? {}
    : { grep: text, grep_mode: regex ? "regex" : "", case: caseSensitive ? "sensitive" : "" };
}

/**
 * Feeds the lines of one log, filtered by the gateway where a filter is given, to a view: by stream, by polling while that
 * is away, and backwards from above. What two of these tell is shown once.
 */
export class LogFeed {
  readonly stream: Live<LogsFrameUnion>;
  /** Before which line nothing is kept, as of `LogBuffer.first`, and what begins there. */
  readonly whole: Signal<{ first: number; begins: LogPage["begins"] } | undefined> = signal(undefined);
  /** What begins with the oldest line that was read back. */
  readonly begins: Signal<LogPage["begins"]> = signal(undefined);
  #tail: string[] = [];
  /** Where the pages begin that were read back. */
  readonly #starts = new WeakMap<Element, string>();
  readonly #came = new CameFrames();
  /** Where the oldest page that was read back begins, and how many lines before that are shown already. */
  #olderThan: { before: string; skip: number } | undefined;
  #reading = false;
  /** Lines that polling told already and the stream, resumed, is about to tell again. */
  #skip = 0;

  constructor(
    private readonly name: string,
    private readonly filter: LogFilter,
    private readonly view: LogView,
  ) {
    this.stream = live<LogsFrameUnion>({
      path: path("instances", name, "logs").replace("/api", "/ws") +
        query({ backlog: PAGE_LINES, ...parameters(filter) }),
      onFrame: (frame) => this.#apply(frame),
      poll: { everyMillis: POLL.logs, run: () => this.#poll() },
    });
  }

  /** Reads the page above what is shown, unless it is being read. Whatever is filtered out is passed over. */
  async older(): Promise<void> {
    if (this.#reading || (this.begins.value !== undefined && this.view.older > 0)) {
      return;
    }
    this.#reading = true;
    try {
      this.begins.value = undefined;
      if (this.view.older === 0) {
        this.#olderThan = undefined;
      }
      let at = this.#olderThan ?? this.#came.around(this.view.buffer.first);
      while (at !== undefined) {
        const { before, skip } = at;
        const page = await this.#page(OLDER_LINES, before);
        const lines = timed(page).slice(0, Math.max(0, page.count - skip));
        at = this.#olderThan = { before: page.cursor, skip: Math.max(0, skip - page.count) };
        if (lines.length > 0) {
          const shown = this.view.addOlder(lines, () => this.#again(before, lines.length, page.cursor));
          shown && this.#starts.set(shown, page.cursor);
        }
        this.begins.value = page.begins;
        if (this.view.older === 0 && page.begins !== undefined) {
          this.whole.value = { first: this.view.buffer.first, begins: page.begins };
        }
        if (lines.length > 0 || page.begins !== undefined) {
          return;
        }
      }
    } finally {
      this.#reading = false;
    }
  }

  /** The cursor of the line that a row shows: what a link to it has. Missing where the row is of none. */
  async cursorOf(row: Element): Promise<string | undefined> {
    const place = this.view.placeOf(row);
    if (place === undefined) {
      return undefined;
    }
    if ("came" in place) {
      const at = this.#came.around(place.came);
      return at && (await this.#page(Math.min(PAGE_LINES, at.skip), at.before)).cursor;
    }
    const after = this.#starts.get(place.page);
    const to = after && await get<LogPage>(
      path("instances", this.name, "logs") +
        query({ lines: place.index + 1, after, ...parameters(this.filter) }),
    );
    return to && (await this.#page(1, to.end)).cursor;
  }

  /** Lines that were read before; or what became of them. */
  async #again(before: string, count: number, start: string): Promise<LogLine[]> {
    const page = await this.#page(OLDER_LINES, before);
    return page.cursor === start ? timed(page).slice(0, count) : [GONE];
  }

  #page(lines: number, before?: string): Promise<LogPage> {
    return get<LogPage>(
      path("instances", this.name, "logs") + query({ lines, before, ...parameters(this.filter) }),
    );
  }

  /** Whether what the stream began with is all there is. */
  async #look(count: number, end: string): Promise<void> {
    const page = await this.#page(Math.min(PAGE_LINES, count + 1), end);
    if (page.count === count) {
      this.whole.value = { first: 0, begins: page.begins };
    }
  }

  #apply(frame: LogsFrameUnion): void {
    switch (frame.type) {
      case "backlog":
        this.#skip = 0;
        this.#join(frame, frame.cursor);
        if (isWhole(frame.lines)) {
          this.#look(frame.count, frame.cursor).catch(() => {}); // then one may ask for older lines
        }
        break;
      case "lines": {
        const told = Math.min(this.#skip, frame.lines.length);
        this.#skip -= told;
        this.#show(timed(frame).slice(told), frame.cursor);
        break;
      }
      case "rotated":
        this.view.mark("The file was rotated");
        break;
      case "skipped":
        this.view.mark(`${frame.bytes.toLocaleString()} bytes were dropped before they could be shown`);
        break;
      case "ended":
        this.view.mark(`The log has ended: ${frame.reason}`);
        break;
    }
  }

  async #poll(): Promise<void> {
    const page = await this.#page(PAGE_LINES);
    this.#skip += this.#join(page, page.end);
  }

  /** Goes on with a page that may overlap what is shown; returns how many lines were new. */
  #join(told: Pick<LogPage, "lines" | "times">, end: string): number {
    const from = freshFrom(this.#tail, told.lines);
    if (from < 0) {
      this.view.mark("Lines may be missing here");
    }
    const fresh = timed(told).slice(Math.max(0, from));
    this.#show(fresh, end);
    return fresh.length;
  }

  #show(lines: LogLine[], end: string): void {
    if (lines.length === 0) {
      return;
    }
    this.#came.forget(this.view.buffer.first);
    this.#came.add(lines.length, end);
    this.#tail = [...this.#tail, ...lines.map((line) => line.text)].slice(-TAIL_LINES);
    this.view.add(lines);
  }
}

/** Whether the gateway had no more than these: it gives as many as there are, up to a bound of lines and of bytes. */
function isWhole(lines: string[]): boolean {
  return lines.length < PAGE_LINES && lines.reduce((sum, line) => sum + line.length, 0) < SURELY_ALL_CHARS;
}
