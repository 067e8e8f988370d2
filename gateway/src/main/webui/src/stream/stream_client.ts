import { Backoff } from "./backoff.ts";
import type { Clock } from "./clock.ts";

const PING_MILLIS = 30_000;
const SILENCE_MILLIS = 90_000;

/** Closes after which the gateway would only say the same again. */
const FINAL: Readonly<Record<number, StopReason>> = {
  4400: "bad_query",
  4401: "unauthorized",
  4403: "forbidden",
  4404: "not_found",
};

export type StopReason = "bad_query" | "unauthorized" | "forbidden" | "not_found";

export type ConnectionState =
  | { kind: "connecting" }
  | { kind: "live" }
  | { kind: "waiting"; retryAt: number; failures: number; reason: string }
  | { kind: "stopped"; code: StopReason; reason: string }
  | { kind: "closed" };

/** What this client needs of a WebSocket. */
export interface Socket {
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number; reason: string }) => void) | null;
  send(text: string): void;
  close(code?: number): void;
}

/** What every frame of a stream has. */
export interface Frame {
  type: string;
}

export interface StreamOptions<F extends Frame> {
  /** Path and query, without `since`; where it is a function, as it is at each attempt. */
  path: string | (() => string);
  open(path: string): Socket;
  clock: Clock;
  /** Every frame but pongs, that it was resumed and what ends the connection, in order. */
  onFrame(frame: F): void;
  onState(state: ConnectionState): void;
  /** Anything was heard, a pong included. */
  onHeard?(): void;
  /** Why an upgrade failed, which a browser does not tell a page; empty where the gateway was just not there. */
  diagnose?(): Promise<{ code: StopReason; reason: string } | undefined>;
}

/**
 * Follows a stream over any number of reconnects, by the rules every client of the gateway keeps: backoff, reset at the
 * first frame; resume where it was; a ping every 30 s; a connection that is silent for 90 s counts as gone; what the
 * gateway refuses for good is not tried again before somebody says so.
 */
export class StreamClient<F extends Frame> {
  readonly #backoff: Backoff;
  #socket: Socket | undefined;
  #opened = false;
  #since: string | undefined;
  #failures = 0;
  #refusal: { code: StopReason; reason: string } | undefined;
  #cancelRetry: () => void = () => {};
  #cancelPing: () => void = () => {};
  #cancelSilence: () => void = () => {};
  #state: ConnectionState = { kind: "closed" };

  constructor(private readonly options: StreamOptions<F>) {
    this.#backoff = new Backoff(() => options.clock.random());
  }

  get state(): ConnectionState {
    return this.#state;
  }

  start(): void {
    if (this.#state.kind === "closed") {
      this.#connect();
    }
  }

  /** Tries at once, whatever it waits for. */
  retryNow(): void {
    if (this.#state.kind === "waiting" || this.#state.kind === "stopped") {
      this.#cancelRetry();
      this.#connect();
    }
  }

  /** Sends a frame on the connection as it is; false where there is none. */
  send(frame: unknown): boolean {
    if (this.#state.kind !== "live" || this.#socket === undefined) {
      return false;
    }
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  /** Ends for good, until started again: then from the beginning. */
  close(): void {
    this.#cancelRetry();
    const socket = this.#drop();
    this.#since = undefined;
    this.#failures = 0;
    this.#backoff.reset();
    this.#become({ kind: "closed" });
    if (socket !== undefined && !this.#opened) {
      // To close what is not open yet is a failure to a browser, which says so on the console.
      socket.onopen = () => socket.close(1000);
    } else {
      socket?.close(1000);
    }
  }

  #connect(): void {
    const { clock, open } = this.options;
    const path = typeof this.options.path === "string" ? this.options.path : this.options.path();
    this.#refusal = undefined;
    this.#become({ kind: "connecting" });
    const since = this.#since === undefined ? "" : `since=${encodeURIComponent(this.#since)}`;
    const socket = open(since === "" ? path : path + (path.includes("?") ? "&" : "?") + since);
    let opened = false;
    this.#opened = false;
    this.#socket = socket;
    socket.onopen = () => {
      opened = true;
      this.#opened = true;
      this.#listen(socket);
      this.#pingIn(socket);
    };
    socket.onmessage = (event) => this.#heard(socket, event.data);
    socket.onclose = (event) => {
      if (socket === this.#socket) {
        this.#drop();
        void this.#ended(opened, event.code, event.reason);
      }
    };
    this.#cancelSilence = clock.after(SILENCE_MILLIS, () => this.#silent(socket));
  }

