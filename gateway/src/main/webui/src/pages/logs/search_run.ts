import { type Signal, signal } from "@preact/signals";
import { fetched, messageOf } from "../../app/api.ts";

/** At most so many lines are on the page: who gets more has asked for too much to read. */
export const MAX_FOUND = 2_000;

/** A line that was found. */
export interface Match {
  instance: string;
  cursor: string;
  time: string | null;
  level: string | null;
  line: string;
}

interface Done {
  done: true;
  truncated: boolean;
  scanned_bytes: number;
}

/**
 * How a search stands. It is `through` where all was looked at, `bounded` where the gateway ended it before, `full` where
 * the page did, `stopped` where its reader did, `broken` where the gateway went away.
 */
export type SearchState =
  | { kind: "running" | "full" | "stopped" }
  | { kind: "through" | "bounded"; scanned: number }
  | { kind: "broken"; why: string };

type Open = (path: string, signal: AbortSignal) => Promise<Response>;

/** One search over logs, whose lines come as they are found. */
export class SearchRun {
  readonly state: Signal<SearchState> = signal({ kind: "running" });
  /** How many there are of `matches`. */
  readonly found: Signal<number> = signal(0);
  readonly matches: Match[] = [];
  /** Which of them one was at, so that one who comes back is there again. */
  at = 0;
  readonly #abort = new AbortController();

  /** @param path of REST, with what is wanted */
  constructor(
    private readonly path: string,
    private readonly open: Open = (path, signal) => fetched("GET", path, undefined, signal),
  ) {}

  /** Begins it. Fails where it is refused; what goes wrong later is in its state. */
  async start(): Promise<void> {
    const response = await this.open(this.path, this.#abort.signal);
    void this.#read(response.body!).catch((e) => this.#end({ kind: "broken", why: messageOf(e) }));
  }

  /** The gateway ends it as soon as nobody reads any more. */
  stop(): void {
    this.#end({ kind: "stopped" });
  }

  async #read(body: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<void> {
    let rest = "";
    for await (const piece of pieces(body)) {
      const lines = (rest + piece).split("\n");
      rest = lines.pop()!;
      for (const line of lines) {
        this.#take(line);
      }
      this.found.value = this.matches.length;
      if (this.state.value.kind !== "running") {
        return;
      }
    }
    this.#end({ kind: "broken", why: "The connection was lost" });
  }

  /** An empty line only keeps the connection. */
  #take(line: string): void {
    if (line === "" || this.state.value.kind !== "running") {
      return;
    }
    const told = JSON.parse(line) as Match | Done;
    if ("done" in told) {
      this.#end({ kind: told.truncated ? "bounded" : "through", scanned: told.scanned_bytes });
    } else if (this.matches.length === MAX_FOUND) {
      this.#end({ kind: "full" });
    } else {
      this.matches.push(told);
    }
  }

  #end(state: SearchState): void {
    if (this.state.value.kind === "running") {
      this.found.value = this.matches.length;
      this.state.value = state;
      this.#abort.abort();
    }
  }
}

async function* pieces(body: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    yield read.value;
  }
}
