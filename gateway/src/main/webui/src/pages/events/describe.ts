import type { EventsFrameUnion } from "wire";
import type { Tone } from "../../ui/pill.tsx";

export type LiveEvent = Exclude<EventsFrameUnion, { type: "snapshot" }>;

export type Group = "agents" | "instances" | "chat" | "token" | "orders" | "errors";

/** What an event says to people. */
export interface Description {
  group: Group;
  tone: Tone;
  /** What happened, in a word or two. */
  what: string;
  /** Whom it happened to. */
  subject: string;
  /** Their place in the dashboard, where they have one. */
  href?: string;
  detail: string;
}

export function describe(event: LiveEvent): Description {
  switch (event.type) {
    case "instance_event":
      return {
        group: "instances",
        tone: event.status === "failed"
          ? "bad"
          : event.status === "unhealthy"
          ? "warn"
          : event.status === "running"
          ? "good"
          : "quiet",
        what: event.event.replaceAll("_", " "),
        subject: event.name,
        href: `/instances/${event.name}`,
        detail: event.status,
      };
    case "channel_event":
      return {
        group: "agents",
        tone: /(dis|lost|clos|gone|off|end|fail)/.test(event.event) ? "warn" : "good",
        what: `${event.channel} ${event.event.replaceAll("_", " ")}`,
        subject: event.name,
        ...(event.channel === "agent" && { href: `/instances/${event.name}` }),
        detail: event.detail ?? "",
      };
    case "agent_start":
      return {
        group: "chat",
        tone: "busy",
        what: "turn began",
        subject: event.session_id,
        detail: [event.provider, event.model].filter((one) => one != null).join(" · "),
      };
    case "agent_end":
      return {
        group: "chat",
        tone: "quiet",
        what: "turn ended",
        subject: event.session_id,
        detail: [event.provider, event.model, event.reason].filter((one) => one != null).join(" · "),
      };
    case "token_event":
      return {
        group: "token",
        tone: event.state === "valid" ? "good" : event.state === "unavailable" ? "bad" : "busy",
        what: event.state.replaceAll("_", " "),
        subject: "upstream token",
        href: "/market",
        detail: event.reason ?? "",
      };
    case "order_event":
      return {
        group: "orders",
        tone: /reject|fail|unknown/.test(event.status) ? "bad" : /fill/.test(event.status) ? "good" : "busy",
        what: event.status.replaceAll("_", " "),
        subject: `${event.symbol} by ${event.agent}`,
        href: "/market",
        detail: event.order_id,
      };
    case "error":
      return {
        group: "errors",
        tone: "bad",
        what: event.code,
        subject: event.component,
        detail: event.message,
      };
  }
}