  #heard(socket: Socket, data: unknown): void {
    if (socket !== this.#socket) {
      return;
    }
    this.#listen(socket);
    let frame: F & { epoch?: unknown; seq?: unknown; cursor?: unknown; code?: unknown; message?: unknown };
    try {
      frame = JSON.parse(String(data));
    } catch {
      this.#abandon(socket, 1008, "The gateway sent what is no frame");
      return;
    }
    this.options.onHeard?.();
    if (frame.type === "pong") {
      return;
    }
    // Streams have errors of their own among what they tell: only one with `retryable` is about the stream itself.
    if (frame.type === "error" && "retryable" in frame) {
      this.#refusal = { code: "bad_query", reason: String(frame.message) };
      return;
    }
    if (this.#state.kind !== "live") {
      this.#failures = 0;
      this.#backoff.reset();
      this.#become({ kind: "live" });
    }
    if (typeof frame.cursor === "string") {
      this.#since = frame.cursor;
    } else if (typeof frame.epoch === "string" && typeof frame.seq === "number") {
      this.#since = `${frame.epoch}:${frame.seq}`;
    }
    if (frame.type !== "resumed") {
      this.options.onFrame(frame);
    }
  }

  async #ended(opened: boolean, code: number, reason: string): Promise<void> {
    const final = FINAL[code];
    if (final !== undefined) {
      this.#stop(final, this.#refusal?.reason || reason);
      return;
    }
    this.#failures++;
    const failures = this.#failures;
    const delay = this.#backoff.next();
    const why = this.#refusal?.reason || reason || (opened ? "The connection was lost" : "No connection");
    this.#become({ kind: "waiting", retryAt: this.options.clock.now() + delay, failures, reason: why });
    this.#cancelRetry = this.options.clock.after(delay, () => this.#connect());
    if (!opened) {
      const cause = await this.options.diagnose?.();
      if (cause !== undefined && this.#state.kind === "waiting" && this.#failures === failures) {
        this.#cancelRetry();
        this.#stop(cause.code, cause.reason);
      }
    }
  }

  #stop(code: StopReason, reason: string): void {
    // What is gone or was refused begins anew once it is tried again.
    this.#since = code === "unauthorized" ? this.#since : undefined;
    this.#become({ kind: "stopped", code, reason });
  }

  #listen(socket: Socket): void {
    this.#cancelSilence();
    this.#cancelSilence = this.options.clock.after(SILENCE_MILLIS, () => this.#silent(socket));
  }

  #pingIn(socket: Socket): void {
    this.#cancelPing = this.options.clock.after(PING_MILLIS, () => {
      socket.send('{"type":"ping"}');
      this.#pingIn(socket);
    });
  }

  #silent(socket: Socket): void {
    this.#abandon(socket, 4000, "Nothing was heard for 90 s");
  }

  /** A socket that is half dead may take long to say that it closed: it is not waited for. */
  #abandon(socket: Socket, code: number, reason: string): void {
    if (socket === this.#socket) {
      this.#drop();
      socket.close(code === 1008 ? undefined : code);
      void this.#ended(true, 1006, reason);
    }
  }

  #drop(): Socket | undefined {
    const socket = this.#socket;
    this.#socket = undefined;
    this.#cancelPing();
    this.#cancelSilence();
    if (socket !== undefined) {
      socket.onopen = socket.onmessage = socket.onclose = null;
    }
    return socket;
  }

  #become(state: ConnectionState): void {
    this.#state = state;
    this.options.onState(state);
  }
}
