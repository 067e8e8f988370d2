import type { JSX } from "preact";
import { useId, useRef } from "preact/hooks";
import { Button } from "./button.tsx";

export interface MenuItem {
  label: string;
  danger?: boolean;
  disabled?: boolean;
  run(): void;
}

/** A button with a menu below it; the browser closes it where one clicks or types elsewhere. */
export function Menu({ label, items }: { label: string; items: MenuItem[] }): JSX.Element {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const anchor = useRef<HTMLSpanElement>(null);
  const place = () => {
    const menu = list.current;
    const at = anchor.current?.getBoundingClientRect();
    if (menu === null || at === undefined) {
      return;
    }
    const height = menu.offsetHeight;
    const below = at.bottom + 4 + height < innerHeight;
    menu.style.top = `${below ? at.bottom + 4 : Math.max(4, at.top - height - 4)}px`;
    menu.style.left = `${
      Math.max(4, Math.min(at.right - menu.offsetWidth, innerWidth - menu.offsetWidth - 4))
    }px`;
  };
  const opened = (event: Event) => {
    if ((event as ToggleEvent).newState === "open") {
      place();
      list.current?.querySelector<HTMLElement>("[role=menuitem]:not(:disabled)")?.focus();
    }
  };
  const move = (event: KeyboardEvent) => {
    const buttons = [...list.current?.querySelectorAll<HTMLElement>("[role=menuitem]:not(:disabled)") ?? []];
    const at = buttons.indexOf(document.activeElement as HTMLElement);
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0 && buttons.length > 0) {
      event.preventDefault();
      buttons[(at + step + buttons.length) % buttons.length]?.focus();
    }
  };
  return (
    <span class="menu-anchor" ref={anchor}>
      <Button kind="ghost" icon="more" label={label} popovertarget={id} />
      <div
        ref={list}
        id={id}
        popover="auto"
        class="menu"
        role="menu"
        aria-label={label}
        onToggle={opened}
        onKeyDown={move}
      >
        {items.map((item) => (
          <button
            key={item.label}
            type="button"
            role="menuitem"
            class={item.danger ? "danger" : ""}
            disabled={item.disabled}
            onClick={() => {
              list.current?.hidePopover();
              item.run();
            }}
          >
            {item.label}
          </button>
        ))}
      </div>
    </span>
  );
}
