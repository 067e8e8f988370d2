import type { ComponentChildren, JSX } from "preact";
import { Icon } from "./icons.tsx";

/** A failure, said where the action was, in the gateway's words, which name the remedy. */
export function Note({ children, onDismiss, tone = "bad" }: {
  children: ComponentChildren;
  onDismiss?: (() => void) | undefined;
  tone?: "bad" | "quiet";
}): JSX.Element {
  return (
    <div class={`note ${tone}`} role={tone === "bad" ? "alert" : "status"}>
      {tone === "bad" && <Icon name="alert" size={14} />}
      <span>{children}</span>
      {onDismiss && (
        <button type="button" class="copy" aria-label="Dismiss" onClick={onDismiss}>
          <Icon name="close" size={14} />
        </button>
      )}
    </div>
  );
}
