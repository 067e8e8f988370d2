import { FairleadError, isObject, type Json, messageOf } from "./errors.js";
import type { ChatDecisionData, ChatTurnData, MessageDeliverData, Registration, TokenState } from "./frames.js";
import type { Address, Link, LinkEnd, Session } from "./link.js";
import { Leases } from "./messages.js";
import { PendingRequests } from "./pending.js";
import type { TokenStore } from "./platform.js";
import { Turns } from "./turns.js";

const MIN_HEARTBEAT = 50; // a gateway cannot make an agent heartbeat more often than that
const GOING_AWAY = 1001;
const INVALID_FRAME = 1008;
/** The gateway's own subjects are its word only where it passes nothing on: an agent may not speak as the gateway. */
const RESERVED = new Set(["agent", "message", "chat", "token", "quote", "order", "log", "inbox", "test", "error"]);
export const ANSWER_TIMEOUT = 20_000;

/** Something asked or told by another agent, or by the gateway (`from` is undefined then). */
export interface AgentRequest {
  readonly subject: string;
  // biome-ignore lint/suspicious/noExplicitAny: any JSON value, which its handler knows
  readonly data: any;
  readonly from: string | undefined;
}

export type RequestHandler = (request: AgentRequest) => unknown;

export interface SessionOptions {
  readonly name: string;
  readonly url: string;
  readonly token: string | undefined;
  readonly tokens: TokenStore;
  readonly timeout: number;
  ready(): void;
  problem(what: string): void;
  tokenState(state: TokenState): void;
}

/** An agent on its link: shows its token, waits to be registered, heartbeats, asks and answers. */
export class AgentSession implements Session {
  registration: Registration | undefined;
  tokenState: TokenState | undefined;
  readonly handlers = new Map<string, RequestHandler>();
  readonly leases = new Leases(this);
  readonly turns: Turns;
  readonly #pending = new PendingRequests();
  #permanent: string | undefined;
  #ephemeral: string | undefined;
  #tokensRead = false;
  #kept: Promise<void> = Promise.resolve();
  #registered: Link | undefined;
  #deadline: ReturnType<typeof setTimeout> | undefined;
  #heartbeat: ReturnType<typeof setInterval> | undefined;

  constructor(private readonly options: SessionOptions) {
    this.#ephemeral = options.token;
    this.turns = new Turns(
      (subject, data) => this.#tellIfThere(subject, data),
      (what) => this.problem(what),
    );
  }

  // --- what the agent does

  isRegisteredOn(link: Link): boolean {
    return this.#registered === link;
  }

  async request(subject: string, data: unknown, timeout = ANSWER_TIMEOUT): Promise<unknown> {
    return this.#pending.ask(this.#requireLink(subject), subject, data, timeout);
  }

  tell(subject: string, data: unknown): void {
    this.#requireLink(subject).send({ subject, data });
  }

  problem(what: string): void {
    this.options.problem(what);
  }

