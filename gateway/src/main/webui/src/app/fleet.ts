import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type {
  AgentsFrameUnion,
  AgentSummary,
  EventsFrameUnion,
  InstancesFrameUnion,
  InstanceSummary,
  MessagesFrameUnion,
  TokenFrameUnion,
  TokenReport,
} from "wire";
import { get, query } from "./api.ts";
import type { Agents, Instances, Messages } from "./rest.ts";
import { isStale } from "../stream/live.ts";
import { Activity } from "./activity.ts";
import { live, POLL } from "./streams.ts";

/**
 * The fleet as the streams tell it, one for the whole page. Frames may come in by the thousand: they change plain maps,
 * and the page is told once a frame of the screen.
 */
const instances = new Map<string, InstanceSummary>();
const agents = new Map<string, AgentSummary>();
/** How many frames there were, and in which of them an instance was told of last. */
let frames = 0;
let snapshotIn = 0;
const toldIn = new Map<string, number>();
const version = signal(0);
export const known: Signal<{ instances: boolean; agents: boolean }> = signal({
  instances: false,
  agents: false,
});
/** The upstream's token as it was told last; see `tokenIsKnown`. */
export const token: Signal<TokenReport | undefined> = signal(undefined);
export const activity = new Activity();

let announced = false;

function changed(): void {
  if (!announced) {
    announced = true;
    const tell = () => {
      announced = false;
      version.value++;
    };
    // A hidden page has no frames of the screen, but its title and its counts must not stand still.
    if (document.visibilityState === "visible") {
      requestAnimationFrame(tell);
    } else {
      setTimeout(tell, 500);
    }
  }
}

export const instancesStream = live<InstancesFrameUnion>({
  path: "/ws/instances?include_archived=true",
  onFrame: applyInstances,
  poll: {
    everyMillis: POLL.instances,
    run: async () =>
      replaceInstances(
        (await get<Instances>("/api/instances" + query({ include_archived: "true" }))).instances,
      ),
  },
});

export const agentsStream = live<AgentsFrameUnion>({
  path: "/ws/agents",
  onFrame: applyAgents,
  poll: {
    everyMillis: POLL.instances,
    run: async () => replaceAgents((await get<Agents>("/api/agents")).agents),
  },
});

export const tokenStream = live<TokenFrameUnion>({
  path: "/ws/token",
  onFrame: (frame) => {
    if (frame.type === "snapshot" || frame.type === "token_state") {
      token.value = frame;
    }
  },
  poll: {
    everyMillis: POLL.health,
    run: async () => {
      token.value = await get<TokenReport>("/api/token");
    },
  },
});

/** Whether the token is as it was told last: one that could not be heard of may have expired or been renewed. */
export const tokenIsKnown: ReadonlySignal<boolean> = computed(() => !isStale(tokenStream.link.value));

/** Which instances were started again, for the sparklines; no poll, since they only show what was seen. */
const restartsStream = live<EventsFrameUnion>({
  path: "/ws/events",
  onFrame: (frame) => {
    if (frame.type === "snapshot") {
      activity.replaceEvents(frame.recent_events);
    } else {
      activity.event(frame);
    }
    changed();
  },
});

/** What passes between agents, for the same. */
const trafficStream = live<MessagesFrameUnion>({
  path: "/ws/messages",
  onFrame: (frame) => {
    if (frame.type === "snapshot") {
      activity.replaceMessages(frame.recent_events);
      void recall();
    } else if (frame.type === "message_event") {
      activity.message(frame);
    } else {
      return;
    }
    changed();
  },
});

/** Keeps what the sparklines show; the returned function ends that. */
export function followActivity(): () => void {
  const ends = [trafficStream.use(), restartsStream.use()];
  return () => ends.forEach((end) => end());
}

/** A snapshot knows the last events only; REST goes further back. */
async function recall(): Promise<void> {
  try {
    const { messages } = await get<Messages>("/api/messages" + query({ limit: 1_000 }));
    activity.replaceSent(messages);
    changed();
  } catch {
    // The sparklines begin with the snapshot, then.
  }
}

function replaceInstances(all: InstanceSummary[]): void {
  instances.clear();
  toldIn.clear();
  snapshotIn = ++frames;
  all.forEach((one) => instances.set(one.name, one));
  known.value = { ...known.value, instances: true };
  changed();
}

function replaceAgents(all: AgentSummary[]): void {
  agents.clear();
  all.forEach((one) => agents.set(one.name, one));
  known.value = { ...known.value, agents: true };
  changed();
}

function applyInstances(frame: InstancesFrameUnion): void {
  switch (frame.type) {
    case "snapshot":
      replaceInstances(frame.instances);
      return;
    case "status_changed":
    case "instance_created":
    case "instance_unarchived":
      // Each of these frames has the whole instance: what is not in it is gone.
      instances.set(frame.name, frame);
      toldIn.set(frame.name, ++frames);
      break;
    case "instance_archived": {
      const before = instances.get(frame.name);
      if (before !== undefined) {
        instances.set(frame.name, { ...before, archived_at: frame.timestamp });
        toldIn.set(frame.name, ++frames);
      }
      break;
    }
    case "instance_deleted":
      instances.delete(frame.name);
      toldIn.set(frame.name, ++frames);
      break;
  }
  changed();
}

function applyAgents(frame: AgentsFrameUnion): void {
  switch (frame.type) {
    case "snapshot":
      replaceAgents(frame.agents);
      return;
    case "agent_registered":
      agents.set(frame.name, frame);
      break;
    case "agent_status_changed": {
      const before = agents.get(frame.name);
      if (before !== undefined) {
        agents.set(frame.name, {
          ...before,
          status: frame.status,
          last_seen: frame.last_seen ?? null,
          connected_at: frame.connected_at ?? null,
        });
      }
      break;
    }
    case "agent_removed":
      agents.delete(frame.name);
      break;
  }
  changed();
}

/** An instance, the agent of the same name, or both: they share a name space. */
export interface Member {
  name: string;
  instance?: InstanceSummary;
  agent?: AgentSummary;
}

export const members: ReadonlySignal<Member[]> = computed(() => {
  void version.value;
  const all: Member[] = [];
  for (const [name, instance] of instances) {
    const agent = agents.get(name);
    all.push(agent === undefined ? { name, instance } : { name, instance, agent });
  }
  for (const [name, agent] of agents) {
    if (!instances.has(name)) {
      all.push({ name, agent });
    }
  }
  return all;
});

/** One of them as it is now. */
export function member(name: string): Member | undefined {
  void version.value;
  const instance = instances.get(name);
  const agent = agents.get(name);
  return instance === undefined && agent === undefined
    ? undefined
    : { name, ...(instance && { instance }), ...(agent && { agent }) };
}

/**
 * Takes what REST answers to an action at once, before the stream tells it. Where the stream was faster, what it told
 * stands: the answer may be of before.
 */
export async function learn<I extends InstanceSummary>(asked: Promise<I>): Promise<I> {
  const before = frames;
  const instance = await asked;
  if ((toldIn.get(instance.name) ?? snapshotIn) <= before) {
    instances.set(instance.name, instance);
    changed();
  }
  return instance;
}
