import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { ChatFrameUnion } from "wire";
import type { ChatMessages } from "../../app/rest.ts";
import type { Live, LiveOptions } from "../../stream/live.ts";
import {
  asked,
  decided,
  EMPTY,
  endsTurn,
  isOpen,
  merged,
  told,
  type Transcript,
  turnsOf,
  withEarlier,
  without,
} from "./transcript.ts";

/** What a conversation needs of the page around it. */
export interface ConversationEnds {
  live(options: LiveOptions<ChatFrameUnion>): Live<ChatFrameUnion>;
  /** A page of what the gateway keeps; fails with `status` 404 where there is no such session. */
  messages(before?: string): Promise<ChatMessages>;
  newKey(): string;
  now(): string;
  /** Runs `draw` soon, once for many calls; a second call before that is dropped. */
  soon(draw: () => void): void;
  /** The session was deleted, here or elsewhere. */
  onGone(): void;
}

const POLL_MILLIS = 3_000;

/** What the gateway takes in one frame, `ws.max_frame`; a browser sends a message as one. */
const MOST_BYTES = 65_536;
/** A key is a UUID. */
const KEY_CHARACTERS = 36;

/** By how many bytes a message is too long to be sent; 0 where it fits. */
export function bytesTooMany(content: string, pageContext?: string): number {
  const frame = JSON.stringify(messageFrame(content, "k".repeat(KEY_CHARACTERS), pageContext));
  return Math.max(0, new TextEncoder().encode(frame).length - MOST_BYTES);
}

function messageFrame(content: string, key: string, pageContext?: string) {
  return {
    type: "message",
    content,
    idempotency_key: key,
    ...(pageContext === undefined ? {} : { page_context: pageContext }),
  };
}

/**
 * One session as a page shows it. What the gateway keeps is loaded each time the socket is opened; what is told
 * meanwhile waits for that. Where a turn ends before it is there, it is loaded again, so that nothing shows twice.
 */
export class Conversation {
  readonly #shown: Signal<Transcript> = signal(EMPTY);
  readonly #loaded: Signal<boolean> = signal(false);
  readonly #name: Signal<string | undefined> = signal(undefined);
  readonly #agent: Signal<string | undefined> = signal(undefined);
  /** Why this session's agent cannot answer at all, or the session cannot be shown. */
  readonly #problem: Signal<string> = signal("");
  /** What went wrong with something other than a turn. */
  readonly #notice: Signal<string> = signal("");
  readonly link: Live<ChatFrameUnion>;
  #now: Transcript = EMPTY;
  #waiting: ChatFrameUnion[] = [];
  #joined = false;
  #loading = false;
  #again = false;
  /** Whether the gateway has this session: it begins with its first message. */
  #exists = false;
  #unhook: () => void = () => {};
  #generation = 0;

  constructor(readonly sessionId: string, agent: string, private readonly ends: ConversationEnds) {
    const query = new URLSearchParams({ session_id: sessionId, ...(agent === "" ? {} : { agent }) });
    this.link = ends.live({
      path: `/ws/chat?${query}`,
      onFrame: (frame) => this.#heard(frame),
      poll: { everyMillis: POLL_MILLIS, run: () => this.#poll() },
    });
  }

  get transcript(): ReadonlySignal<Transcript> {
    return this.#shown;
  }

  get loaded(): ReadonlySignal<boolean> {
    return this.#loaded;
  }

  get name(): ReadonlySignal<string | undefined> {
    return this.#name;
  }

  /** Who answers, once the gateway has said so. */
  get agent(): ReadonlySignal<string | undefined> {
    return this.#agent;
  }

  get problem(): ReadonlySignal<string> {
    return this.#problem;
  }

  get notice(): ReadonlySignal<string> {
    return this.#notice;
  }

  dismissNotice(): void {
    this.#notice.value = "";
  }

  /** Connects; the returned function lets go. */
  open(): () => void {
    this.#unhook = this.link.use();
    return () => this.#close();
  }

  /** After a problem. */
  retry(): void {
    this.#close();
    this.#problem.value = "";
    this.open();
  }

  /** Sends a message; false where there is no connection or it is too long, and the text should be kept. */
  send(content: string, pageContext?: string): boolean {
    if (!this.#loaded.value || bytesTooMany(content, pageContext) > 0) {
      return false;
    }
    const key = this.ends.newKey();
    if (!this.#sendMessage(content, key, pageContext)) {
      return false;
    }
    this.#change(asked(this.#now, content, key, this.ends.now()));
    return true;
  }

  /** Takes a message that was refused off the page. */
  discard(key: string): void {
    this.#change(without(this.#now, key));
  }

  stop(): boolean {
    return this.link.send({ type: "abort" });
  }

  decide(callId: string, decision: "approve" | "deny"): boolean {
    const sent = this.link.send({ type: decision, id: callId });
    if (sent) {
      this.#change(decided(this.#now, callId));
    }
    return sent;
  }

  /** Loads the turns before those shown. */
  async earlier(): Promise<void> {
    if (this.#now.cursor !== undefined) {
      this.#change(withEarlier(this.#now, await this.ends.messages(this.#now.cursor)));
    }
  }

  #sendMessage(content: string, key: string, pageContext?: string): boolean {
    return this.link.send(messageFrame(content, key, pageContext));
  }

