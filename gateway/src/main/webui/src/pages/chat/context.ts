import { effect, signal } from "@preact/signals";
import { place } from "../../app/router.ts";

/** The page one came from, in the words of `page_context`. */
export interface Context {
  id: "instances" | "logs" | "messages" | "quotes";
  title: string;
}

/** What an answer may be about; none, where one came straight to the chat. */
export const context = signal<Context | undefined>(undefined);

effect(() => {
  const path = place.value.path;
  if (path === "/" || path === "/fleet") {
    context.value = { id: "instances", title: "Fleet" };
  } else if (path.startsWith("/instances/")) {
    context.value = { id: "logs", title: decodeURIComponent(path.split("/")[2] ?? "Logs") };
  } else if (path.startsWith("/messages")) {
    context.value = { id: "messages", title: "Messages" };
  } else if (path.startsWith("/market")) {
    context.value = { id: "quotes", title: "Market" };
  } else if (!path.startsWith("/chat")) {
    context.value = undefined;
  }
});
