import type { EventsFrameUnion } from "wire";
import { live, POLL } from "./streams.ts";

/** Somebody on the page who wants to know when something happened, to ask REST what. */
export interface Follower {
  onFrame(frame: EventsFrameUnion): void;
  /** Asks anew: at the beginning, after a gap, and from time to time while the stream is away. */
  refresh(): Promise<void>;
}

const followers = new Set<Follower>();

const stream = live<EventsFrameUnion>({
  path: "/ws/events",
  onFrame: (frame) => {
    for (const follower of followers) {
      if (frame.type === "snapshot") {
        void follower.refresh().catch(() => {});
      } else {
        follower.onFrame(frame);
      }
    }
  },
  poll: {
    everyMillis: POLL.instances,
    run: async () => {
      await Promise.all([...followers].map((follower) => follower.refresh()));
    },
  },
});

/** Has `task` run; however often it is wanted meanwhile, it runs once more after that. */
export function oneAtATime(task: () => Promise<void>): () => void {
  let busy = false;
  let again = false;
  return async () => {
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    do {
      again = false;
      await task().catch(() => {});
    } while (again);
    busy = false;
  };
}

/** Follows the news; the returned function ends that. */
export function follow(follower: Follower): () => void {
  followers.add(follower);
  const end = stream.use();
  return () => {
    followers.delete(follower);
    end();
  };
}
