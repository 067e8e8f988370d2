import { FairleadError } from "./errors.js";
import type { MessageSendData, MessageSentData } from "./frames.js";

const MAX_WAITING = 10_000;
const WINDOW = 64;
const RESEND_AFTER = 500;

interface Entry {
  readonly number: number;
  readonly message: MessageSendData;
  taken(answer: MessageSentData): void;
  refused(why: unknown): void;
}

/**
 * Messages on their way to the gateway: kept until it has taken each, and sent again with the same key after a lost
 * connection, where it asks to come back, and where it cannot say what became of them.
 */
export class Outbox {
  readonly #waiting: Entry[] = [];
  readonly #sent = new Set<Entry>();
  #again: Entry[] = [];
  #count = 0;
  #paused = false;
  #pause = RESEND_AFTER;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly post: (message: MessageSendData) => Promise<MessageSentData>,
    private readonly whenReady: () => Promise<void>,
  ) {}

  send(message: MessageSendData): Promise<MessageSentData> {
    if (this.#waiting.length + this.#sent.size + this.#again.length >= MAX_WAITING) {
      const text = `${MAX_WAITING} messages wait for the gateway already; try again later`;
      return Promise.reject(new FairleadError("busy", text));
    }
    return new Promise((taken, refused) => {
      this.#waiting.push({ number: ++this.#count, message, taken, refused });
      this.#pump();
    });
  }

  failAll(why: FairleadError): void {
    clearTimeout(this.#timer);
    for (const entry of [...this.#waiting.splice(0), ...this.#again, ...this.#sent]) {
      entry.refused(why);
    }
    this.#again = [];
    this.#sent.clear();
  }

  #pump(): void {
    while (!this.#paused && this.#sent.size < WINDOW) {
      const entry = this.#waiting.shift();
      if (!entry) {
        return;
      }
      this.#sent.add(entry);
      this.post(entry.message).then(
        (answer) => {
          this.#sent.delete(entry);
          entry.taken(answer);
          this.#answered();
        },
        (why: unknown) => {
          this.#failed(entry, why);
          this.#answered();
        },
      );
    }
  }

  #failed(entry: Entry, why: unknown): void {
    if (!this.#sent.delete(entry)) {
      return;
    }
    if (why instanceof FairleadError && why.retryable) {
      this.#again.push(entry);
      this.#paused = true; // what was sent with it is answered first: then all go again in their order
      this.#pause = Math.max(this.#pause, why.retryAfter);
    } else {
      entry.refused(why);
    }
  }

  #answered(): void {
    if (this.#paused && this.#sent.size === 0 && this.#again.length > 0) {
      this.#waiting.unshift(...this.#again.sort((one, other) => one.number - other.number));
      this.#again = [];
      this.#timer = setTimeout(() => this.#resume(), this.#pause);
    }
    this.#pump();
  }

  #resume(): void {
    this.whenReady().then(
      () => {
        this.#pause = RESEND_AFTER;
        this.#paused = false;
        this.#pump();
      },
      (stopped: FairleadError) => this.failAll(stopped),
    );
  }
}
