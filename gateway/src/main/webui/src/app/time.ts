import { type Signal, signal } from "@preact/signals";

/** Ticks once a second, so that ages on the page stay true; stands still while nobody looks. */
export const tick: Signal<number> = signal(Date.now());

export function startTicking(): void {
  setInterval(() => {
    if (document.visibilityState === "visible") {
      tick.value = Date.now();
    }
  }, 1000);
  document.addEventListener("visibilitychange", () => tick.value = Date.now());
}

/** How long, in the two units that say most: `4 s`, `3 min`, `2 h 5 min`, `3 d 4 h`. */
export function span(millis: number): string {
  const seconds = Math.max(0, Math.floor(millis / 1000));
  if (seconds < 60) {
    return `${seconds} s`;
  }
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) {
    return `${minutes} min`;
  }
  const hours = Math.floor(minutes / 60);
  if (hours < 24) {
    return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  }
  const days = Math.floor(hours / 24);
  return hours % 24 === 0 ? `${days} d` : `${days} d ${hours % 24} h`;
}

const clockOfDay = new Intl.DateTimeFormat(undefined, {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
});
const whole = new Intl.DateTimeFormat(undefined, {
  dateStyle: "medium",
  timeStyle: "long",
  hourCycle: "h23",
});

/** The time of day where the reader is, with milliseconds. */
export function timeOfDay(iso: string): string {
  const at = new Date(iso);
  return `${clockOfDay.format(at)}.${String(at.getMilliseconds()).padStart(3, "0")}`;
}

const day = new Intl.DateTimeFormat(undefined, { day: "2-digit", month: "short" });

/** The time of day, with the day before it where that is not today's. */
export function timeAndDay(iso: string): string {
  const at = new Date(iso);
  const today = at.toDateString() === new Date().toDateString();
  return (today ? "" : `${day.format(at)} `) + timeOfDay(iso);
}

/** All of it, for a tooltip. */
export function wholeTime(iso: string): string {
  return whole.format(new Date(iso));
}
