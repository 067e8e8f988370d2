import { randomId } from "#platform";
import { Backoff } from "./backoff.js";
import { FairleadError, type Json } from "./errors.js";
import type { ChatChannelFrame, ChatErrorCode, ChatMessageFrame } from "./frames.js";
import { type ConnectionState, endpoint, type Link, ReconnectingLink, type Session } from "./link.js";
import { pings } from "./stream.js";

const SOCKET = "/ws/chat";
const LOOK_AGAIN = 1_000;
const LOOK_TIMEOUT = 10_000;

export interface ChatOptions {
  /** Of the gateway, or of its chat. */
  url: string;
  token?: string | undefined;
  /** To go on with a session. */
  sessionId?: string;
  name?: string;
  /** `operator`, `llm` or `agent:<name>`; the gateway's setting where absent. */
  agent?: string;
  timeout?: number;
  silence?: number;
  backoff?: Backoff;
  onState?: (state: ConnectionState) => void;
}

interface Stored {
  turn_id: string;
  role: string;
  content: string;
  status?: string;
  idempotency_key?: string;
}

/** A turn that was asked for, until it has ended. */
class Asked {
  readonly frames: ChatChannelFrame[] = [];
  sent = false;
  told = false;
  over = false;
  wake: () => void = () => {};

  constructor(readonly message: ChatMessageFrame) {}

  hear(frame: ChatChannelFrame): void {
    if (!this.over) {
      this.told ||= frame.type === "chunk";
      this.over = frame.type === "done" || frame.type === "aborted" || frame.type === "error";
      this.frames.push(frame);
      this.wake();
    }
  }
}

/**
 * One session of a chat, one turn at a time.
 *
 *     const chat = new Chat({ url: "ws://localhost:18800" });
 *     console.log(await chat.ask("/instances"));
 *     chat.close();
 *
 * A connection that is lost ends no turn: on the next one the turn goes on, or its end is looked up; the message is sent
 * again under its key, which starts no second turn.
 */
export class Chat implements Session {
  readonly #link: ReconnectingLink;
  readonly #url: string;
  readonly #token: string | undefined;
  #sessionId: string | undefined;
  #open: Link | undefined;
  #asked: Asked | undefined;
  #ping: ReturnType<typeof setInterval> | undefined;

