import type { MessageEvent, MessageEventKind } from "wire";
import type { MessageSummary } from "../../app/rest.ts";

/** As many messages as are kept on the page. */
export const MAX_MESSAGES = 2_000;

/** A message as its latest event left it. */
export interface MessageRow {
  id: string;
  from: string;
  to: string;
  type: string;
  correlation: string;
  status: MessageEventKind;
  /** Of the latest event, ISO-8601. */
  at: string;
  detail: string;
  /** Missing where only events of it were seen. */
  whole?: MessageSummary;
}

/** Messages by their latest event, from REST and from the stream, whichever knows more. Holds no element of the page. */
export class MessageList {
  readonly #rows = new Map<string, MessageRow>();
  #forgotten = 0;

  get size(): number {
    return this.#rows.size;
  }

  /** Messages that had to go for newer ones. */
  get forgotten(): number {
    return this.#forgotten;
  }

  /**
   * What REST knows. Its answer may be older than an event that was heard meanwhile, which then counts.
   *
   * @param latest nothing is heard at present, so that the answer is the latest there is
   */
  learn(message: MessageSummary, latest = false): void {
    const before = this.#rows.get(message.message_id);
    const told = message.settled_at ?? message.accepted_at;
    const later = !latest && before !== undefined && before.at > told;
    this.#put({
      id: message.message_id,
      from: message.from,
      to: message.to,
      type: message.type,
      correlation: message.correlation_id ?? "",
      status: later ? before.status : message.status,
      at: before !== undefined && before.at > told ? before.at : told,
      detail: before?.detail ?? "",
      whole: message,
    });
  }

  /** One event; what is older than what is known changes nothing. */
  apply(event: MessageEvent): void {
    const before = this.#rows.get(event.message_id);
    if (before !== undefined && before.at > event.timestamp) {
      return;
    }
    this.#put({
      id: event.message_id,
      from: event.from,
      to: event.to,
      type: event.message_type,
      correlation: event.correlation_id ?? before?.correlation ?? "",
      status: event.event,
      at: event.timestamp,
      detail: event.detail ?? "",
      ...(before?.whole && { whole: before.whole }),
    });
  }

  /** The latest first. */
  rows(): MessageRow[] {
    return [...this.#rows.values()].reverse().sort((a, b) => a.at < b.at ? 1 : a.at > b.at ? -1 : 0);
  }

  #put(row: MessageRow): void {
    this.#rows.delete(row.id);
    this.#rows.set(row.id, row);
    if (this.#rows.size > MAX_MESSAGES + MAX_MESSAGES / 10) {
      // In one go, so that a busy bus does not pay for it with each event.
      const oldest = this.rows().slice(MAX_MESSAGES);
      oldest.forEach((one) => this.#rows.delete(one.id));
      this.#forgotten += oldest.length;
    }
  }
}
