import type { EventsFrameUnion } from "wire";
import type { Tone } from "../../ui/pill.tsx";
import type { OrderStatus } from "../../app/rest_market.ts";
import { instanceTone } from "../fleet/members.ts";
import { toneOf } from "../market/order_words.ts";

export type LiveEvent = Exclude<EventsFrameUnion, { type: "snapshot" }>;

export type Group =
  | "agents"
  | "instances"
  | "messages"
  | "chat"
  | "token"
  | "orders"
  | "approvals"
  | "alerts"
  | "errors";

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
    case "instance_event": {
      const status = event.event === "status_changed";
      return {
        group: "instances",
        tone: status ? instanceTone(event.status) : "quiet",
        what: status ? event.status : words(event.event.replace(/^instance_/, "")),
        subject: event.name,
        href: `/instances/${event.name}`,
        detail: status ? "" : event.status,
      };
    }
    case "channel_event": {
      const message = event.channel === "messages";
      const alert = event.channel === "alerts";
      return {
        group: message ? "messages" : alert ? "alerts" : "agents",
        tone: message || /removed|fail|lost|firing/.test(event.event)
          ? "bad"
          : /stale|disconnected|closed/.test(event.event)
          ? "warn"
          : /offline/.test(event.event)
          ? "quiet"
          : "good",
        what: words(event.event),
        subject: event.name,
        ...(message
          ? { href: "/messages/dead" }
          : alert
          ? { href: "/alerts" }
          : event.channel === "agents" && { href: `/instances/${event.name}` }),
        detail: event.detail ?? "",
      };
    }
    case "agent_start":
      return {
        group: "chat",
        tone: "busy",
        what: "turn began",
        ...chat(event.session_id),
        detail: [event.provider, event.model].filter((one) => one != null).join(" · "),
      };
    case "agent_end":
      return {
        group: "chat",
        tone: "quiet",
        what: "turn ended",
        ...chat(event.session_id),
        detail: [event.provider, event.model, event.reason].filter((one) => one != null).join(" · "),
      };
    case "token_event":
      return {
        group: "token",
        tone: event.state === "valid" ? "good" : event.state === "unavailable" ? "bad" : "busy",
        what: words(event.state),
        subject: "upstream token",
        href: "/market",
        detail: event.reason ?? "",
      };
    case "order_event":
      return {
        group: "orders",
        tone: toneOf(event.status as OrderStatus),
        what: words(event.status),
        subject: `${event.symbol} by ${event.agent}${event.mode === "paper" ? " (paper)" : ""}`,
        href: "/market",
        detail: event.order_id,
      };
    case "approval_event":
      return {
        group: "approvals",
        tone: event.status === "waiting" ? "warn" : event.status === "approved" ? "good" : "quiet",
        what: event.status === "waiting" ? "waits for a person" : words(event.status),
        subject: event.subject,
        href: "/approvals",
        detail: `${event.kind} ${event.id}`,
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

function chat(session: string): { subject: string; href: string } {
  return { subject: `chat ${session.slice(0, 8)}`, href: `/chat/${encodeURIComponent(session)}` };
}

function words(name: string): string {
  return name.replaceAll("_", " ");
}
