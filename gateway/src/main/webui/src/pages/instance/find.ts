/** How many found places are marked; more would only slow the page down. */
const MAX_MARKED = 1_000;
const ALL = "log-found";
const CURRENT = "log-found-current";

/**
 * Finds text in what is shown. The places are marked by the browser's own highlights, which leave the document as it is;
 * one without them still finds and scrolls.
 */
export class Finder {
  #ranges: Range[] = [];
  #at = -1;

  get count(): number {
    return this.#ranges.length;
  }

  /** Which of them is the current one, from 1; 0 for none. */
  get position(): number {
    return this.#at + 1;
  }

  /** Looks through the lines anew; upper and lower case are the same. */
  find(list: Element, wanted: string): void {
    const before = this.#ranges[this.#at]?.startContainer;
    this.#ranges = wanted === "" ? [] : [...ranges(list, wanted.toLowerCase())];
    const same = this.#ranges.findIndex((range) => range.startContainer === before);
    this.#at = same >= 0 ? same : this.#ranges.length - 1;
    this.#mark();
  }

  /** Goes to the next one up or down and brings it into sight. */
  step(by: 1 | -1): void {
    if (this.#ranges.length === 0) {
      return;
    }
    this.#at = (this.#at + by + this.#ranges.length) % this.#ranges.length;
    this.#mark();
    this.#ranges[this.#at]?.startContainer.parentElement?.scrollIntoView({ block: "center" });
  }

  end(): void {
    this.#ranges = [];
    this.#at = -1;
    this.#mark();
  }

  #mark(): void {
    if (typeof CSS === "undefined" || !("highlights" in CSS)) {
      return;
    }
    CSS.highlights.delete(ALL);
    CSS.highlights.delete(CURRENT);
    if (this.#ranges.length > 0) {
      CSS.highlights.set(ALL, new Highlight(...this.#ranges));
      const current = this.#ranges[this.#at];
      if (current !== undefined) {
        const highlight = new Highlight(current);
        highlight.priority = 1;
        CSS.highlights.set(CURRENT, highlight);
      }
    }
  }
}

function* ranges(list: Element, wanted: string): Generator<Range> {
  let found = 0;
  const walker = document.createTreeWalker(list, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    if (node.parentElement?.closest(".log-text") === null) {
      continue;
    }
    const text = (node.textContent ?? "").toLowerCase();
    for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length)) {
      if (++found > MAX_MARKED) {
        return;
      }
      const range = document.createRange();
      range.setStart(node, at);
      range.setEnd(node, Math.min(at + wanted.length, node.textContent?.length ?? 0));
      yield range;
    }
  }
}
