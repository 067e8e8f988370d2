import { connect } from "#platform";
import type { Backoff } from "./backoff.js";
import { FairleadError, isObject, type Json, messageOf } from "./errors.js";
import type { Socket, SocketEnd } from "./platform.js";

const MAX_REASON = 300;
const MAX_RETRY_AFTER = 300_000; // a server that asks for longer is asked again all the same
const GOING_AWAY = 1001;
const INVALID_FRAME = 1008;

/** Closes and refusals after which the gateway would only say the same again. */
const FINAL_CLOSES: Readonly<Record<number, string>> = {
  4400: "bad_request",
  4401: "unauthorized",
  4403: "forbidden",
  4404: "not_found",
  4409: "replaced",
};
const FINAL_STATUSES: Readonly<Record<number, string>> = {
  400: "bad_request",
  401: "unauthorized",
  403: "forbidden",
  404: "not_found",
};

export type ConnectionState =
  | { readonly kind: "connecting" }
  /** Registered (agents), or a first frame came (streams, chats). */
  | { readonly kind: "ready" }
  /** The next attempt comes by itself, in so many milliseconds. */
  | { readonly kind: "disconnected"; readonly reason: string; readonly retryIn: number }
  /** There will be no other attempt; without a code it was its owner who closed it. */
  | { readonly kind: "stopped"; readonly code?: string; readonly reason: string };

/** How a connection ended, or why there was none. */
export interface LinkEnd {
  readonly reason: string;
  /** The error that makes another attempt useless until something changes. */
  readonly final?: string | undefined;
  /** Milliseconds. */
  readonly retryAfter?: number;
}

export interface Address {
  readonly url: string;
  readonly token: string | undefined;
}

/** What differs between an agent, a stream and a chat. */
export interface Session {
  /** What to connect with; asked before each attempt. A FairleadError ends it all. */
  prepare(): Promise<Address>;
  opened(link: Link): void;
  frame(link: Link, frame: Json): void;
  /** The attempt or connection is over. Answers whether to try again at once, with another credential. */
  ended(end: LinkEnd): boolean;
  /** What to add to the reason of an end that is final. */
  advice(code: string): string;
}

/**
 * A WebSocket's URL with some query parameters set, whatever they were before; where `socket` is given, the URL may be
 * that of the gateway, too, below whatever path it lies.
 *
 * Throws what says what is wrong with it, without repeating it: a token may be in it.
 */
export function endpoint(
  url: string,
  socket: string | undefined,
  query: Readonly<Record<string, string | undefined>> = {},
): string {
  let parsed: URL;
  try {
    parsed = new URL(url.replace(/^http(s?):/i, "ws$1:"));
  } catch {
    throw new TypeError("The URL needs ws:// or wss:// and a host, like ws://localhost:18800");
  }
  if (parsed.protocol !== "ws:" && parsed.protocol !== "wss:") {
    throw new TypeError("The URL needs ws:// or wss:// and a host, like ws://localhost:18800");
  }
  if (parsed.username !== "" || parsed.password !== "") {
    throw new TypeError("Give the token as a token, not within the URL");
  }
  if (socket !== undefined && !parsed.pathname.endsWith(socket) && !parsed.pathname.endsWith("/ws")) {
    parsed.pathname = parsed.pathname.replace(/\/+$/, "") + socket;
  }
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) {
      parsed.searchParams.set(name, value);
    }
  }
  return parsed.href;
}

/** An attempt to connect, and the connection it becomes. */
export class Link {
  #socket: Socket;
  #open = false;
  #over = false;
  #silent: ReturnType<typeof setTimeout> | undefined;

  constructor(
    address: Address,
    timeout: number,
    private readonly silence: number,
    private readonly session: Session,
    private readonly ended: (end: LinkEnd) => void,
  ) {
    this.#socket = connect(address.url, address.token, timeout, {
      open: () => {
        if (!this.#over) {
          this.#open = true;
          this.#heard();
          session.opened(this);
        }
      },
      message: (text) => this.#message(text),
      life: () => this.#heard(),
      end: (how) => this.#end(linkEnd(how)),
    });
  }

  get isOpen(): boolean {
    return this.#open && !this.#over;
  }

  /** Throws FairleadError `connection_lost` where it has ended; TypeError where the frame is no JSON. */
  send(frame: unknown): void {
    const text = JSON.stringify(frame);
    if (!this.isOpen) {
      throw new FairleadError("connection_lost", "The connection has ended");
    }
    this.#socket.send(text);
  }

  /** Ends it from this side; its end counts at once, whatever the peer does. */
  abandon(code: number, end: LinkEnd): void {
    this.#end(end);
    this.#socket.close(code);
  }

  /** Ends it without a report. */
  close(): void {
    this.#over = true;
    clearTimeout(this.#silent);
    this.#socket.close(1000);
  }

  /** Reads no further for a while. Where the platform cannot, the connection is given up, to be resumed later. */
  pause(): void {
    clearTimeout(this.#silent);
    if (this.#socket.pause) {
      this.#socket.pause();
    } else {
      this.abandon(1000, { reason: "The reader is slower than the stream" });
    }
  }

  resume(): void {
    this.#heard();
    this.#socket.resume?.();
  }

  #message(text: string | undefined): void {
    if (this.#over) {
      return;
    }
    this.#heard();
    let frame: unknown;
    try {
      frame = text === undefined ? undefined : JSON.parse(text);
    } catch {
      frame = undefined;
    }
    if (!isObject(frame)) {
      this.abandon(INVALID_FRAME, { reason: "The gateway sent what is no frame" });
      return;
    }
    this.session.frame(this, frame);
  }

  #heard(): void {
    clearTimeout(this.#silent);
    if (this.isOpen) {
      this.#silent = setTimeout(
        () => this.abandon(GOING_AWAY, { reason: `Nothing heard for ${this.silence / 1000} s; the link is dead` }),
        this.silence,
      );
    }
  }

  #end(end: LinkEnd): void {
    clearTimeout(this.#silent);
    if (!this.#over) {
      this.#over = true;
      this.ended(end);
    }
  }
}

