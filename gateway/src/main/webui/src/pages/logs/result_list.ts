import { withBase } from "../../app/base.ts";
import { timeAndDay, wholeTime } from "../../app/time.ts";
import { markAll } from "../instance/find.ts";
import { lineText } from "../instance/log_line.ts";
import type { Match, SearchRun } from "./search_run.ts";

/** Steps of the keys that move from line to line; a page is about what is in sight. */
const STEPS: Readonly<Record<string, number>> = {
  ArrowDown: 1,
  ArrowUp: -1,
  PageDown: 20,
  PageUp: -20,
  Home: -Infinity,
  End: Infinity,
};

/**
 * The lines a search has found, each of them a link to where it stands in its log. They come by the hundred, so that they
 * are put into the document by hand. One of them at a time is reached by Tab, the others by the arrows.
 */
export class ResultList {
  #run: SearchRun | undefined;

  /** @param marked what is marked in the lines; empty for nothing */
  constructor(private readonly list: HTMLElement, private readonly marked: () => string) {
    list.addEventListener("keydown", (event) => this.#key(event));
    list.addEventListener(
      "focusin",
      (event) => this.#moved(this.#links().indexOf(event.target as HTMLElement)),
    );
  }

  /** Shows what `run` has found so far. */
  show(run: SearchRun): void {
    if (run !== this.#run) {
      this.#run = run;
      this.list.replaceChildren();
    }
    const fresh = run.matches.slice(this.list.childElementCount);
    if (fresh.length > 0) {
      const rows = document.createDocumentFragment();
      rows.append(...fresh.map(row));
      this.list.append(rows);
      this.#links()[run.at]?.setAttribute("tabindex", "0");
      markAll(this.list, this.marked());
    }
  }

  /** Goes to the line one was at before one left. */
  comeBack(): void {
    this.#links()[this.#run?.at ?? 0]?.scrollIntoView({ block: "center" });
  }

  /** Goes to the first line there is. */
  begin(): void {
    this.#links()[0]?.focus();
  }

  #links(): HTMLElement[] {
    return [...this.list.children].map((item) => item.firstElementChild as HTMLElement);
  }

  #key(event: KeyboardEvent): void {
    const step = STEPS[event.key];
    if (step === undefined || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) {
      return;
    }
    event.preventDefault();
    const links = this.#links();
    const to = Math.max(0, Math.min(links.length - 1, (this.#run?.at ?? 0) + step));
    links[to]?.focus();
  }

  #moved(to: number): void {
    if (this.#run !== undefined && to >= 0) {
      this.list.querySelector("[tabindex='0']")?.setAttribute("tabindex", "-1");
      this.#run.at = to;
      this.#links()[to]!.setAttribute("tabindex", "0");
    }
  }
}

function row(match: Match): HTMLElement {
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.className = "result";
  link.tabIndex = -1;
  link.href = withBase(
    `/instances/${encodeURIComponent(match.instance)}?line=${encodeURIComponent(match.cursor)}`,
  );
  const name = part("span", "result-name", match.instance);
  const time = part("time", "result-time", match.time === null ? "no time" : timeAndDay(match.time));
  if (match.time !== null) {
    time.setAttribute("datetime", match.time);
    time.title = wholeTime(match.time);
  }
  link.append(name, time, part("span", `result-level ${match.level ?? "none"}`, match.level ?? ""));
  const said = document.createElement("span");
  said.append(...lineText(match.line));
  link.append(said);
  item.append(link);
  return item;
}

function part(tag: string, name: string, text: string): HTMLElement {
  const made = document.createElement(tag);
  made.className = name;
  made.textContent = text;
  return made;
}
