import type { JSX } from "preact";
import type { OrderMode } from "../../app/rest_market.ts";
import { Pill } from "../../ui/pill.tsx";

/** Marks what is on paper: nobody is to take it for what is in the market, or what they own. */
export function Paper({ mode }: { mode: OrderMode | undefined }): JSX.Element | null {
  return mode === "paper"
    ? (
      <Pill
        tone="warn"
        title="orders.mode=paper: filled by the gateway against the live quote, nothing is sent"
      >
        paper
      </Pill>
    )
    : null;
}
