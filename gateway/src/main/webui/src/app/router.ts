import { computed, type ReadonlySignal, signal } from "@preact/signals";
import { options, type VNode } from "preact";
import { withBase, withoutBase } from "./base.ts";

/** Where in the dashboard one is: the address bar says all of it, so that every view can be linked to. */
export interface Place {
  path: string;
  query: URLSearchParams;
}

const here = signal<Place>(read());

export const place: ReadonlySignal<Place> = here;

function read(): Place {
  return typeof location === "undefined"
    ? { path: "/", query: new URLSearchParams() }
    : { path: withoutBase(location.pathname), query: new URLSearchParams(location.search) };
}

/** Listens to the browser's back and forward, and to clicks on links that stay within the dashboard. */
export function startRouter(): void {
  linkBelowBase();
  addEventListener("popstate", () => here.value = read());
  document.addEventListener("click", (event) => {
    const link = (event.target as Element | null)?.closest?.("a[href]") as HTMLAnchorElement | null;
    const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (
      link === null || !plain || event.defaultPrevented || link.target !== "" ||
      link.hasAttribute("download") ||
      link.origin !== location.origin || link.pathname.startsWith("//") ||
      withoutBase(link.pathname).startsWith("/api/")
    ) {
      return;
    }
    event.preventDefault();
    go(withoutBase(link.pathname) + link.search);
  });
}

/** Links name the gateway's own paths; what a browser opens in a new tab is below the base. */
function linkBelowBase(): void {
  const before = options.vnode;
  options.vnode = (vnode: VNode) => {
    const props = vnode.props as { href?: unknown };
    if (vnode.type === "a" && typeof props.href === "string") {
      props.href = withBase(props.href);
    }
    before?.(vnode);
  };
}

/** Goes to a place of the dashboard. */
export function go(to: string, how: "push" | "replace" = "push"): void {
  const address = withBase(to);
  if (address === location.pathname + location.search) {
    return;
  }
  history[how === "push" ? "pushState" : "replaceState"](null, "", address);
  const before = here.value.path;
  here.value = read();
  if (before !== here.value.path) {
    const main = document.getElementById("main");
    main?.scrollTo(0, 0);
    // Where one clicked is gone: whoever reads the page by keyboard or ear begins at its content.
    main?.focus({ preventScroll: true });
  }
}

/** A filter that lives in the address; empty where it is not set. */
export function param(name: string): ReadonlySignal<string> {
  return computed(() => here.value.query.get(name) ?? "");
}

/** Sets filters in the address, without a new step of the history; an empty one is left out. */
export function setParams(values: Record<string, string>): void {
  const query = new URLSearchParams(here.value.query);
  for (const [name, value] of Object.entries(values)) {
    if (value === "") {
      query.delete(name);
    } else {
      query.set(name, value);
    }
  }
  const text = query.toString();
  go(here.value.path + (text === "" ? "" : `?${text}`), "replace");
}

/** The variable parts of a path of the shape of `pattern` (`/instances/:name`, a last `*` for the rest). */
export function match(pattern: string, path: string): Record<string, string> | undefined {
  const expected = pattern.split("/");
  const given = path.replace(/(.)\/$/, "$1").split("/");
  const rest = expected.at(-1) === "*";
  if (rest ? given.length < expected.length - 1 : given.length !== expected.length) {
    return undefined;
  }
  const found: Record<string, string> = {};
  for (const [i, step] of expected.entries()) {
    if (step === "*" && rest && i === expected.length - 1) {
      found["*"] = given.slice(i).map(decoded).join("/");
    } else if (step.startsWith(":")) {
      const value = decoded(given[i] ?? "");
      if (value === "") {
        return undefined;
      }
      found[step.slice(1)] = value;
    } else if (step !== given[i]) {
      return undefined;
    }
  }
  return found;
}

function decoded(step: string): string {
  try {
    return decodeURIComponent(step);
  } catch {
    return step;
  }
}