  #heard(frame: ChatFrameUnion): void {
    if (frame.type === "session_start") {
      this.#name.value = frame.name ?? undefined;
      this.#waiting = [];
      if (this.#exists && !frame.resumed) {
        this.#notice.value = "This chat was deleted; what you write now begins it anew";
        this.#change(EMPTY);
        this.ends.onGone();
      }
      this.#exists = frame.resumed;
      this.#joined = false;
      this.link.send({
        type: "connect",
        session_id: this.sessionId,
        device_name: "dashboard",
        capabilities: [],
      });
    } else if (frame.type === "connected") {
      // From here on the session is told to this socket, the turn that runs from its beginning.
      this.#joined = true;
      void this.#load(true);
    } else if (frame.type === "error" && frame.code === "AGENT_INIT_FAILED") {
      this.#problem.value = frame.message;
      this.#close();
      // What was said can be read all the same.
      void this.#load(false);
    } else if (!this.#joined && frame.type !== "error") {
      return; // told before the gateway heard us, and told again after it
    } else if (this.#loading) {
      this.#waiting.push(frame);
      if (endsTurn(frame)) {
        this.#waiting = [];
        this.#again = true;
      }
    } else {
      this.#apply(frame);
    }
  }

  #apply(frame: ChatFrameUnion): void {
    this.#exists ||= frame.type !== "error" && frame.type !== "agent_event";
    if (frame.type === "error" && !this.#now.turns.some(isOpen)) {
      this.#notice.value = frame.message;
      void this.#load(false);
      return;
    }
    this.#change(told(this.#now, frame));
    if (endsTurn(frame)) {
      void this.#load(false);
    }
  }

  /** `fresh`: the turn that runs is told again from its beginning. */
  async #load(fresh: boolean): Promise<void> {
    const generation = ++this.#generation;
    this.#loading = fresh;
    try {
      let page: ChatMessages | undefined;
      do {
        this.#again = false;
        page = await this.#messages();
        if (generation !== this.#generation) {
          return;
        }
      } while (this.#again);
      if (page !== undefined) {
        this.#take(page, fresh);
      }
      if (fresh) {
        this.#repeatUnheard();
      }
    } catch (e) {
      if (generation === this.#generation) {
        this.#notice.value = e instanceof Error ? e.message : String(e);
      }
    }
    if (generation !== this.#generation) {
      return;
    }
    this.#loading = false;
    const waiting = this.#waiting;
    this.#waiting = [];
    waiting.forEach((frame) => this.#apply(frame));
    this.#loaded.value = true;
  }

  /** Empty where the session does not exist yet. */
  async #messages(): Promise<ChatMessages | undefined> {
    if (!this.#exists) {
      return undefined;
    }
    try {
      return await this.ends.messages();
    } catch (e) {
      if ((e as { status?: number }).status === 404) {
        return undefined;
      }
      throw e;
    }
  }

  #take(page: ChatMessages, fresh: boolean): void {
    this.#agent.value = page.session.agent;
    this.#name.value = page.session.name;
    this.#change(merged(this.#now, page, fresh));
  }

  /** A message the gateway may not have got before the connection was lost: the same key starts no second turn. */
  #repeatUnheard(): void {
    for (const turn of this.#now.turns) {
      if (turn.turnId === undefined && turn.idempotencyKey !== undefined && isOpen(turn)) {
        this.#sendMessage(turn.content, turn.idempotencyKey);
      }
    }
  }

  async #poll(): Promise<void> {
    const page = await this.#messages();
    if (page !== undefined) {
      this.#take(page, true);
      const partial = page.partial;
      const running = turnsOf(page).find((turn) => turn.state === "running");
      if (partial !== undefined && running !== undefined) {
        this.#change({
          ...this.#now,
          turns: this.#now.turns.map((turn) =>
            turn.turnId === running.turnId ? { ...turn, text: partial } : turn
          ),
        });
      }
    }
    this.#loaded.value = true;
  }

  #change(next: Transcript): void {
    this.#now = next;
    this.ends.soon(() => this.#shown.value = this.#now);
  }

  #close(): void {
    this.#generation++;
    this.#loading = false;
    this.#unhook();
    this.#unhook = () => {};
  }
}