  constructor(options: ChatOptions) {
    this.#url = endpoint(options.url, SOCKET, { name: options.name, agent: options.agent });
    this.#token = options.token;
    this.#sessionId = options.sessionId;
    this.#link = new ReconnectingLink(this, {
      timeout: options.timeout ?? 10_000,
      silence: options.silence ?? 90_000,
      backoff: options.backoff ?? Backoff.streams(),
      onState: options.onState,
    });
  }

  get state(): ConnectionState {
    return this.#link.state;
  }

  /** Known once it is connected for the first time: give it to go on with the session later. */
  get sessionId(): string | undefined {
    return this.#sessionId;
  }

  /** The whole answer. Rejects with a FairleadError where the turn ends in an error, or is aborted (`aborted`). */
  async ask(content: string, pageContext?: string): Promise<string> {
    for await (const frame of this.turn(content, pageContext)) {
      switch (frame.type) {
        case "done":
          return frame.full_response;
        case "aborted":
          throw new FairleadError("aborted", "The turn was aborted");
        case "error":
          throw new FairleadError(frame.code, frame.message);
      }
    }
    throw new FairleadError("connection_lost", "The chat was closed before it was answered");
  }

  /**
   * The frames of a turn as they come, the last of them `done`, `aborted` or `error`. After a `chunk_reset`, which comes
   * after a lost connection too, the chunks before it are void.
   */
  async *turn(content: string, pageContext?: string): AsyncGenerator<ChatChannelFrame, void, undefined> {
    if (this.#asked) {
      throw new FairleadError("invalid_state", "A turn is under way on this chat already");
    }
    const message: ChatMessageFrame = { type: "message", content, idempotency_key: randomId() };
    if (pageContext !== undefined) {
      message.page_context = pageContext;
    }
    const asked = new Asked(message);
    this.#asked = asked;
    this.#link.start();
    const wake = () => asked.wake();
    void this.#link.whenStopped().then(wake, wake);
    try {
      if (this.#open?.isOpen) {
        this.#open.send(message); // else it goes out with the next connection
        asked.sent = true;
      }
      for (;;) {
        const frame = asked.frames.shift();
        if (frame !== undefined) {
          yield frame;
        } else if (asked.over) {
          return;
        } else if (this.#link.state.kind === "stopped") {
          await this.#link.whenStopped(); // rejects with what ended it
          throw new FairleadError("connection_lost", "The chat was closed before it was answered");
        } else {
          await new Promise<void>((woken) => {
            asked.wake = woken;
          });
        }
      }
    } finally {
      asked.over = true;
      this.#asked = undefined;
    }
  }

  /** Ends the turn that runs; the partial text is kept. */
  abort(): void {
    this.#send({ type: "abort" });
  }

  /** Lets a tool call happen that waits for a person. */
  approve(toolCallId: string): void {
    this.#send({ type: "approve", id: toolCallId });
  }

  /** Forbids a tool call that waits for a person. */
  deny(toolCallId: string): void {
    this.#send({ type: "deny", id: toolCallId });
  }

  /** Begins; resolves when it is connected. Asking begins it as well. */
  async start(): Promise<void> {
    this.#link.start();
    await this.#link.whenReady();
  }

  /** Says good-bye. The turn that runs, if any, goes on without us. */
  close(): void {
    this.#link.close();
  }

  #send(frame: unknown): void {
    if (!this.#open) {
      throw new FairleadError("connection_lost", "The chat is not connected right now");
    }
    this.#open.send(frame);
  }

  /** @internal */
  async prepare() {
    return { url: endpoint(this.#url, undefined, { session_id: this.#sessionId }), token: this.#token };
  }

  /** @internal */
  opened(link: Link): void {
    link.send({ type: "connect" });
    this.#ping = pings(link);
  }

  /** @internal */
  frame(link: Link, frame: Json): void {
    if (frame.type === "session_start") {
      this.#sessionId = String(frame.session_id);
    } else if (frame.type === "connected") {
      this.#open = link;
      this.#link.ready();
      this.#askAgain(link);
    } else if (frame.type === "error" && frame.code === "AGENT_INIT_FAILED") {
      link.abandon(1000, { reason: String(frame.message), final: "AGENT_INIT_FAILED" });
    } else if (frame.type !== "pong" && this.#open === link) {
      // What is told before the gateway heard us is told again after it.
      this.#asked?.hear(frame as unknown as ChatChannelFrame);
    }
  }

  /** @internal */
  ended(): boolean {
    clearInterval(this.#ping);
    this.#open = undefined;
    return false;
  }

  /** @internal */
  advice(): string {
    return "";
  }

  #askAgain(link: Link): void {
    if (this.#asked) {
      if (this.#asked.told) {
        this.#asked.hear({ type: "chunk_reset" });
      }
      link.send(this.#asked.message);
      if (this.#asked.sent) {
        void this.#lookForEnd(this.#asked, link);
      }
      this.#asked.sent = true;
    }
  }

  /** A turn that ended while nobody was connected is told by REST alone. */
  async #lookForEnd(asked: Asked, link: Link): Promise<void> {
    while (!asked.over && link.isOpen) {
      let messages: Stored[] = [];
      try {
        messages = await this.#messages();
      } catch {
        // It is asked again.
      }
      const question = messages.find((each) => each.idempotency_key === asked.message.idempotency_key);
      if (question) {
        if (question.status !== "queued" && question.status !== "running") {
          asked.hear(endOf(question, messages));
        }
        return; // the rest comes over the socket
      }
      await new Promise((later) => setTimeout(later, LOOK_AGAIN)); // it is being stored
    }
  }

  async #messages(): Promise<Stored[]> {
    const url = new URL(this.#url.replace(/^ws/, "http"));
    const base = url.pathname.endsWith(SOCKET) ? url.pathname.slice(0, -SOCKET.length) : "";
    url.pathname = `${base}/api/sessions/${encodeURIComponent(this.#sessionId ?? "")}/messages`;
    url.search = "?limit=500";
    const answer = await fetch(url, {
      headers: this.#token === undefined ? {} : { Authorization: `Bearer ${this.#token}` },
      signal: AbortSignal.timeout(LOOK_TIMEOUT),
    });
    return ((await answer.json()) as { messages: Stored[] }).messages;
  }
}

function endOf(question: Stored, messages: readonly Stored[]): ChatChannelFrame {
  const said = messages.filter((each) => each.turn_id === question.turn_id);
  const text = said
    .filter((each) => each.role === "assistant")
    .map((each) => each.content)
    .join("");
  if (question.status === "done") {
    return { type: "done", full_response: text };
  }
  if (question.status === "aborted") {
    return { type: "aborted", partial_response: text };
  }
  const error = said.find((each) => each.role === "error");
  const code = (error?.status ?? "AGENT_ERROR") as ChatErrorCode;
  return { type: "error", code, message: error?.content ?? "The turn was interrupted" };
}
