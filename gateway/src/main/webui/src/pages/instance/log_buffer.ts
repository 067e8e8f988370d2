/** At most so many lines are in the document. */
export const MAX_LINES = 2_000;

/**
 * A line as it came; `at` is when it was written, in milliseconds of the wall clock, and missing where nobody was there to
 * see. A `target` is the one a link is about; one among those of other logs has the `name` of its own.
 */
export interface LogLine {
  text: string;
  name?: string;
  at?: number;
  target?: boolean;
}

let parsed = "";
let parsedAt = 0;

/** The lines of a frame or page. Those that came together have the same time, which is dear to read. */
export function timed(
  { lines, times }: { lines: string[]; times: (string | null | undefined)[] },
): LogLine[] {
  return lines.map((text, i): LogLine => {
    const time = times[i];
    if (time == null) {
      return { text };
    }
    if (time !== parsed) {
      parsed = time;
      parsedAt = Date.parse(time);
    }
    return { text, at: parsedAt };
  });
}

/**
 * Decides which lines of a log are shown: all while it is followed, up to a bound; while it is paused, new ones wait
 * behind what is shown. Counts whatever goes out of sight for good, so that nothing is dropped without a word. Holds no
 * element of the page.
 */
export class LogBuffer {
  #shown = 0;
  #waiting: LogLine[] = [];
  #paused = false;
  #new = 0;
  #scrolledOut = 0;
  /** Lines that came, ever, and which of them is the first shown. */
  #came = 0;
  #first = 0;

  get paused(): boolean {
    return this.#paused;
  }

  /** Lines that came since it was paused. */
  get fresh(): number {
    return this.#new;
  }

  /** Lines that were received and are no longer on the page. */
  get scrolledOut(): number {
    return this.#scrolledOut;
  }

  get shown(): number {
    return this.#shown;
  }

  /** How many lines came before the first one shown, be they shown once or not. */
  get first(): number {
    return this.#first;
  }

  /** Lines came; they are shown at the next `take`. */
  add(lines: LogLine[]): void {
    for (const line of lines) {
      this.#waiting.push(line);
    }
    this.#came += lines.length;
    if (this.#paused) {
      this.#new += lines.length;
    }
    const excess = this.#waiting.length - MAX_LINES;
    if (excess > 0) {
      this.#waiting.splice(0, excess);
      this.#scrolledOut += excess;
    }
  }

  /** What to put at the end now, and how many of the oldest lines to take out for it. Nothing while it is paused. */
  take(): { add: LogLine[]; remove: number } {
    if (this.#paused || this.#waiting.length === 0) {
      return { add: [], remove: 0 };
    }
    const add = this.#waiting;
    this.#waiting = [];
    const remove = Math.min(this.#shown, Math.max(0, this.#shown + add.length - MAX_LINES));
    this.#first = remove === this.#shown ? this.#came - add.length : this.#first + remove;
    this.#shown += add.length - remove;
    this.#scrolledOut += remove;
    return { add, remove };
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#new = 0;
  }

  /** Nothing is shown any more, by the reader's own wish. */
  clear(): void {
    this.#shown = 0;
    this.#first = this.#came;
    this.#waiting = [];
    this.#new = 0;
    this.#scrolledOut = 0;
  }
}
