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

/** Marks a text wherever it stands in lines that were found by it; an empty one marks nothing. */
export function markAll(list: Element, wanted: string): void {
  if (typeof CSS !== "undefined" && "highlights" in CSS) {
    CSS.highlights.set(ALL, new Highlight(...(wanted === "" ? [] : ranges(list, wanted.toLowerCase()))));
  }
}

/** Places in the lines as they are seen: a colour that changes within a word does not hide it. */
function* ranges(list: Element, wanted: string): Generator<Range> {
  let found = 0;
  for (const line of list.querySelectorAll(".log-text")) {
    const text = (line.textContent ?? "").toLowerCase();
    let at = text.indexOf(wanted);
    if (at < 0) {
      continue;
    }
    const nodes = textNodes(line);
    for (; at >= 0; at = text.indexOf(wanted, at + wanted.length)) {
      if (++found > MAX_MARKED) {
        return;
      }
      const range = document.createRange();
      range.setStart(...place(nodes, at, false));
      range.setEnd(...place(nodes, at + wanted.length, true));
      yield range;
    }
  }
}

function textNodes(line: Element): Text[] {
  const nodes: Text[] = [];
  const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    nodes.push(node as Text);
  }
  return nodes;
}

/** The node and offset of a character of the line; at a border of two nodes the end belongs to the first. */
function place(nodes: Text[], at: number, isEnd: boolean): [Text, number] {
  let left = at;
  for (const node of nodes) {
    if (left < node.length || (isEnd && left === node.length)) {
      return [node, left];
    }
    left -= node.length;
  }
  const last = nodes[nodes.length - 1]!;
  return [last, last.length];
}
