/** Ten minutes in steps of 20 seconds. */
export const STEPS = 30;
const STEP_MILLIS = 20_000;

/** The most of something in each step of late; nothing where it was not looked at. */
export class Trend {
  readonly #values = new Array<number>(STEPS).fill(0);
  #newest = 0;

  add(at: number, value: number): void {
    const step = Math.floor(at / STEP_MILLIS);
    if (step > this.#newest) {
      for (let i = Math.max(this.#newest + 1, step - STEPS + 1); i <= step; i++) {
        this.#values[i % STEPS] = 0;
      }
      this.#newest = step;
    }
    if (step > this.#newest - STEPS) {
      this.#values[step % STEPS] = Math.max(this.#values[step % STEPS] ?? 0, value);
    }
  }

  /** Begins with values that are a step apart, the last of them of then. */
  static of(values: readonly number[], at: number): Trend {
    const trend = new Trend();
    values.forEach((value, i) => trend.add(at - (values.length - 1 - i) * STEP_MILLIS, value));
    return trend;
  }

  /** Oldest first, up to the newest. */
  read(): number[] {
    return Array.from(
      { length: STEPS },
      (_, i) => this.#values[(this.#newest + 1 + i) % STEPS] ?? 0,
    );
  }
}
