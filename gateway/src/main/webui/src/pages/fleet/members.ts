import type { AgentSummary, InstanceStatus } from "wire";
import type { Member } from "../../app/fleet.ts";
import type { Tone } from "../../ui/pill.tsx";

export function instanceTone(status: InstanceStatus): Tone {
  switch (status) {
    case "running":
      return "good";
    case "starting":
    case "stopping":
      return "busy";
    case "unhealthy":
    case "unknown":
      return "warn";
    case "failed":
      return "bad";
    case "stopped":
      return "quiet";
  }
}

/** Of an agent that is there; one whose process runs without it is worse than one that went with its process. */
export function agentTone(one: Member & { agent: AgentSummary }): Tone {
  switch (one.agent.status) {
    case "online":
      return "good";
    case "stale":
      return "warn";
    case "offline":
      return awaySince(one) === undefined ? "quiet" : "bad";
  }
}

/**
 * Since when the agent of a process that runs is not there, ISO-8601: it was last heard of then, and a process that
 * hangs looks like any other from outside. Missing where the agent is there, or never was.
 */
export function awaySince({ instance, agent }: Member): string | undefined {
  const runs = instance?.status === "running" || instance?.status === "unhealthy";
  return runs && agent !== undefined && agent.status !== "online" ? agent.last_seen ?? undefined : undefined;
}

/** Whether its process runs and its agent, where it had one, is connected or only late. */
export function isUp(one: Member): boolean {
  const { instance, agent } = one;
  const connected = agent?.status === "online" || agent?.status === "stale";
  return instance === undefined
    ? connected
    : ["running", "starting", "unhealthy"].includes(instance.status) &&
      (connected || awaySince(one) === undefined);
}

/** Whether it ended by itself and not well: who stops one is told no reason. */
export function endedBadly({ instance }: Member): boolean {
  return instance?.status === "stopped" && instance.archived_at == null && instance.reason != null &&
    (instance.exit_code ?? 0) !== 0;
}

/** Whether somebody should look at it: what fires an alert is among it. */
export function isTroubled(one: Member): boolean {
  const { instance, agent } = one;
  return instance?.status === "failed" || endedBadly(one) || instance?.status === "unhealthy" ||
    instance?.status === "unknown" ||
    instance?.health === "failing" ||
    agent?.status === "stale" || awaySince(one) !== undefined;
}

const ORDER: InstanceStatus[] = [
  "failed",
  "unhealthy",
  "unknown",
  "starting",
  "stopping",
  "running",
  "stopped",
];

/** What needs a look first; a process without its agent comes right behind those that are not well. */
export function statusRank(one: Member): number {
  if (one.instance?.status === "running" && awaySince(one) !== undefined) {
    return ORDER.indexOf("unhealthy") + 0.5;
  }
  return one.instance === undefined ? ORDER.length : ORDER.indexOf(one.instance.status);
}

/** The worst first: dead for good, then what runs without its agent, then what is not well, then what is late. */
export function troubleRank(one: Member): number {
  return one.instance?.status === "failed" || endedBadly(one)
    ? 0
    : awaySince(one) !== undefined
    ? 1
    : one.instance?.status === "unhealthy" || one.instance?.health === "failing"
    ? 2
    : 3;
}

/** What the row shows, for `found` to look in. */
export function shownOf({ name, instance, agent }: Member): unknown[] {
  return [
    name,
    instance?.status,
    instance?.reason,
    instance?.port,
    instance?.pid,
    instance?.node,
    instance?.health,
    ...Object.entries(instance?.labels ?? {}).map(([key, value]) => `${key}=${value}`),
    agent?.status,
    ...agent?.capabilities ?? [],
  ];
}
