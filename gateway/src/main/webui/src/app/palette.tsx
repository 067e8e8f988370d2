import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useId } from "preact/hooks";
import { actionsFor } from "../pages/fleet/actions.tsx";
import { newChat } from "../pages/chat/chat.tsx";
import { sessions, titleOf } from "../pages/chat/sessions.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Icon, type IconName } from "../ui/icons.tsx";
import { members } from "./fleet.ts";
import { paletteOpen, sheetOpen } from "./keys.ts";
import { PAGES } from "./pages.ts";
import { go } from "./router.ts";
import { logOut, session } from "./session.tsx";
import { nextTheme } from "./settings.ts";

interface Entry {
  text: string;
  hint: string;
  /** The keys that do the same, in place of the hint. */
  keys?: string[];
  icon: IconName;
  run(): void;
}

const SHOWN = 12;
const ICONS: Record<string, IconName> = {
  start: "play",
  stop: "stop",
  restart: "restart",
  clone: "copy",
  delete: "clear",
};

/** Goes anywhere and does anything, by a few letters of its name. */
export function Palette(): JSX.Element | null {
  return paletteOpen.value ? <OpenPalette /> : null;
}

function OpenPalette(): JSX.Element {
  const text = useSignal("");
  const at = useSignal(0);
  const list = useId();
  const found = search(entries(), text.value).slice(0, SHOWN);
  const close = () => paletteOpen.value = false;
  const run = (entry: Entry | undefined) => {
    if (entry !== undefined) {
      close();
      entry.run();
    }
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      at.value = (at.value + step + found.length) % Math.max(1, found.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      run(found[at.value]);
    }
  };
  return (
    <Dialog title="Command palette" bare onClose={close}>
      <div class="palette">
        <input
          type="text"
          role="combobox"
          aria-expanded={found.length > 0}
          aria-controls={found.length > 0 ? list : undefined}
          aria-activedescendant={found.length > 0 ? `${list}-${at.value}` : undefined}
          aria-label="Go to, or do"
          placeholder="Go to, or do…"
          autocomplete="off"
          spellcheck={false}
          data-first
          value={text.value}
          onInput={(event) => {
            text.value = event.currentTarget.value;
            at.value = 0;
          }}
          onKeyDown={keys}
        />
        {found.length > 0 && (
          <div id={list} role="listbox" aria-label="Found">
            {found.map((entry, i) => (
              <div
                key={`${i} ${entry.hint} ${entry.text}`}
                id={`${list}-${i}`}
                role="option"
                aria-selected={i === at.value}
                onMouseMove={() => at.value = i}
                onClick={() => run(entry)}
              >
                <Icon name={entry.icon} size={14} />
                <span>{entry.text}</span>
                <span class="hint">
                  {entry.keys === undefined
                    ? entry.hint
                    : entry.keys.map((key) => <kbd key={key}>{key}</kbd>)}
                </span>
              </div>
            ))}
          </div>
        )}
        {found.length === 0 && <p class="muted nothing" role="status">Nothing of that name</p>}
      </div>
    </Dialog>
  );
}

function entries(): Entry[] {
  const pages = PAGES.flatMap((page): Entry[] =>
    page.nav === undefined ? [] : [{
      text: page.title,
      hint: "page",
      keys: ["g", page.nav.key],
      icon: page.nav.icon,
      run: () => go(page.patterns[0]),
    }]
  );
  const fleet = members.value.flatMap((one): Entry[] => {
    const open = {
      text: one.name,
      hint: "open",
      icon: "right" as const,
      run: () => go(`/instances/${one.name}`),
    };
    const actions = actionsFor(one).map((action): Entry => ({
      text: `${action.label} ${one.name}`,
      hint: "do",
      icon: ICONS[action.id] ?? "right",
      run: action.run,
    }));
    return [open, ...actions];
  });
  const others: Entry[] = [
    { text: "Dead letters", hint: "messages", icon: "messages", run: () => go("/messages/dead") },
    { text: "New chat", hint: "do", icon: "chat", run: newChat },
    { text: "Orders and token", hint: "market", icon: "market", run: () => go("/market") },
    { text: "Tokens", hint: "events", icon: "events", run: () => go("/events/tokens") },
    { text: "Nodes", hint: "events", icon: "events", run: () => go("/events/nodes") },
    { text: "Audit trail", hint: "events", icon: "events", run: () => go("/events/audit") },
    { text: "Switch between dark and light", hint: "do", icon: "moon", run: nextTheme },
    {
      text: "Keyboard shortcuts",
      hint: "do",
      keys: ["?"],
      icon: "keyboard",
      run: () => sheetOpen.value = true,
    },
  ];
  if (session.value?.proof === "session") {
    others.push({ text: "Log out", hint: "do", icon: "out", run: () => void logOut() });
  }
  const chats = (sessions.value ?? []).map((one): Entry => ({
    text: titleOf(one),
    hint: "chat",
    icon: "chat",
    run: () => go(`/chat/${one.session_id}`),
  }));
  return [...pages, ...others, ...fleet, ...chats];
}

/** Those that have the letters in their order, the closest first. */
export function search<T extends { text: string }>(all: T[], text: string): T[] {
  const wanted = text.toLowerCase().replace(/\s+/g, "");
  if (wanted === "") {
    return all;
  }
  return all
    .map((entry) => ({ entry, score: closeness(entry.text.toLowerCase(), wanted) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ entry }) => entry);
}

/** 0 where the letters are not all there; more for those that stand together and at the beginning of words. */
function closeness(text: string, wanted: string): number {
  let score = 1;
  let from = 0;
  let previous = -2;
  for (const letter of wanted) {
    const found = text.indexOf(letter, from);
    if (found < 0) {
      return 0;
    }
    score += found === previous + 1 ? 8 : found === 0 || /[\s\-_.]/.test(text[found - 1] ?? "") ? 6 : 1;
    previous = found;
    from = found + 1;
  }
  return score + 4 / text.length;
}
