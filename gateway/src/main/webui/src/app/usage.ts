import { signal } from "@preact/signals";
import { get, query } from "./api.ts";
import type { FleetUsage } from "./rest.ts";
import { Trend } from "./trend.ts";

/** As often as the gateway looks. */
export const USAGE_MILLIS = 5_000;

/** What all that runs uses, as it was told last; missing until it is known, and where nobody follows it. */
export const usage = signal<FleetUsage | undefined>(undefined);

/** What each that runs used in the last ten minutes; read where `usage` is. */
export const trends = new Map<string, { cpu: Trend; memory: Trend }>();

/** Asks for it while somebody looks; the returned function ends that. */
export function followUsage(): () => void {
  let heard = 0;
  return everyNowAndThen(async () => {
    // What was missed while nobody looked is told with the next answer.
    const missed = Date.now() - heard > 2 * USAGE_MILLIS;
    const found = await get<FleetUsage>("/api/usage" + query({ range: missed ? "10m" : undefined }));
    heard = Date.now();
    note(found, heard);
    usage.value = found;
  }, USAGE_MILLIS);
}

function note({ instances, trends: kept }: FleetUsage, now: number): void {
  for (const name of trends.keys()) {
    if (!(name in instances)) {
      trends.delete(name);
    }
  }
  for (const [name, sample] of Object.entries(instances)) {
    const before = kept?.[name];
    let trend = before === undefined ? trends.get(name) : {
      cpu: Trend.of(before.cpu_percent, now),
      memory: Trend.of(before.memory_bytes, now),
    };
    trend ??= { cpu: new Trend(), memory: new Trend() };
    trend.cpu.add(now, sample.cpu_percent ?? 0);
    trend.memory.add(now, sample.memory_bytes);
    trends.set(name, trend);
  }
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
