import type { ComponentChildren, JSX } from "preact";
import { stale } from "../app/link.tsx";

/**
 * In place of what is not there: that nothing is, where that is known. What was so before the gateway went out of reach
 * may be so no longer.
 *
 * @param known whether the gateway has told since the page was opened
 */
export function Nothing({ known, children }: { known: boolean; children: ComponentChildren }): JSX.Element {
  if (!known) {
    return <p class="nothing">Loading…</p>;
  }
  return stale.value ? <p class="nothing">{NOT_KNOWN}</p> : <>{children}</>;
}

export const NOT_KNOWN = "Not known while the gateway is out of reach.";
