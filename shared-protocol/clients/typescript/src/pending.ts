import { randomId } from "#platform";
import { FairleadError, isObject } from "./errors.js";
import type { Link } from "./link.js";

const MAX = 1024;

interface Waiting {
  answered(data: unknown): void;
  failed(why: FairleadError): void;
}

/** The requests an agent waits to have answered: each on an inbox of its own, that nobody can guess, each at most once. */
export class PendingRequests {
  readonly #prefix = `inbox.${randomId()}`;
  readonly #waiting = new Map<string, Waiting>();
  #count = 0;

  ask(link: Link, subject: string, data: unknown, timeout: number): Promise<unknown> {
    if (this.#waiting.size >= MAX) {
      return Promise.reject(new FairleadError("busy", `${MAX} requests wait for an answer already`));
    }
    const inbox = `${this.#prefix}.${++this.#count}`;
    return new Promise((resolve, reject) => {
      const late = setTimeout(
        () => waiting.failed(new FairleadError("timeout", `No answer to ${subject} within ${timeout} ms`)),
        timeout,
      );
      const over = () => {
        clearTimeout(late);
        this.#waiting.delete(inbox);
      };
      const waiting: Waiting = {
        answered: (answer) => {
          over();
          resolve(answer);
        },
        failed: (why) => {
          over();
          reject(why);
        },
      };
      try {
        link.send({ subject, reply: inbox, data });
        this.#waiting.set(inbox, waiting);
      } catch (failure) {
        over();
        reject(failure);
      }
    });
  }

  /** One that comes late, or twice, is nobody's. */
  answered(inbox: string, data: unknown): void {
    const waiting = this.#waiting.get(inbox);
    if (isObject(data) && isObject(data.error)) {
      waiting?.failed(FairleadError.of(data.error));
    } else {
      waiting?.answered(data);
    }
  }

  /** The connection is gone, and with it every answer. */
  failAll(reason: string): void {
    for (const waiting of [...this.#waiting.values()]) {
      waiting.failed(new FairleadError("connection_lost", reason));
    }
  }
}
