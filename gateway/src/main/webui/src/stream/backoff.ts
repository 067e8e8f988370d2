const FIRST_MILLIS = 1_000;
const CAP_MILLIS = 30_000;

/**
 * How long to wait before the next attempt: 1, 2, 4, 8, 16, then 30 s, for ever; each × (0.5 + random × 0.5), so that
 * all the pages that lost a gateway do not come back as one.
 */
export class Backoff {
  #step = FIRST_MILLIS;

  constructor(private readonly random: () => number) {}

  /** Milliseconds until the next attempt; the one after that waits longer. */
  next(): number {
    const delay = this.#step * (0.5 + this.random() * 0.5);
    this.#step = Math.min(this.#step * 2, CAP_MILLIS);
    return delay;
  }

  /** The connection is good: the next failure is the first again. */
  reset(): void {
    this.#step = FIRST_MILLIS;
  }
}
