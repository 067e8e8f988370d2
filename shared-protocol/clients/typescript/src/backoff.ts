/**
 * How long to wait before the next attempt: 1 s, doubled with each failure up to a cap, for ever; each delay ×
 * (0.5 + random × 0.5), so that a fleet that lost its gateway does not come back as one. In milliseconds.
 */
export class Backoff {
  #step: number;

  constructor(
    private readonly first: number,
    private readonly cap: number,
    private readonly chance: () => number = Math.random,
  ) {
    if (first <= 0 || cap < first) {
      throw new RangeError("A backoff begins with more than nothing and ends with no less");
    }
    this.#step = first;
  }

  /** 1, 2, 4 … then 60 s: reset at registration. */
  static agents(): Backoff {
    return new Backoff(1_000, 60_000);
  }

  /** 1, 2, 4, 8, 16, then 30 s: reset at the first frame received. */
  static streams(): Backoff {
    return new Backoff(1_000, 30_000);
  }

  /** The delay before the next attempt; the one after that is longer. */
  next(): number {
    const delay = this.#step * (0.5 + this.chance() * 0.5);
    this.#step = Math.min(this.#step * 2, this.cap);
    return delay;
  }

  /** The connection is good: the next failure is the first again. */
  reset(): void {
    this.#step = this.first;
  }
}
