import type { EventsFrameUnion, InstanceStatus, MessageEvent } from "wire";

/** The sparklines' span, in buckets of 20 seconds: ten minutes. */
export const BUCKETS = 30;
const BUCKET_MILLIS = 20_000;

/** Counts by time, the oldest forgotten. */
export class Series {
  readonly #counts = new Array<number>(BUCKETS).fill(0);
  #newest = 0;

  add(at: number): void {
    const bucket = Math.floor(at / BUCKET_MILLIS);
    this.#moveTo(bucket);
    if (bucket > this.#newest - BUCKETS) {
      this.#counts[bucket % BUCKETS] = (this.#counts[bucket % BUCKETS] ?? 0) + 1;
    }
  }

  /** Oldest first, up to `now`. */
  read(now: number): number[] {
    const last = Math.max(this.#newest, Math.floor(now / BUCKET_MILLIS));
    return Array.from({ length: BUCKETS }, (_, i) => {
      const bucket = last - BUCKETS + 1 + i;
      return bucket > this.#newest || bucket <= this.#newest - BUCKETS
        ? 0
        : this.#counts[((bucket % BUCKETS) + BUCKETS) % BUCKETS] ?? 0;
    });
  }

  #moveTo(bucket: number): void {
    if (bucket <= this.#newest) {
      return;
    }
    for (let i = Math.max(this.#newest + 1, bucket - BUCKETS + 1); i <= bucket; i++) {
      this.#counts[i % BUCKETS] = 0;
    }
    this.#newest = bucket;
  }
}

/** What each member of the fleet did lately: restarts, and messages it sent or was sent. */
export class Activity {
  #messages = new Map<string, Series>();
  #restarts = new Map<string, Series>();
  #was = new Map<string, InstanceStatus>();

  message(event: MessageEvent): void {
    if (event.event === "accepted") {
      this.#count(event.from, event.to, Date.parse(event.timestamp));
    }
  }

  /** Begins anew with what a snapshot still knows. */
  replaceMessages(events: MessageEvent[]): void {
    this.#messages = new Map();
    events.forEach((event) => this.message(event));
  }

  /** Begins anew with what was sent lately. */
  replaceSent(sent: { from: string; to: string; accepted_at: string }[]): void {
    this.#messages = new Map();
    sent.forEach((one) => this.#count(one.from, one.to, Date.parse(one.accepted_at)));
  }

  #count(from: string, to: string, at: number): void {
    series(this.#messages, from).add(at);
    if (to !== from) {
      series(this.#messages, to).add(at);
    }
  }

  /** Begins anew with what a snapshot still knows. */
  replaceEvents(events: EventsFrameUnion[]): void {
    this.#restarts = new Map();
    this.#was = new Map();
    events.forEach((event) => this.event(event));
  }

  /** One that ran and starts, without having been stopped, was started again by the gateway. */
  event(event: EventsFrameUnion): void {
    if (event.type !== "instance_event" || event.event !== "status_changed") {
      return;
    }
    const was = this.#was.get(event.name);
    if (event.status === "starting" && (was === "running" || was === "unhealthy")) {
      series(this.#restarts, event.name).add(Date.parse(event.timestamp));
    }
    this.#was.set(event.name, event.status);
  }

  messagesOf(name: string, now: number): number[] {
    return this.#messages.get(name)?.read(now) ?? [];
  }

  restartsOf(name: string, now: number): number[] {
    return this.#restarts.get(name)?.read(now) ?? [];
  }
}

function series(all: Map<string, Series>, name: string): Series {
  let found = all.get(name);
  if (found === undefined) {
    found = new Series();
    all.set(name, found);
  }
  return found;
}
