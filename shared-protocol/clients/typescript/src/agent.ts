import { environment, onTermination, randomId, tokenStore } from "#platform";
import { Backoff } from "./backoff.js";
import { FairleadError } from "./errors.js";
import type { MessageSendData, MessageSentData, Registration, TokenState } from "./frames.js";
import { type ConnectionState, endpoint, ReconnectingLink } from "./link.js";
import type { MessageHandler } from "./messages.js";
import { Outbox } from "./outbox.js";
import { AgentSession, ANSWER_TIMEOUT, type RequestHandler } from "./session.js";
import type { ChatHandler } from "./turns.js";

const NAME = /^[a-z0-9][a-z0-9-]{0,62}$/;

export interface AgentOptions {
  /** Of the gateway, or of its agent socket. */
  url: string;
  name: string;
  /** Ephemeral, good for one hour and one registration; needed until a permanent one is kept. */
  token?: string | undefined;
  /** The permanent token is kept at `<tokenRoot>/<name>/token`; `~/.fairlead/agents` where absent. Node alone. */
  tokenRoot?: string;
  /** Of the agent itself, shown to the operator. */
  version?: string;
  /** What it can do, in words of its own without a comma, shown to the operator. */
  capabilities?: readonly string[];
  /** Milliseconds for a connection to be made, and again for the registration on it. */
  timeout?: number;
  /** Milliseconds without any frame after which the link is dead. */
  silence?: number;
  backoff?: Backoff;
  /** Hears each change of the connection. */
  onState?: (state: ConnectionState) => void;
  /** Hears what a person should know of, never a secret; `console.warn` where absent. */
  onProblem?: (what: string) => void;
  /** Hears the state of the gateway's upstream token, at each registration and on each change. */
  onTokenState?: (state: TokenState) => void;
}

export interface SendOptions {
  correlationId?: string;
  /** What makes a repetition known for 24 h; made up where absent. */
  idempotencyKey?: string;
  ttlSeconds?: number;
  /** Held back while the gateway's upstream token is not usable. */
  requiresToken?: boolean;
}

/**
 * An agent: connects with its token, registers, heartbeats, asks and answers, and reconnects for ever.
 *
 * It stops by itself, and says why, where another attempt would be no use: it has no token or a refused one, may not
 * connect, or another connection of the same agent took over. A stopped agent stays stopped. Set handlers before `start`.
 */
export class Agent {
  readonly #session: AgentSession;
  readonly #link: ReconnectingLink;
  readonly #outbox: Outbox;

