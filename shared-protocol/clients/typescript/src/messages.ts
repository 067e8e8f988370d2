import { FairleadError, messageOf } from "./errors.js";
import type { MessageDeliverData } from "./frames.js";
import type { Link } from "./link.js";

const EXTEND_EVERY = 10_000; // well below the gateway's shortest usual lease

/** A durable message that this agent holds a lease on. */
export interface Message {
  readonly messageId: string;
  readonly attempt: number;
  readonly from: string;
  readonly type: string;
  // biome-ignore lint/suspicious/noExplicitAny: any JSON value, which its handler knows
  readonly payload: any;
  readonly correlationId: string | undefined;
  readonly sentAt: Date;
  /** Whether it may have been handled before: the same `messageId` then. */
  readonly redelivered: boolean;
}

export type MessageHandler = (message: Message) => unknown;

interface Asker {
  isRegisteredOn(link: Link): boolean;
  request(subject: string, data: unknown): Promise<unknown>;
  problem(what: string): void;
}

/** The messages an agent is sent: each is a lease, until it is settled. */
export class Leases {
  handler: MessageHandler | undefined;

  constructor(private readonly asker: Asker) {}

  async handle(link: Link, data: MessageDeliverData): Promise<void> {
    if (!this.handler) {
      this.asker.problem(`Message ${data.message_id} is not handled: this agent takes no messages`);
      return;
    }
    const message: Message = {
      messageId: data.message_id,
      attempt: data.attempt,
      from: data.from,
      type: data.type,
      payload: data.payload,
      correlationId: data.correlation_id ?? undefined,
      sentAt: new Date(data.sent_at),
      redelivered: data.redelivered,
    };
    const extending = setInterval(() => void this.#settle(link, "message.extend", message), EXTEND_EVERY);
    let failure: string | undefined;
    try {
      await this.handler(message);
    } catch (thrown) {
      failure = messageOf(thrown);
    } finally {
      clearInterval(extending);
    }
    await this.#settle(link, failure === undefined ? "message.ack" : "message.fail", message, failure);
  }

  /** Lost with the connection it was to go out on, it is of no use on another: the gateway delivers again. */
  async #settle(link: Link, how: string, message: Message, reason?: string): Promise<void> {
    if (!this.asker.isRegisteredOn(link)) {
      return;
    }
    try {
      await this.asker.request(how, { message_id: message.messageId, attempt: message.attempt, reason });
    } catch (refusal) {
      if (!(refusal instanceof FairleadError) || refusal.code !== "connection_lost") {
        const which = `Message ${message.messageId}, attempt ${message.attempt}`;
        this.asker.problem(`${which}: ${how} was not taken: ${messageOf(refusal)}`);
      }
    }
  }
}
