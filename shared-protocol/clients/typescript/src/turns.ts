import { FairleadError, messageOf } from "./errors.js";
import type { ChatDecisionData, ChatTurnData, ChatTurnDataHistoryItem } from "./frames.js";

/** What a person said to a call that waited for them. */
export type Decision = ChatDecisionData["decision"];

type Tell = (subject: string, data: unknown) => void;

/**
 * A turn of a chat that is this agent's to answer. What it says on the way is told to everybody who watches the session,
 * in order; once it is aborted nothing of it counts any more.
 */
export class Turn {
  readonly turnId: string;
  readonly sessionId: string;
  /** What the user says. */
  readonly content: string;
  /** What was said before, oldest first. */
  readonly history: readonly ChatTurnDataHistoryItem[];
  /** The page of the dashboard the user looks at. */
  readonly pageContext: string | undefined;
  readonly #asked = new Map<string, (decision: Decision) => void>();

  constructor(
    data: ChatTurnData,
    /** Aborted when the turn is, or the connection is lost, which ends it as well. */
    readonly signal: AbortSignal,
    private readonly tell: Tell,
  ) {
    this.turnId = data.turn_id;
    this.sessionId = data.session_id;
    this.content = data.content;
    this.history = data.history;
    this.pageContext = data.page_context;
  }

  thinking(content: string): void {
    this.#event("thinking", { content });
  }

  /** A piece of the answer, to be appended to those before. */
  chunk(content: string): void {
    this.#event("chunk", { content });
  }

  toolCall(id: string, name: string, args: Record<string, unknown>): void {
    this.#event("tool_call", { id, name, args });
  }

  /**
   * Tells of a call that a person must allow first, and gives what they say; `expired` where nobody does in time or the
   * turn ends. One that is made is then told the end of with `toolResult`.
   */
  ask(id: string, name: string, args: Record<string, unknown>): Promise<Decision> {
    return new Promise((resolve) => {
      this.#asked.set(id, resolve);
      this.signal.addEventListener("abort", () => this.decided(id, "expired"), { once: true });
      this.#event("tool_call", { id, name, args, approval: "required" });
      if (this.signal.aborted) {
        this.decided(id, "expired");
      }
    });
  }

  /** For the session, which hears it. */
  decided(id: string, decision: Decision): void {
    this.#asked.get(id)?.(decision);
    this.#asked.delete(id);
  }

  toolResult(id: string, name: string, output: string): void {
    this.#event("tool_result", { id, name, output });
  }

  status(phase: string, detail: string): void {
    this.#event("operator_status", { phase, detail });
  }

  #event(type: string, fields: Record<string, unknown>): void {
    if (!this.signal.aborted) {
      this.tell("chat.event", { turn_id: this.turnId, type, ...fields });
    }
  }
}

export type ChatHandler = (turn: Turn) => Promise<string> | string;

/** The chat turns an agent has in hand. */
export class Turns {
  handler: ChatHandler | undefined;
  readonly #underway = new Map<string, AbortController>();
  readonly #turns = new Map<string, Turn>();

  constructor(
    private readonly tell: Tell,
    private readonly problem: (what: string) => void,
  ) {}

  async take(data: ChatTurnData, handler: ChatHandler): Promise<void> {
    const ending = new AbortController();
    this.#underway.set(data.turn_id, ending);
    let end: { subject: string; data: Record<string, unknown> };
    try {
      const turn = new Turn(data, ending.signal, this.tell);
      this.#turns.set(data.turn_id, turn);
      const answer = await handler(turn);
      end = { subject: "chat.done", data: { turn_id: data.turn_id, full_response: answer } };
    } catch (failure) {
      const told = failure instanceof FairleadError;
      if (!told) {
        this.problem(`The chat handler failed: ${messageOf(failure)}`);
      }
      const code = told ? failure.code : "AGENT_ERROR";
      const message = told ? failure.message : "The agent failed; its own log has the details";
      end = { subject: "chat.error", data: { turn_id: data.turn_id, code, message } };
    }
    this.#underway.delete(data.turn_id);
    this.#turns.delete(data.turn_id);
    if (!ending.signal.aborted) {
      this.tell(end.subject, end.data);
    }
  }

  decided(data: ChatDecisionData): void {
    this.#turns.get(data.turn_id)?.decided(data.id, data.decision);
  }

  abort(turnId: string): void {
    this.#underway.get(turnId)?.abort();
    this.#underway.delete(turnId);
  }

  /** The connection the turns came on is gone, and with it they are over for the gateway. */
  lost(): void {
    for (const turnId of [...this.#underway.keys()]) {
      this.abort(turnId);
    }
  }
}
