/** Lines that came together; `end` is the cursor behind the last of them, `from` how many had come before. */
interface Came {
  from: number;
  count: number;
  end: string;
}

/** Where in the log the lines stand that came lately. */
export class CameFrames {
  #frames: Came[] = [];
  #came = 0;

  add(count: number, end: string): void {
    this.#frames.push({ from: this.#came, count, end });
    this.#came += count;
  }

  /** Of lines before the one that `first` came before, nobody will ask any more. */
  forget(first: number): void {
    const kept = this.#frames.findIndex(({ from, count }) => from + count > first);
    // The last stays: what was there before it can be asked for where nothing is shown at all.
    this.#frames.splice(0, kept < 0 ? Math.max(0, this.#frames.length - 1) : kept);
  }

  /** A cursor behind the line that `first` came before, and how many lines before that cursor are that line and later. */
  around(first: number): { before: string; skip: number } | undefined {
    const frame = this.#frames.find(({ from, count }) => from + count > first) ?? this.#frames.at(-1);
    return frame && { before: frame.end, skip: Math.max(0, frame.from + frame.count - first) };
  }
}
