import { systemClock } from "../stream/clock.ts";
import { Live, type LiveOptions } from "../stream/live.ts";
import type { Frame, Socket, StopReason } from "../stream/stream_client.ts";
import { ApiError, get } from "./api.ts";

export const clock = systemClock;

/** Polling periods while a stream is away, in milliseconds. */
export const POLL = { instances: 5_000, logs: 3_000, health: 15_000 } as const;

function open(path: string): Socket {
  const base = location.origin.replace(/^http/, "ws");
  return new WebSocket(base + path, ["fairlead.v1"]) as unknown as Socket;
}

/** A browser does not say why an upgrade was refused; REST does. */
async function diagnose(): Promise<{ code: StopReason; reason: string } | undefined> {
  try {
    await get("/api/session");
    return undefined;
  } catch (e) {
    return e instanceof ApiError && (e.status === 401 || e.status === 403)
      ? { code: e.status === 401 ? "unauthorized" : "forbidden", reason: e.message }
      : undefined;
  }
}

/** A stream of the gateway this page came from. */
export function live<F extends Frame>(options: LiveOptions<F>): Live<F> {
  return new Live<F>(options, { clock, open, diagnose });
}
