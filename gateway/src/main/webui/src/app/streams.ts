import { systemClock } from "../stream/clock.ts";
import { Live, type LiveOptions } from "../stream/live.ts";
import type { Frame, Socket, StopReason } from "../stream/stream_client.ts";
import { get, unauthorized } from "./api.ts";
import { withBase } from "./base.ts";
import type { Session } from "./rest.ts";
import { sessionKey } from "./session_key.ts";

export const clock = systemClock;

/** Polling periods while a stream is away, in milliseconds. */
export const POLL = { instances: 5_000, logs: 3_000, health: 15_000 } as const;

function open(path: string): Socket {
  const host = location.origin.replace(/^http/, "ws");
  const key = sessionKey();
  return new WebSocket(
    host + withBase(path),
    key === "" ? ["fairlead.v1"] : ["fairlead.v1", `session.${key}`],
  ) as unknown as Socket;
}

/** A browser does not say why an upgrade was refused; REST does. */
async function diagnose(): Promise<{ code: StopReason; reason: string } | undefined> {
  try {
    const { proof } = await get<Session>("/api/session");
    if (proof === "none") {
      return { code: "unauthorized", reason: "A login is needed" };
    }
  } catch {
    // It is not there: that is no refusal, and the stream tries again.
  }
  return undefined;
}

/** A stream of the gateway this page came from. */
export function live<F extends Frame>(options: LiveOptions<F>): Live<F> {
  return new Live<F>(options, { clock, open, diagnose, unauthorized });
}