  constructor(options: AgentOptions) {
    if (!NAME.test(options.name)) {
      throw new TypeError(`Agent name '${options.name}' must match ${NAME.source}`);
    }
    const timeout = options.timeout ?? 10_000;
    this.#session = new AgentSession({
      name: options.name,
      // The same nonce for each attempt: should the reply that brings the permanent token be lost, it is given again.
      url: endpoint(options.url, "/ws/agent", {
        nonce: randomId(),
        version: options.version,
        capabilities: options.capabilities?.length ? options.capabilities.join(",") : undefined,
      }),
      token: options.token,
      tokens: tokenStore(options.name, options.tokenRoot),
      timeout,
      ready: () => this.#link.ready(),
      problem: options.onProblem ?? ((what) => console.warn(`agent ${options.name}: ${what}`)),
      tokenState: (state) => options.onTokenState?.(state),
    });
    this.#link = new ReconnectingLink(this.#session, {
      timeout,
      silence: options.silence ?? 90_000,
      backoff: options.backoff ?? Backoff.agents(),
      onState: options.onState,
      // A gateway behind a proxy may answer 404 while it is being replaced: an agent waits for it.
      tolerated: ["not_found", "bad_request"],
    });
    this.#outbox = new Outbox(
      async (message) => (await this.#session.request("message.send", message)) as MessageSentData,
      () => this.#link.whenReady(),
    );
  }

  /** With what a gateway tells the instances it starts: `FAIRLEAD_URL`, `FAIRLEAD_AGENT_NAME`, `FAIRLEAD_TOKEN`. */
  static fromEnvironment(options: Partial<AgentOptions> = {}, from = environment()): Agent {
    const required = (variable: string) => {
      const value = from[variable]?.trim();
      if (!value) {
        throw new FairleadError("bad_request", `${variable} is not set`);
      }
      return value;
    };
    return new Agent({
      url: required("FAIRLEAD_URL"),
      name: required("FAIRLEAD_AGENT_NAME"),
      token: from.FAIRLEAD_TOKEN?.trim() || undefined,
      ...options,
    });
  }

  /**
   * Answers a request of another agent (`agents.<this agent>.<subject>` for them) or of the gateway, and hears what the
   * gateway tells without asking (`quote.update`, `order.update`). What is returned is the reply, any JSON value; a
   * FairleadError is told to the asker as it stands, any other failure only as `internal`.
   */
  onRequest(subject: string, handler: RequestHandler): this {
    this.#session.handlers.set(subject, handler);
    return this;
  }

  /**
   * Handles durable messages. Where the handler is done the message is acknowledged; where it throws, it is tried again
   * later, with the error's text as the reason people see. While a handler works its lease is prolonged. Up to 64 may be
   * at work at once.
   */
  onMessage(handler: MessageHandler): this {
    this.#session.leases.handler = handler;
    return this;
  }

  /** Answers in chats (`agent:<name>`): what is returned is the whole answer. */
  onChat(handler: ChatHandler): this {
    this.#session.turns.handler = handler;
    return this;
  }

  get state(): ConnectionState {
    return this.#link.state;
  }

  /** What the gateway said at the last registration, its token left out. */
  get registration(): Registration | undefined {
    return this.#session.registration;
  }

  /** The last state heard of the gateway's upstream token. */
  get tokenState(): TokenState | undefined {
    return this.#session.tokenState;
  }

  /** Begins. Resolves at the first registration; rejects, with the reason, where there will never be one. */
  async start(): Promise<void> {
    this.#link.start();
    await this.#link.whenReady();
  }

  /** Until it is closed, by SIGTERM or SIGINT too. Rejects where the gateway has no use for it. */
  async run(): Promise<void> {
    const undo = onTermination(() => this.close());
    try {
      this.#link.start();
      await this.#link.whenStopped();
    } finally {
      undo();
      this.close();
    }
  }

  /** Says good-bye (close 1000) and ends. Requests and messages that wait fail. */
  close(): void {
    this.#link.close();
    this.#outbox.failAll(new FairleadError("connection_lost", "The agent was closed before it was sent"));
  }

  /**
   * Asks the gateway, or with `agents.<name>.<subject>` another agent; resolves to the reply's data, any JSON value.
   *
   * Rejects with a FairleadError: the error in the reply, `timeout`, or `connection_lost` where the connection is not
   * there or ended before the answer came (it may have been handled all the same).
   */
  request(subject: string, data: unknown = {}, timeout = ANSWER_TIMEOUT): Promise<unknown> {
    return this.#session.request(subject, data, timeout);
  }

  /** Tells the gateway something and waits for no answer. Throws `connection_lost` where it is not there. */
  tell(subject: string, data: unknown = {}): void {
    this.#session.tell(subject, data);
  }

  /**
   * Sends a durable message; resolves when the gateway has it on disk, however long that takes.
   *
   * It is sent again after a lost connection, and where the gateway cannot say what became of it, always with the same
   * key: it stays one message. Give an `idempotencyKey` of your own where it shall stay one over a restart of this
   * program, too. Rejects where it is refused (`unknown_recipient`, `payload_too_large`, `conflict`), where too many
   * wait here (`busy`), or the agent is closed first (`connection_lost`).
   */
  send(to: string, type: string, payload: unknown, options: SendOptions = {}): Promise<MessageSentData> {
    const message: MessageSendData = {
      to,
      type,
      payload: payload === undefined ? null : payload,
      idempotency_key: options.idempotencyKey ?? randomId(),
    };
    if (options.correlationId !== undefined) {
      message.correlation_id = options.correlationId;
    }
    if (options.ttlSeconds !== undefined) {
      message.ttl_seconds = options.ttlSeconds;
    }
    if (options.requiresToken) {
      message.requires = "token.valid";
    }
    return this.#outbox.send(message);
  }

  /** Appends lines to this agent's log at the gateway, kept and shown like an instance's. */
  async log(...lines: string[]): Promise<void> {
    await this.request("log.append", { lines });
  }
}
