import { effect, type Signal, signal } from "@preact/signals";

const PREFIX = "fairlead.";

/** A setting this browser remembers. A value of another kind, from an older page, counts as none. */
export function remembered<T extends string | number | boolean>(name: string, otherwise: T): Signal<T> {
  const setting = signal<T>(stored(name, otherwise));
  effect(() => {
    const value = setting.value;
    try {
      if (value === otherwise) {
        localStorage.removeItem(PREFIX + name);
      } else {
        localStorage.setItem(PREFIX + name, JSON.stringify(value));
      }
    } catch {
      // A browser that keeps nothing: the setting lasts as long as the page.
    }
  });
  return setting;
}

function stored<T>(name: string, otherwise: T): T {
  try {
    const text = localStorage.getItem(PREFIX + name);
    const value: unknown = text === null ? undefined : JSON.parse(text);
    return typeof value === typeof otherwise ? value as T : otherwise;
  } catch {
    return otherwise;
  }
}

export type Theme = "system" | "dark" | "light";

export const theme = remembered<Theme>("theme", "system");

/** Keeps the document in the chosen theme. */
export function startTheme(): void {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const system = signal(dark.matches);
  dark.addEventListener("change", (event) => system.value = event.matches);
  effect(() => {
    document.documentElement.dataset.theme = theme.value === "system"
      ? (system.value ? "dark" : "light")
      : theme.value;
  });
}

/** The one after this: what the button in the header does. */
export function nextTheme(): void {
  const shown = document.documentElement.dataset.theme;
  theme.value = shown === "dark" ? "light" : "dark";
}
