import type { ComponentType } from "preact";
import type { IconName } from "../ui/icons.tsx";
import { ChatPage } from "../pages/chat/chat.tsx";
import { EventsPage } from "../pages/events/events.tsx";
import { FleetPage } from "../pages/fleet/fleet.tsx";
import { InstancePage } from "../pages/instance/instance.tsx";
import { MarketPage } from "../pages/market/market.tsx";
import { MessagesPage } from "../pages/messages/messages.tsx";

/** A page: one line here, a folder of its own below `pages`. */
export interface Page {
  /** Names it in `page_context` of a chat. */
  id: string;
  title: string;
  /** Of the path; see `match`. Its variable parts are given to the page. */
  patterns: string[];
  component: ComponentType<{ params: Record<string, string> }>;
  /** Those with one stand in the navigation. */
  nav?: { path: string; icon: IconName; /** After `g`. */ key: string };
}

export const PAGES: Page[] = [
  {
    id: "instances",
    title: "Fleet",
    patterns: ["/", "/fleet"],
    component: FleetPage,
    nav: { path: "/", icon: "fleet", key: "f" },
  },
  {
    id: "logs",
    title: "Instance",
    patterns: ["/instances/:name", "/instances/:name/:tab"],
    component: InstancePage,
  },
  {
    id: "messages",
    title: "Messages",
    patterns: ["/messages", "/messages/:view"],
    component: MessagesPage,
    nav: { path: "/messages", icon: "messages", key: "m" },
  },
  {
    id: "chat",
    title: "Chat",
    patterns: ["/chat", "/chat/:session"],
    component: ChatPage,
    nav: { path: "/chat", icon: "chat", key: "c" },
  },
  {
    id: "quotes",
    title: "Market",
    patterns: ["/market"],
    component: MarketPage,
    nav: { path: "/market", icon: "market", key: "k" },
  },
  {
    id: "events",
    title: "Events",
    patterns: ["/events", "/events/:view"],
    component: EventsPage,
    nav: { path: "/events", icon: "events", key: "e" },
  },
];
