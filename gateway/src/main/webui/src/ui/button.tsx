import type { ComponentChildren, JSX } from "preact";
import { Icon, type IconName } from "./icons.tsx";

/** A button; one that shows its icon alone needs a `label`. */
export function Button({ label, icon, kind = "plain", children, busy, ...rest }: {
  label?: string;
  icon?: IconName;
  kind?: "plain" | "primary" | "danger" | "ghost";
  children?: ComponentChildren;
  busy?: boolean;
  type?: "button" | "submit";
  disabled?: boolean;
  pressed?: boolean;
  /** Has the focus when its dialog opens. */
  first?: boolean;
  title?: string;
  popovertarget?: string;
  expanded?: boolean;
  onClick?: (event: MouseEvent) => void;
}): JSX.Element {
  const { pressed, expanded, type = "button", disabled, first, title, ...others } = rest;
  return (
    <button
      {...others}
      type={type}
      class={`button ${kind}${children === undefined ? " square" : ""}`}
      aria-label={label}
      aria-pressed={pressed}
      aria-expanded={expanded}
      aria-busy={busy || undefined}
      disabled={disabled || busy}
      data-first={first || undefined}
      title={title ?? (children === undefined ? label : undefined)}
    >
      {icon !== undefined && <Icon name={icon} size={14} />}
      {children}
    </button>
  );
}
