import { computed, type ReadonlySignal } from "@preact/signals";
import type { ComponentType } from "preact";
import type { IconName } from "../ui/icons.tsx";
import { ApprovalsPage } from "../pages/approvals/approvals.tsx";
import { ChatPage } from "../pages/chat/chat.tsx";
import { EventsPage } from "../pages/events/events.tsx";
import { FleetPage } from "../pages/fleet/fleet.tsx";
import { InstancePage } from "../pages/instance/instance.tsx";
import { MarketPage } from "../pages/market/market.tsx";
import { lazy } from "./lazy.tsx";
import { MessagesPage } from "../pages/messages/messages.tsx";
import { waitingCount } from "./approvals.ts";
import { firing } from "./attention.ts";
import { members } from "./fleet.ts";
import { isTroubled } from "../pages/fleet/members.ts";

/** A page: one line here, a folder of its own below `pages`. */
export interface Page {
  title: string;
  /** Of the path; see `match`. Its variable parts are given to the page. */
  patterns: [string, ...string[]];
  component: ComponentType<{ params: Record<string, string> }>;
  /** Those with one stand in the navigation, which leads to the first of their patterns; `key` is typed after `g`. */
  nav?: { icon: IconName; key: string };
  /** How much waits there for somebody, shown in the navigation. */
  waiting?: ReadonlySignal<number>;
  /** What it does there, where it does not wait, for who does not see the number. */
  waitingTo?: string;
  /** The title of the page it stands for in the navigation, where it is not there itself. */
  below?: string;
}

export const PAGES: Page[] = [
  {
    ...listed("Fleet", "fleet", "f", FleetPage, "/", "/fleet"),
    waiting: computed(() =>
      members.value.filter((one) => one.instance?.archived_at == null && isTroubled(one)).length
    ),
    waitingTo: "in trouble",
  },
  {
    title: "Instance",
    patterns: ["/instances/:name", "/instances/:name/:tab"],
    component: InstancePage,
    below: "Fleet",
  },
  listed(
    "Logs",
    "logs",
    "l",
    lazy(async () => (await import("../pages/logs/logs.tsx")).LogsPage),
    "/logs",
    "/logs/:view",
  ),
  {
    ...listed("Messages", "messages", "m", MessagesPage, "/messages", "/messages/:view"),
    waiting: computed(() => firing.value.filter((one) => one.kind === "dead_letter").length),
    waitingTo: "with dead letters",
  },
  listed("Chat", "chat", "c", ChatPage, "/chat", "/chat/:session"),
  { ...listed("Approvals", "check", "a", ApprovalsPage, "/approvals"), waiting: waitingCount },
  listed("Market", "market", "k", MarketPage, "/market"),
  {
    ...listed(
      "Alerts",
      "alert",
      "t",
      lazy(async () => (await import("../pages/alerts/alerts.tsx")).AlertsPage),
      "/alerts",
      "/alerts/:view",
    ),
    waiting: computed(() => firing.value.length),
    waitingTo: "firing",
  },
  listed("Events", "events", "e", EventsPage, "/events", "/events/:view"),
];

function listed(
  title: string,
  icon: IconName,
  key: string,
  component: Page["component"],
  ...patterns: Page["patterns"]
): Page {
  return { title, patterns, component, nav: { icon, key } };
}
