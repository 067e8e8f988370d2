import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { get, path } from "../../app/api.ts";
import type { InstanceUsage, UsageSample } from "../../app/rest.ts";
import { everyNowAndThen, mebibytes, percent, USAGE_MILLIS } from "../../app/usage.ts";
import { Chart } from "../../ui/chart.tsx";
import { Fact, Facts } from "./facts.tsx";

const HOUR_MILLIS = 3_600_000;

/** What the processes of an instance use, and used in the last hour. */
export function UsageFacts({ name }: { name: string }): JSX.Element | null {
  const used = useSignal<InstanceUsage | undefined>(undefined);
  useEffect(
    () =>
      everyNowAndThen(async () => {
        used.value = await get<InstanceUsage>(path("instances", name, "usage") + "?range=1h");
      }, USAGE_MILLIS),
    [name],
  );
  const samples = used.value?.samples ?? [];
  const last = samples.at(-1);
  if (last === undefined) {
    return used.value?.supported === false
      ? (
        <Facts title="Usage">
          <Fact name="Not known">{used.value.reason}</Fact>
        </Facts>
      )
      : null;
  }
  const to = Date.parse(last.at);
  const chart = (value: (sample: UsageSample) => number, shown: (value: number) => string, what: string) => (
    <Chart
      from={to - HOUR_MILLIS}
      to={to}
      points={samples.map((one) => ({ at: Date.parse(one.at), value: value(one) }))}
      says={`${what} in the last hour: ${shown(Math.max(...samples.map(value)))} at most`}
    />
  );
  return (
    <Facts title="Usage">
      <Fact name="CPU, of one core">
        {percent(last.cpu_percent)} {chart((one) => one.cpu_percent ?? 0, percent, "CPU")}
      </Fact>
      <Fact name="Memory">
        {mebibytes(last.memory_bytes)} {chart((one) => one.memory_bytes, mebibytes, "Memory")}
      </Fact>
      <Fact name="Processes, threads">{last.processes}, {last.threads}</Fact>
      <Fact name="Open files">{last.open_files}</Fact>
      <Fact name="Log on the disk">{mebibytes(last.log_bytes)}</Fact>
    </Facts>
  );
}