export interface LinkOptions {
  timeout: number;
  silence: number;
  backoff: Backoff;
  onState: ((state: ConnectionState) => void) | undefined;
  /** Errors that are retried although they rarely go away by themselves. */
  tolerated?: readonly string[];
}

/** Keeps one link up: attempts, waits, attempts again, until it is closed or told that it is no use. */
export class ReconnectingLink {
  #state: ConnectionState = { kind: "connecting" };
  #link: Link | undefined;
  #started = false;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #waiting: (() => void)[] = [];

  constructor(
    private readonly session: Session,
    private readonly options: LinkOptions,
  ) {}

  get state(): ConnectionState {
    return this.#state;
  }

  /** Begins, the first time it is called. */
  start(): void {
    if (!this.#started && this.#state.kind !== "stopped") {
      this.#started = true;
      void this.#attempt();
    }
  }

  /** Rejects with the reason where it never will be (again). */
  async whenReady(): Promise<void> {
    while (this.#state.kind !== "ready") {
      if (this.#state.kind === "stopped") {
        throw new FairleadError(this.#state.code ?? "connection_lost", this.#state.reason);
      }
      await new Promise<void>((changed) => this.#waiting.push(changed));
    }
  }

  /** Rejects with the reason, unless it is its owner who closed it. */
  async whenStopped(): Promise<void> {
    while (this.#state.kind !== "stopped") {
      await new Promise<void>((changed) => this.#waiting.push(changed));
    }
    if (this.#state.code !== undefined) {
      throw new FairleadError(this.#state.code, this.#state.reason);
    }
  }

  /** The link proved good. */
  ready(): void {
    this.options.backoff.reset();
    this.#become({ kind: "ready" });
  }

  /** Closes with 1000 and ends it all. May be called more than once. */
  close(): void {
    clearTimeout(this.#retry);
    const last = this.#link;
    this.#link = undefined;
    last?.close();
    if (last) {
      this.session.ended({ reason: "Closed by its owner" });
    }
    this.#become({ kind: "stopped", reason: "Closed by its owner" });
  }

  async #attempt(): Promise<void> {
    this.#become({ kind: "connecting" });
    let address: Address;
    try {
      address = await this.session.prepare();
    } catch (failure) {
      const code = failure instanceof FairleadError ? failure.code : "internal";
      this.#become({ kind: "stopped", code, reason: messageOf(failure) });
      return;
    }
    if (this.#state.kind === "stopped") {
      return;
    }
    this.#link = new Link(address, this.options.timeout, this.options.silence, this.session, (end) => this.#ended(end));
  }

  #ended(end: LinkEnd): void {
    this.#link = undefined;
    if (this.#state.kind === "stopped") {
      return;
    }
    if (this.session.ended(end)) {
      void this.#attempt();
    } else if (end.final !== undefined && !this.options.tolerated?.includes(end.final)) {
      this.#become({ kind: "stopped", code: end.final, reason: end.reason + this.session.advice(end.final) });
    } else {
      const asked = Math.min(end.retryAfter ?? 0, MAX_RETRY_AFTER);
      const delay = Math.max(this.options.backoff.next(), asked);
      this.#become({ kind: "disconnected", reason: end.reason, retryIn: delay });
      this.#retry = setTimeout(() => void this.#attempt(), delay);
    }
  }

  #become(state: ConnectionState): void {
    if (this.#state.kind === "stopped") {
      return;
    }
    this.#state = state;
    for (const changed of this.#waiting.splice(0)) {
      changed();
    }
    const { onState } = this.options;
    if (onState) {
      queueMicrotask(() => onState(state)); // a listener that throws must not end the attempts
    }
  }
}

function linkEnd(how: SocketEnd): LinkEnd {
  switch (how.kind) {
    case "unreachable":
      return { reason: `Cannot connect: ${shortened(how.reason)}` };
    case "refused": {
      const text = refusal(how.body);
      const seconds = /^\d+$/.test(how.retryAfter.trim()) ? Number(how.retryAfter) : 0; // a date: the backoff will do
      return {
        reason: `The gateway refused the connection (HTTP ${how.status})${text && `: ${text}`}`,
        final: FINAL_STATUSES[how.status],
        retryAfter: seconds * 1000,
      };
    }
    case "closed": {
      const final = FINAL_CLOSES[how.code];
      const what =
        final === "replaced" ? "Another connection of the same agent took over" : "The gateway closed the connection";
      const text = shortened(how.reason);
      return { reason: `${what} (${how.code})${text && `: ${text}`}`, final };
    }
  }
}

/** What the body says, where it is the gateway's; a proxy's page helps nobody. */
function refusal(body: string): string {
  try {
    const answer: unknown = JSON.parse(body);
    return isObject(answer) && isObject(answer.error) ? shortened(String(answer.error.message ?? "")) : "";
  } catch {
    return "";
  }
}

function shortened(text: string): string {
  return text.length <= MAX_REASON ? text : `${text.slice(0, MAX_REASON)}…`;
}
