import { signal } from "@preact/signals";
import { PAGES } from "./pages.ts";
import { go } from "./router.ts";

export const paletteOpen = signal(false);
export const sheetOpen = signal(false);

const CHORD_MILLIS = 1500;

/** Listens for the page's shortcuts; what is typed into a field or a dialog is left alone. */
export function startKeys(): void {
  let chordUntil = 0;
  addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      if (document.querySelector("dialog[open]:not(.bare)") === null) {
        paletteOpen.value = !paletteOpen.value;
      }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) {
      return;
    }
    if (document.querySelector("dialog[open]") !== null) {
      return;
    }
    const page = PAGES.find((one) => one.nav?.key === event.key);
    if (event.timeStamp < chordUntil && page !== undefined) {
      chordUntil = 0;
      event.preventDefault();
      go(page.patterns[0]);
    } else if (event.key === "g") {
      chordUntil = event.timeStamp + CHORD_MILLIS;
    } else if (event.key === "/") {
      const search = document.querySelector<HTMLInputElement>("[data-search]");
      if (search !== null) {
        event.preventDefault();
        search.focus();
        search.select();
      }
    } else if (event.key === "?") {
      event.preventDefault();
      sheetOpen.value = true;
    }
  });
}

function isTyping(target: EventTarget | null): boolean {
  const element = target as HTMLElement | null;
  return element !== null && (element.isContentEditable === true ||
    ["INPUT", "TEXTAREA", "SELECT"].includes(element.tagName));
}
