import { Backoff } from "./backoff.js";
import { FairleadError, type Json } from "./errors.js";
import { type ConnectionState, endpoint, type Link, ReconnectingLink, type Session } from "./link.js";

/** What is read ahead of a slow reader; past that the gateway holds, and then drops and sends a snapshot. */
const READ_AHEAD = 64;

export interface StreamOptions {
  /** Of the stream, its query included: `ws://localhost:18800/ws/instances`. */
  url: string;
  token?: string | undefined;
  /** Milliseconds between the pings that keep the connection. */
  pingInterval?: number;
  timeout?: number;
  silence?: number;
  backoff?: Backoff;
  onState?: (state: ConnectionState) => void;
}

/**
 * Follows a stream: the state first, then each change, in order, over any number of reconnects. After a reconnect it goes
 * on where it was, as long as the gateway still has what was missed; else the gateway sends the state anew.
 *
 *     for await (const frame of new Stream<InstancesChannelFrame>({ url: "ws://localhost:18800/ws/instances" })) …
 *
 * To leave the loop closes the stream. It ends with a FairleadError where another attempt would be no use: a bad query,
 * no right to be there, nothing there.
 */
export class Stream<F extends { type: string }> implements AsyncIterable<F> {
  readonly #link: ReconnectingLink;
  readonly #frames: F[] = [];
  #open: Link | undefined;
  #paused = false;
  #wake: () => void = () => {};

  constructor(options: StreamOptions) {
    const session = new StreamSession(options, {
      opened: (link) => {
        this.#open = link;
        this.#paused = false;
      },
      ready: () => this.#link.ready(),
      frame: (frame) => this.#push(frame as F),
      ended: () => {
        this.#open = undefined;
      },
    });
    this.#link = new ReconnectingLink(session, {
      timeout: options.timeout ?? 10_000,
      silence: options.silence ?? 90_000,
      backoff: options.backoff ?? Backoff.streams(),
      onState: options.onState,
    });
  }

  get state(): ConnectionState {
    return this.#link.state;
  }

  /** Begins; resolves at the first frame, rejects where there will never be one. Iterating begins it as well. */
  async start(): Promise<void> {
    this.#link.start();
    await this.#link.whenReady();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<F, void, undefined> {
    this.#link.start();
    const over = this.#link.whenStopped().then(
      () => this.#wake(),
      () => this.#wake(),
    );
    try {
      for (;;) {
        const frame = this.#frames.shift();
        if (frame !== undefined) {
          this.#resumeWhenDrained();
          yield frame;
        } else if (this.#link.state.kind === "stopped") {
          await this.#link.whenStopped(); // rejects with what ended it
          return;
        } else {
          await new Promise<void>((wake) => {
            this.#wake = wake;
          });
        }
      }
    } finally {
      this.close();
      await over;
    }
  }

  /**
   * Sends a frame (`subscribe` and the like) on the connection as it is. It ends with the connection: send it again
   * whenever the state is `ready`.
   */
  send(frame: unknown): void {
    if (!this.#open) {
      throw new FairleadError("connection_lost", "The stream is not connected right now");
    }
    this.#open.send(frame);
  }

  /** Says good-bye (close 1000) and ends. */
  close(): void {
    this.#link.close();
  }

  #push(frame: F): void {
    this.#frames.push(frame);
    if (this.#frames.length >= READ_AHEAD && !this.#paused) {
      this.#paused = true;
      this.#open?.pause();
    }
    this.#wake();
  }

  #resumeWhenDrained(): void {
    if (this.#paused && this.#frames.length === 0) {
      this.#paused = false;
      this.#open?.resume();
    }
  }
}

interface StreamListener {
  opened(link: Link): void;
  ready(): void;
  frame(frame: Json): void;
  ended(): void;
}

/** The stream as its link sees it. */
class StreamSession implements Session {
  #since: string | undefined;
  #proven = false;
  #ping: ReturnType<typeof setInterval> | undefined;

  constructor(
    private readonly options: StreamOptions,
    private readonly listener: StreamListener,
  ) {
    endpoint(options.url, undefined); // what is wrong with it is said at once
  }

  async prepare() {
    return { url: endpoint(this.options.url, undefined, { since: this.#since }), token: this.options.token };
  }

  opened(link: Link): void {
    this.#ping = pings(link, this.options.pingInterval);
    this.listener.opened(link);
  }

  frame(_link: Link, frame: Json): void {
    if (!this.#proven && frame.type !== "error") {
      this.#proven = true;
      this.listener.ready();
    }
    this.#remember(frame);
    if (frame.type !== "pong") {
      this.listener.frame(frame);
    }
  }

  ended(): boolean {
    clearInterval(this.#ping);
    this.#proven = false;
    this.listener.ended();
    return false;
  }

  advice(): string {
    return "";
  }

  /** How far it was followed: streams number their frames by epoch and seq, logs give a cursor. */
  #remember({ cursor, epoch, seq }: Json): void {
    if (typeof cursor === "string") {
      this.#since = cursor;
    } else if (typeof epoch === "string" && typeof seq === "number") {
      this.#since = `${epoch}:${seq}`;
    }
  }
}

/** Keeps a connection alive, until the interval is cleared. */
export function pings(link: Link, interval = 30_000): ReturnType<typeof setInterval> {
  return setInterval(() => link.isOpen && link.send({ type: "ping" }), interval);
}
