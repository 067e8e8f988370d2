import type { AgentStatus, InstanceStatus } from "wire";
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
      return "warn";
    case "failed":
      return "bad";
    case "stopped":
      return "quiet";
  }
}

export function agentTone(status: AgentStatus): Tone {
  return status === "online" ? "good" : status === "stale" ? "warn" : "quiet";
}

/** Whether its process runs or, where it has none here, its agent is connected. */
export function isUp({ instance, agent }: Member): boolean {
  return instance === undefined
    ? agent?.status === "online" || agent?.status === "stale"
    : ["running", "starting", "unhealthy"].includes(instance.status);
}

/** Whether somebody should look at it. */
export function isTroubled({ instance, agent }: Member): boolean {
  return instance?.status === "failed" || instance?.status === "unhealthy" ||
    instance?.health === "failing" ||
    agent?.status === "stale";
}

const ORDER: InstanceStatus[] = ["failed", "unhealthy", "starting", "stopping", "running", "stopped"];

/** What needs a look first. */
export function statusRank({ instance }: Member): number {
  return instance === undefined ? ORDER.length : ORDER.indexOf(instance.status);
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
    agent?.status,
    ...agent?.capabilities ?? [],
  ];
}
