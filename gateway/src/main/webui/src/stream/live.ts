import { type Signal, signal } from "@preact/signals";
import type { Clock } from "./clock.ts";
import {
  type ConnectionState,
  type Frame,
  type Socket,
  type StopReason,
  StreamClient,
} from "./stream_client.ts";

/** So many failures in a row, and REST is polled until the stream is back. */
const FAILURES_BEFORE_POLLING = 3;

export const POLLING_TEXT = "Live updates unavailable -- polling";

export type LinkState =
  | { kind: "live" }
  | { kind: "reconnecting"; retryAt: number | undefined; reason: string }
  | { kind: "polling"; retryAt: number | undefined; reason: string; failing: boolean }
  | { kind: "stopped"; code: StopReason; reason: string };

/** What REST tells in place of a stream. */
export interface Poll {
  everyMillis: number;
  /** Fetches and applies once; its failure is what the link shows. */
  run(): Promise<void>;
}

export interface LiveOptions<F extends Frame> {
  /** Path and query; where it is a function, as it is at each attempt. */
  path: string | (() => string);
  onFrame(frame: F): void;
  poll?: Poll;
}

/** What a page brings along for all of its streams. */
export interface Surroundings {
  clock: Clock;
  open(path: string): Socket;
  diagnose(): Promise<{ code: StopReason; reason: string } | undefined>;
  /** A stream ended because its session did. */
  unauthorized(): void;
}

/**
 * A stream as a page uses it: live while it can be, polled while it cannot, and always able to say which. Several parts
 * of the page may use one; it is connected while at least one does.
 */
export class Live<F extends Frame> {
  readonly link: Signal<LinkState> = signal({ kind: "reconnecting", retryAt: undefined, reason: "" });
  /** When something was last heard, by the clock; 0 for never. */
  readonly heardAt: Signal<number> = signal(0);
  readonly #client: StreamClient<F>;
  #users = 0;
  #cancelPoll: () => void = () => {};
  #polling = false;
  #pollFailed = false;

  constructor(private readonly options: LiveOptions<F>, private readonly around: Surroundings) {
    this.#client = new StreamClient<F>({
      path: options.path,
      open: around.open,
      clock: around.clock,
      diagnose: around.diagnose,
      onFrame: options.onFrame,
      onHeard: () => this.#heard(),
      onState: (state) => this.#changed(state),
    });
  }

  /** Begins to use it; the returned function ends that. */
  use(): () => void {
    if (this.#users++ === 0) {
      this.#client.start();
      inUse.value = [...inUse.value, this as Live<Frame>];
    }
    let used = true;
    return () => {
      if (used && --this.#users === 0) {
        this.#stopPolling();
        this.#client.close();
        inUse.value = inUse.value.filter((other) => other !== this as Live<Frame>);
      }
      used = false;
    };
  }

  retryNow(): void {
    this.#client.retryNow();
  }

  /** Connects anew, as with another path; what it resumed from is forgotten. */
  restart(): void {
    if (this.#users > 0) {
      this.#client.close();
      this.#client.start();
    }
  }

  send(frame: unknown): boolean {
    return this.#client.send(frame);
  }

  #heard(): void {
    this.heardAt.value = this.around.clock.now();
  }

  #changed(state: ConnectionState): void {
    switch (state.kind) {
      case "live":
        this.#stopPolling();
        this.link.value = { kind: "live" };
        break;
      case "waiting":
        if (state.failures >= FAILURES_BEFORE_POLLING) {
          this.#startPolling();
        }
        this.#showWaiting(state.retryAt, state.reason);
        break;
      case "connecting":
        if (this.link.value.kind !== "polling") {
          this.link.value = { kind: "reconnecting", retryAt: undefined, reason: "" };
        }
        break;
      case "stopped":
        this.#stopPolling();
        this.link.value = { kind: "stopped", code: state.code, reason: state.reason };
        if (state.code === "unauthorized") {
          this.around.unauthorized();
        }
        break;
      case "closed":
        this.link.value = { kind: "reconnecting", retryAt: undefined, reason: "" };
        break;
    }
  }

  #showWaiting(retryAt: number | undefined, reason: string): void {
    this.link.value = this.#polling
      ? { kind: "polling", retryAt, reason, failing: this.#pollFailed }
      : { kind: "reconnecting", retryAt, reason };
  }

  #startPolling(): void {
    if (!this.#polling && this.options.poll !== undefined) {
      this.#polling = true;
      this.#pollFailed = true; // until the first answer
      void this.#pollOnce(this.options.poll);
    }
  }

  async #pollOnce(poll: Poll): Promise<void> {
    let failed = false;
    try {
      await poll.run();
      if (this.#polling) {
        this.#heard();
      }
    } catch {
      failed = true;
    }
    if (!this.#polling) {
      return;
    }
    if (this.#pollFailed && !failed) {
      // The gateway is there again: no stream needs to wait for its next try.
      inUse.value.forEach((one) => one.retryNow());
    }
    this.#pollFailed = failed;
    const link = this.link.value;
    if (link.kind === "polling" && link.failing !== failed) {
      this.link.value = { ...link, failing: failed };
    }
    this.#cancelPoll = this.around.clock.after(poll.everyMillis, () => void this.#pollOnce(poll));
  }

  #stopPolling(): void {
    this.#polling = false;
    this.#pollFailed = false;
    this.#cancelPoll();
  }
}

/** Every stream the page uses now. */
export const inUse: Signal<Live<Frame>[]> = signal([]);

/** One word for several links: that of the worst. */
export function worst(links: LinkState[]): LinkState {
  const order = ["live", "reconnecting", "polling", "stopped"] as const;
  return links.reduce<LinkState>(
    (all, one) => order.indexOf(one.kind) > order.indexOf(all.kind) ? one : all,
    { kind: "live" },
  );
}

/** Whether what is shown may be out of date. */
export function isStale(link: LinkState): boolean {
  return link.kind === "reconnecting" || link.kind === "stopped" || (link.kind === "polling" && link.failing);
}
