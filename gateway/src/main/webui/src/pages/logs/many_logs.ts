import { effect } from "@preact/signals";
import type { LogsFrameUnion } from "wire";
import { get, path, query } from "../../app/api.ts";
import type { LogPage } from "../../app/rest.ts";
import { live, POLL } from "../../app/streams.ts";
import type { Live } from "../../stream/live.ts";
import { type LogLine, timed } from "../instance/log_buffer.ts";
import { type LogFilter, parameters } from "../instance/log_feed.ts";
import { merged } from "./merged.ts";

/** The most logs at once: each is a connection. */
export const MOST_LOGS = 32;
const MOST_LINES = 1_000;
/** Of all logs together, to begin with. */
const PAST_LINES = 500;

/** What shows the lines. */
export interface Shown {
  add(lines: LogLine[]): void;
  mark(text: string): void;
}

/** One of the logs, on its way. */
interface Followed {
  name: string;
  stream: Live<LogsFrameUnion>;
  /** Where what is shown of it ends; empty where nothing was told yet. */
  cursor: string;
  /** Its stream has begun: it resumes by itself from then on. */
  heard: boolean;
  /** Lines that polling told already and the stream, resumed, is about to tell again. */
  skip: number;
  end(): void;
}

/** Follows several logs at once, each line with the name of its log: what was written before by its time, then as it comes. */
export class ManyLogs {
  readonly #followed = new Map<string, Followed>();
  #over = false;

  constructor(private readonly filter: LogFilter, private readonly shown: Shown) {}

  /** From now on those of these names; those that are followed already go on. */
  async follow(names: string[]): Promise<void> {
    for (const [name, one] of this.#followed) {
      if (!names.includes(name)) {
        one.end();
        this.#followed.delete(name);
      }
    }
    const fresh = names.filter((name) => !this.#followed.has(name)).map((name) => this.#made(name));
    if (fresh.length === 0) {
      return;
    }
    fresh.forEach((one) => this.#followed.set(one.name, one));
    const lines = Math.max(10, Math.floor(PAST_LINES / fresh.length));
    const past = await Promise.all(fresh.map((one) => this.#past(one, lines)));
    if (this.#over) {
      return;
    }
    this.shown.add(merged(past));
    fresh.filter((one) => this.#followed.get(one.name) === one).forEach((one) => this.#begin(one));
  }

  end(): void {
    this.#over = true;
    this.#followed.forEach((one) => one.end());
    this.#followed.clear();
  }

  #made(name: string): Followed {
    const one: Followed = {
      name,
      cursor: "",
      heard: false,
      skip: 0,
      end: () => {},
      stream: live<LogsFrameUnion>({
        path: () =>
          path("instances", name, "logs").replace("/api", "/ws") + query({
            backlog: one.cursor === "" ? 10 : MOST_LINES,
            since: one.heard ? "" : one.cursor,
            ...parameters(this.filter),
          }),
        onFrame: (frame) => this.#apply(one, frame),
        poll: { everyMillis: POLL.logs, run: () => this.#poll(one) },
      }),
    };
    return one;
  }

  /** Its last lines; where they cannot be read its stream tells, or why not. */
  async #past(one: Followed, lines: number): Promise<LogLine[]> {
    try {
      const page = await this.#page(one, { lines });
      one.cursor = page.end;
      return named(one, timed(page));
    } catch {
      return [];
    }
  }

  #begin(one: Followed): void {
    const leave = one.stream.use();
    const watch = effect(() => {
      const link = one.stream.link.value;
      if (link.kind === "stopped" && link.code !== "unauthorized") {
        // It would stand for a link that is broken; this one is over.
        queueMicrotask(() => this.#gone(one, link.reason));
      }
    });
    one.end = () => {
      watch();
      leave();
    };
  }

  #gone(one: Followed, why: string): void {
    if (this.#followed.get(one.name) === one) {
      one.end();
      one.end = () => {};
      this.shown.mark(`${one.name}: ${why}`);
    }
  }

  #apply(one: Followed, frame: LogsFrameUnion): void {
    switch (frame.type) {
      case "backlog":
        if (one.cursor !== "") {
          this.shown.mark(`${one.name}: lines may be missing here`);
        }
        one.skip = 0;
        this.#told(one, timed(frame), frame.cursor);
        break;
      case "lines": {
        const known = Math.min(one.skip, frame.lines.length);
        one.skip -= known;
        this.#told(one, timed(frame).slice(known), frame.cursor);
        break;
      }
      case "skipped":
        this.shown.mark(
          `${one.name}: ${frame.bytes.toLocaleString()} bytes were dropped before they could be shown`,
        );
        break;
      case "ended":
        this.#gone(one, `the log has ended: ${frame.reason}`);
        break;
    }
  }

  #told(one: Followed, lines: LogLine[], cursor: string): void {
    one.heard = true;
    one.cursor = cursor;
    this.shown.add(named(one, lines));
  }

  async #poll(one: Followed): Promise<void> {
    const page = await this.#page(
      one,
      one.cursor === "" ? { lines: 10 } : { lines: MOST_LINES, after: one.cursor },
    );
    one.skip += one.heard ? page.count : 0;
    one.cursor = page.end;
    this.shown.add(named(one, timed(page)));
  }

  #page(one: Followed, where: Record<string, string | number>): Promise<LogPage> {
    return get<LogPage>(
      path("instances", one.name, "logs") + query({ ...where, ...parameters(this.filter) }),
    );
  }
}

function named(one: Followed, lines: LogLine[]): LogLine[] {
  return lines.map((line) => ({ ...line, name: one.name }));
}
