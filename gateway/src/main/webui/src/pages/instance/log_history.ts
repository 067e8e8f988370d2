import type { LogLine } from "./log_buffer.ts";
import { element, layOut } from "./log_line.ts";

/** So far out of sight, lines are held that one may scroll to next. */
const MARGIN = "900px 0px";
/** A page that is only passed over is not fetched. */
const RESTS_MILLIS = 80;

/** A stretch of lines that is in the document only while it is near what is in sight. */
interface Stretch {
  /** Takes its lines out. */
  empty(): void;
  fill(): void;
}

/**
 * What was read back of a log, above the lines that are followed: any number of pages, of which those near the part in
 * sight have their lines in the document and all others their height alone. Lines read back are forgotten and fetched
 * again, those that were followed are kept aside; so that the page holds no more the further back one goes.
 */
export class LogHistory {
  readonly #pages = document.createElement("div");
  readonly #stretches = new Map<Element, Stretch>();
  readonly #aside = new Map<Element, DocumentFragment>();
  readonly #watch: IntersectionObserver;
  #lines = 0;

  /** @param list the lines that are followed, in chunks; they stay as they are until `end` */
  constructor(private readonly box: HTMLElement, private readonly list: HTMLElement) {
    this.#pages.className = "log-pages";
    list.before(this.#pages);
    this.#watch = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) {
        const stretch = this.#stretches.get(target);
        isIntersecting ? stretch?.fill() : stretch?.empty();
      }
    }, { root: box, rootMargin: MARGIN });
    for (const chunk of list.querySelectorAll<HTMLElement>(".log-chunk")) {
      this.#add(chunk, this.#followed(chunk));
    }
  }

  /** How many lines were read back. */
  get lines(): number {
    return this.#lines;
  }

  /** Puts a page above all others; returns it. */
  add(lines: LogLine[], again: () => Promise<LogLine[]>): Element {
    const page = this.#page(lines);
    this.#keepingPlace(() => this.#pages.prepend(page));
    this.#add(page, this.#readBack(page, again));
    return page;
  }

  /** Puts a page below all others; returns it. */
  append(lines: LogLine[], again: () => Promise<LogLine[]>): Element {
    const page = this.#page(lines);
    this.#pages.append(page);
    this.#add(page, this.#readBack(page, again));
    return page;
  }

  #page(lines: LogLine[]): HTMLElement {
    const page = document.createElement("div");
    page.className = "log-page";
    page.append(...lines.map(element));
    this.#lines += lines.length;
    return page;
  }

  /** Where the lines of `chunk` are that were put aside; missing where they are in it. */
  parked(chunk: Element): DocumentFragment | undefined {
    return this.#aside.get(chunk);
  }

  /** Only what was followed is left. */
  end(): void {
    this.#watch.disconnect();
    this.#stretches.clear();
    this.#aside.forEach((lines, chunk) => {
      layOut(lines);
      chunk.append(lines);
      unfix(chunk as HTMLElement);
    });
    this.#aside.clear();
    this.#pages.remove();
  }

  #add(target: HTMLElement, stretch: Stretch): void {
    this.#stretches.set(target, stretch);
    this.#watch.observe(target);
  }

  #followed(chunk: HTMLElement): Stretch {
    return {
      empty: () => {
        if (!this.#aside.has(chunk)) {
          fix(chunk);
          const lines = document.createDocumentFragment();
          lines.append(...chunk.childNodes);
          this.#aside.set(chunk, lines);
        }
      },
      fill: () => {
        const lines = this.#aside.get(chunk);
        if (lines !== undefined) {
          this.#aside.delete(chunk);
          layOut(lines);
          this.#keepingPlace(() => {
            chunk.append(lines);
            unfix(chunk);
          });
        }
      },
    };
  }

  #readBack(page: HTMLElement, again: () => Promise<LogLine[]>): Stretch {
    let wanted = true;
    let timer = 0;
    const fetched = async () => {
      try {
        const lines = await again();
        if (wanted && page.childElementCount === 0) {
          this.#keepingPlace(() => {
            page.append(...lines.map(element));
            unfix(page);
          });
        }
      } catch {
        // The next time one comes by it is tried again; the link says why it does not work.
      }
    };
    return {
      empty: () => {
        wanted = false;
        clearTimeout(timer);
        if (page.childElementCount > 0) {
          fix(page);
          page.replaceChildren();
        }
      },
      fill: () => {
        wanted = true;
        if (page.childElementCount === 0) {
          clearTimeout(timer);
          timer = setTimeout(() => void fetched(), RESTS_MILLIS);
        }
      },
    };
  }

  /** Whatever changes above, what one reads stays where it is. */
  #keepingPlace(change: () => void): void {
    const top = this.box.getBoundingClientRect().top;
    const all = [...this.#pages.children, ...this.list.children];
    const seen = all.find((one) => one.getBoundingClientRect().bottom > top);
    const line = [...seen?.children ?? []].find((one) => one.getBoundingClientRect().bottom > top) ?? seen;
    const before = line?.getBoundingClientRect().top;
    change();
    if (line !== undefined && before !== undefined) {
      this.box.scrollTop += line.getBoundingClientRect().top - before;
    }
  }
}

/** As high as it is now, whatever is in it. */
function fix(element: HTMLElement): void {
  element.style.height = `${element.getBoundingClientRect().height}px`;
}

function unfix(element: HTMLElement): void {
  element.style.height = "";
}
