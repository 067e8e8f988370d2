import { computed, effect, signal } from "@preact/signals";
import { get } from "./api.ts";
import { withBase } from "./base.ts";
import { follow, oneAtATime } from "./news.ts";
import type { Alert, Alerts } from "./rest.ts";
import { remembered } from "./settings.ts";

/** Rules, what they found, and who is told; missing until it is known. */
export const alerts = signal<Alerts | undefined>(undefined);

/** What fires and is not silenced. */
export const firing = computed<Alert[]>(() =>
  (alerts.value?.alerts ?? []).filter((one) => one.state === "firing" && one.silenced_until === undefined)
);

/** Whether this browser shows a notification of what fires. */
export const notifies = remembered<boolean>("alerts.notify", false);

export async function loadAlerts(): Promise<void> {
  const before = alerts.value?.alerts.map((one) => one.id);
  alerts.value = await get<Alerts>("/api/alerts");
  if (before !== undefined && notifies.value && "Notification" in self) {
    firing.value
      .filter((one) => !before.includes(one.id))
      .forEach((one) => new Notification(`Fairlead: ${one.subject}`, { body: one.summary, tag: one.id }));
  }
}

/** Asks the browser's user; whether it may. */
export async function allowNotifying(): Promise<void> {
  notifies.value = "Notification" in self && await Notification.requestPermission() === "granted";
}

/** Keeps the counts and the icon of the tab; the returned function ends that. */
export function followAttention(): () => void {
  const soon = oneAtATime(loadAlerts);
  const ends = [
    follow({
      onFrame: (frame) => {
        if (frame.type === "channel_event" && frame.channel === "alerts") {
          soon();
        }
      },
      refresh: loadAlerts,
    }),
    effect(() => {
      const icon = document.querySelector<HTMLLinkElement>("link[rel=icon]");
      icon?.setAttribute("href", withBase(firing.value.length > 0 ? "/favicon-alert.svg" : "/favicon.svg"));
    }),
  ];
  return () => ends.forEach((end) => end());
}
