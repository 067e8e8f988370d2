import type { Clock } from "./clock.ts";

/** A clock that stands still until a test moves it. */
export class ManualClock implements Clock {
  #now = 0;
  #due: { at: number; task: () => void }[] = [];
  /** What `random` gives. */
  chance = 1;

  now(): number {
    return this.#now;
  }

  random(): number {
    return this.chance;
  }

  after(millis: number, task: () => void): () => void {
    const entry = { at: this.#now + millis, task };
    this.#due.push(entry);
    return () => {
      this.#due = this.#due.filter((other) => other !== entry);
    };
  }

  /** Moves on; what comes due meanwhile runs at its time. */
  async advance(millis: number): Promise<void> {
    const end = this.#now + millis;
    await settled();
    for (;;) {
      const next = this.#due.filter((entry) => entry.at <= end).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) {
        break;
      }
      this.#due = this.#due.filter((entry) => entry !== next);
      this.#now = Math.max(this.#now, next.at);
      next.task();
      await settled();
    }
    this.#now = end;
  }
}

/** Lets promises that are due be heard. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 10; i++) {
    await Promise.resolve();
  }
}