  #requireLink(subject: string): Link {
    if (!this.#registered) {
      const text = `Not registered with the gateway right now: ${subject} was not sent`;
      throw new FairleadError("connection_lost", text);
    }
    return this.#registered;
  }

  #tellIfThere(subject: string, data: unknown): void {
    try {
      this.tell(subject, data);
    } catch (lost) {
      this.problem(`A chat does not hear it: ${messageOf(lost)}`);
    }
  }

  // --- the life of its link

  async prepare(): Promise<Address> {
    await this.#kept;
    if (!this.#tokensRead) {
      try {
        this.#permanent = await this.options.tokens.read();
      } catch (failure) {
        this.problem(`Cannot read the agent's token: ${messageOf(failure)}`);
      }
      this.#tokensRead = true;
    }
    const token = this.#permanent ?? this.#ephemeral;
    if (token === undefined) {
      const { name, tokens } = this.options;
      const text = `Agent '${name}' has no token: none is kept at ${tokens.place} and none was given.`;
      throw new FairleadError("unauthorized", text + this.#howToGetOne());
    }
    return { url: this.options.url, token };
  }

  opened(link: Link): void {
    this.#deadline = setTimeout(() => {
      const reason = `The gateway did not register the agent within ${this.options.timeout} ms`;
      link.abandon(GOING_AWAY, { reason });
    }, this.options.timeout);
  }

  frame(link: Link, envelope: Json): void {
    if (this.#registered === link) {
      this.#received(link, envelope);
    } else if (envelope.subject === "agent.register.ack") {
      void this.#register(link, envelope.data as Registration);
    } else {
      this.#reportError(envelope);
    }
  }

  ended(end: LinkEnd): boolean {
    clearTimeout(this.#deadline);
    clearInterval(this.#heartbeat);
    this.#registered = undefined;
    this.turns.lost();
    this.#pending.failAll(`The connection was lost: ${end.reason}`);
    return end.final === "unauthorized" && this.#refused();
  }

  advice(code: string): string {
    return code === "unauthorized" ? `.${this.#howToGetOne()}` : "";
  }

  async #register(link: Link, { token, ...registration }: Registration): Promise<void> {
    clearTimeout(this.#deadline);
    this.registration = registration;
    this.#registered = link;
    this.#heartbeat = setInterval(
      () => link.isOpen && link.send({ subject: "agent.heartbeat", data: {} }),
      Math.max(MIN_HEARTBEAT, registration.heartbeat_interval_ms),
    );
    if (token !== undefined) {
      this.#kept = this.#keep(token);
      await this.#kept;
    }
    if (this.#registered === link) {
      // not lost meanwhile
      this.options.ready();
      this.#heardTokenState(registration.token_state);
    }
  }

  /** The ephemeral token is spent by that. */
  async #keep(token: string): Promise<void> {
    this.#permanent = token;
    this.#ephemeral = undefined;
    try {
      await this.options.tokens.write(token);
    } catch (failure) {
      const text = "Cannot keep the agent's token: after a restart it will need a new one";
      this.problem(`${text}: ${messageOf(failure)}`);
    }
  }

  /** The token shown last was refused: forgets it and answers whether there is another one to try. */
  #refused(): boolean {
    if (this.#permanent === undefined) {
      this.#ephemeral = undefined;
      return false;
    }
    this.#permanent = undefined;
    if (this.#ephemeral === undefined) {
      return false;
    }
    this.problem(`The gateway refused the token kept at ${this.options.tokens.place}; trying the one given`);
    return true;
  }

  #howToGetOne(): string {
    return ` Get one with: fairlead token create ${this.options.name}`;
  }

  // --- what it hears

  #received(link: Link, envelope: Json): void {
    const { subject, data = {} } = envelope;
    if (typeof subject !== "string") {
      link.abandon(INVALID_FRAME, { reason: "The gateway sent what is no envelope" });
    } else if (RESERVED.has(subject.split(".", 1)[0] ?? "") && envelope.from !== undefined) {
      const text = `Only the gateway may say '${subject}', not agent '${String(envelope.from)}'`;
      this.problem(text);
      this.#reply(link, envelope, error(new FairleadError("reserved_subject", text), subject));
    } else if (subject.startsWith("inbox.")) {
      this.#pending.answered(subject, data);
    } else if (subject === "token.state") {
      this.#heardTokenState((data as { state: TokenState }).state);
    } else if (subject === "error") {
      this.#reportError(envelope);
    } else if (subject === "message.deliver") {
      void this.leases.handle(link, data as MessageDeliverData);
    } else if (subject === "chat.turn" && this.turns.handler) {
      void this.turns.take(data as ChatTurnData, this.turns.handler);
      this.#reply(link, envelope, {});
    } else if (subject === "chat.abort") {
      this.turns.abort((data as { turn_id: string }).turn_id);
      this.#reply(link, envelope, {});
    } else if (subject === "chat.decision") {
      this.turns.decided(data as ChatDecisionData);
      this.#reply(link, envelope, {});
    } else {
      void this.#handle(link, envelope, subject, data);
    }
  }

  async #handle(link: Link, envelope: Json, subject: string, data: unknown): Promise<void> {
    const handler = this.handlers.get(subject);
    const from = typeof envelope.from === "string" ? envelope.from : undefined;
    let answer: unknown;
    try {
      if (!handler) {
        throw new FairleadError("unknown_subject", `This agent does not answer ${subject}`);
      }
      answer = (await handler({ subject, data, from })) ?? {};
      JSON.stringify(answer);
    } catch (failure) {
      // Of our own faults, the asker is told no more than that there is one.
      if (!(failure instanceof FairleadError)) {
        this.problem(`The handler of ${subject} failed: ${messageOf(failure)}`);
      }
      const told =
        failure instanceof FairleadError ? failure : new FairleadError("internal", "The agent failed to answer");
      answer = error(told, subject);
    }
    this.#reply(link, envelope, answer);
  }

  /** A reply counts only on the connection that was asked: a link that is over sends nothing. */
  #reply(link: Link, envelope: Json, data: unknown): void {
    if (typeof envelope.reply === "string" && link.isOpen) {
      link.send({ subject: envelope.reply, data });
    }
  }

  #heardTokenState(state: TokenState): void {
    this.tokenState = state;
    this.options.tokenState(state);
  }

  #reportError(envelope: Json): void {
    if (isObject(envelope.data) && envelope.data.error !== undefined) {
      const refused = FairleadError.of(envelope.data.error);
      this.problem(`The gateway refused: ${refused.code}: ${refused.message}`);
    }
  }
}

function error(failure: FairleadError, subject: string): Json {
  return { error: { code: failure.code, message: failure.message, subject } };
}
