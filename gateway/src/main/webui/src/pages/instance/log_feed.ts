import { type Signal, signal } from "@preact/signals";
import type { LogsFrameUnion } from "wire";
import { get, path, query } from "../../app/api.ts";
import type { LogPage } from "../../app/rest.ts";
import { live, POLL } from "../../app/streams.ts";
import type { Live } from "../../stream/live.ts";
import type { LogView } from "./log_view.ts";
import { freshFrom } from "./overlap.ts";

/** The most the gateway gives at once. */
const PAGE_LINES = 1_000;
const TAIL_LINES = 200;
/** Far below what the gateway puts into one answer. */
const SURELY_ALL_CHARS = 100_000;

/**
 * Feeds the lines of one log, filtered by the gateway where `grep` is given, to a view: by stream, by polling while that
 * is away, and backwards from above. What two of these tell is shown once.
 */
export class LogFeed {
  readonly stream: Live<LogsFrameUnion>;
  /** Whether the stream began with all there was, so that nothing is above it. */
  readonly whole: Signal<boolean> = signal(false);
  #tail: string[] = [];
  #head: string[] = [];
  #olderThan: string | undefined;
  /** Lines that polling told already and the stream, resumed, is about to tell again. */
  #skip = 0;

  constructor(
    private readonly name: string,
    private readonly grep: string,
    private readonly view: LogView,
  ) {
    const filter = grep === "" ? "" : `&grep=${encodeURIComponent(grep)}`;
    this.stream = live<LogsFrameUnion>({
      path: `/ws/instances/${encodeURIComponent(name)}/logs?backlog=${PAGE_LINES}${filter}`,
      onFrame: (frame) => this.#apply(frame),
      poll: { everyMillis: POLL.logs, run: () => this.#poll() },
    });
  }

  /** Fetches the page above what is shown; false where nothing is above, or no room for it. */
  async older(): Promise<boolean> {
    const page = await this.#page(this.#olderThan);
    let lines = page.lines;
    if (this.#olderThan === undefined) {
      const at = this.#startOfShown(lines);
      lines = lines.slice(0, at);
    }
    this.#olderThan = page.cursor;
    const whole = this.view.addOlder(lines);
    return whole && page.count === PAGE_LINES;
  }

  #page(before?: string): Promise<LogPage> {
    return get<LogPage>(
      path("instances", this.name, "logs") + query({ lines: PAGE_LINES, before, grep: this.grep }),
    );
  }

  /** Where in the newest page the first line shown is; its end, where it is no longer in it. */
  #startOfShown(lines: string[]): number {
    for (let at = 0; at <= lines.length - this.#head.length; at++) {
      if (this.#head.every((line, i) => lines[at + i] === line)) {
        return at;
      }
    }
    return 0;
  }

  #apply(frame: LogsFrameUnion): void {
    switch (frame.type) {
      case "backlog":
        this.#skip = 0;
        this.whole.value = this.grep === "" && isWhole(frame.lines);
        this.#join(frame.lines);
        break;
      case "lines": {
        const told = Math.min(this.#skip, frame.lines.length);
        this.#skip -= told;
        this.#show(frame.lines.slice(told), Date.now());
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
    const page = await this.#page();
    this.#skip += this.#join(page.lines, Date.now());
  }

  /** Goes on with a page that may overlap what is shown; returns how many lines were new. */
  #join(lines: string[], at?: number): number {
    const from = freshFrom(this.#tail, lines);
    if (from < 0) {
      this.view.mark("Lines may be missing here");
    }
    const fresh = from < 0 ? lines : lines.slice(from);
    this.#show(fresh, this.#tail.length === 0 ? undefined : at);
    return fresh.length;
  }

  #show(lines: string[], at?: number): void {
    if (lines.length === 0) {
      return;
    }
    if (this.#head.length === 0) {
      this.#head = lines.slice(0, 20);
    }
    this.#tail = [...this.#tail, ...lines].slice(-TAIL_LINES);
    this.view.add(lines, at);
  }
}

/** Whether the gateway had no more than these: it gives as many as there are, up to a bound of lines and of bytes. */
function isWhole(lines: string[]): boolean {
  return lines.length < PAGE_LINES && lines.reduce((sum, line) => sum + line.length, 0) < SURELY_ALL_CHARS;
}
