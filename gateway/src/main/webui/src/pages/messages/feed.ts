import { type Signal, signal } from "@preact/signals";
import type { MessagesFrameUnion } from "wire";
import { get, query } from "../../app/api.ts";
import type { Messages } from "../../app/rest.ts";
import { live, POLL } from "../../app/streams.ts";
import type { Live } from "../../stream/live.ts";
import { MessageList } from "./message_list.ts";

const PAGE = 200;

/** What narrows the messages down, by the gateway. */
export interface Filter {
  instance: string;
  correlation: string;
  status: string;
}

/** The messages that pass a filter, from REST and kept up by the stream. The page is told at most once a frame. */
export class MessageFeed {
  readonly list = new MessageList();
  /** Grows with each change. */
  readonly version: Signal<number> = signal(0);
  readonly loaded: Signal<boolean> = signal(false);
  readonly stream: Live<MessagesFrameUnion>;
  #cursor: string | undefined;
  #announced = false;

  constructor(private readonly filter: Filter) {
    this.stream = live<MessagesFrameUnion>({
      path: "/ws/messages" + query({ instance: filter.instance, correlation_id: filter.correlation }),
      onFrame: (frame) => {
        if (frame.type === "snapshot") {
          frame.recent_events.forEach((event) => this.list.apply(event));
        } else if (frame.type === "message_event") {
          this.list.apply(frame);
        }
        this.#changed();
      },
      poll: { everyMillis: POLL.instances, run: () => this.load({ latest: true }) },
    });
  }

  get hasOlder(): boolean {
    return this.#cursor !== undefined;
  }

  /** Fetches the newest page, or with `older` the one after the last; `latest` as for the list. */
  async load({ older = false, latest = false } = {}): Promise<void> {
    const page = await get<Messages>(
      "/api/messages" + query({
        instance: this.filter.instance,
        correlation_id: this.filter.correlation,
        status: this.filter.status,
        limit: PAGE,
        cursor: older ? this.#cursor : undefined,
      }),
    );
    if (older || !this.loaded.value) {
      this.#cursor = page.cursor;
    }
    // The oldest first, so that the newest stand last in the list's own order.
    [...page.messages].reverse().forEach((message) => this.list.learn(message, latest));
    this.loaded.value = true;
    this.#changed();
  }

  #changed(): void {
    if (!this.#announced) {
      this.#announced = true;
      requestAnimationFrame(() => {
        this.#announced = false;
        this.version.value++;
      });
    }
  }
}
