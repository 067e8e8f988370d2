import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { get, path } from "../../app/api.ts";
import type { AckLatency } from "../../app/rest.ts";
import { everyNowAndThen, USAGE_MILLIS } from "../../app/usage.ts";
import { Fact } from "./facts.tsx";

/** How long an agent takes from a delivery to its acknowledgement, as of the last minute. */
export function LatencyFact({ name }: { name: string }): JSX.Element {
  const last = useSignal<AckLatency | undefined>(undefined);
  useEffect(
    () =>
      everyNowAndThen(async () => {
        last.value = (await get<{ ack_latency?: AckLatency }>(path("agents", name))).ack_latency;
      }, USAGE_MILLIS),
    [name],
  );
  return (
    <Fact name="Acknowledges within">
      {last.value === undefined
        ? "nothing acknowledged in the last minute"
        : `${millis(last.value.p50_ms)}, 99 % within ${millis(last.value.p99_ms)}`}
    </Fact>
  );
}

function millis(ms: number): string {
  return ms >= 1_000 ? `${(ms / 1_000).toFixed(1)} s` : `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
}
