/** Time and chance, given to whoever needs them so that tests can move the one and fix the other. */
export interface Clock {
  /** Milliseconds that only ever grow. */
  now(): number;
  /** Runs `task` in so many milliseconds; the returned function calls it off. */
  after(millis: number, task: () => void): () => void;
  /** From 0 to just below 1. */
  random(): number;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  after: (millis, task) => {
    const timer = setTimeout(task, millis);
    return () => clearTimeout(timer);
  },
  random: () => Math.random(),
};
