import { signal } from "@preact/signals";
import { get } from "./api.ts";
import type { FleetUsage } from "./rest.ts";

/** As often as the gateway looks. */
export const USAGE_MILLIS = 5_000;

/** What all that runs uses, as it was told last; missing until it is known, and where nobody follows it. */
export const usage = signal<FleetUsage | undefined>(undefined);

/** Asks for it while somebody looks; the returned function ends that. */
export function followUsage(): () => void {
  return everyNowAndThen(async () => usage.value = await get<FleetUsage>("/api/usage"), USAGE_MILLIS);
}

/** Does something now, and again and again while the page is seen; the link says that the gateway is away. */
export function everyNowAndThen(task: () => Promise<unknown>, millis: number): () => void {
  const run = () => document.visibilityState === "visible" && void task().catch(() => {});
  run();
  const timer = setInterval(run, millis);
  return () => clearInterval(timer);
}

/** A share of one core, as `top` has it. */
export function percent(cpu: number | undefined): string {
  return cpu === undefined ? "–" : `${cpu < 10 ? cpu.toFixed(1) : Math.round(cpu)} %`;
}

export function mebibytes(bytes: number): string {
  const mib = bytes / 1_048_576;
  return mib >= 1_024
    ? `${(mib / 1_024).toFixed(1)} GiB`
    : `${mib < 10 ? mib.toFixed(1) : Math.round(mib)} MiB`;
}
