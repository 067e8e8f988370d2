import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { Health } from "./rest.ts";
import { inUse } from "../stream/live.ts";
import { withBase } from "./base.ts";
import { stale } from "./link.tsx";
import { POLL } from "./streams.ts";
import { span } from "./time.ts";
import { mebibytes, percent, usage } from "./usage.ts";

const health = signal<Health | undefined>(undefined);

/** A gateway that is not well answers 503 with the same body, which is what matters here. */
async function ask(): Promise<void> {
  try {
    const response = await fetch(withBase("/api/health"), { credentials: "same-origin", cache: "no-store" });
    const body = await response.json() as Partial<Health>;
    health.value = body.checks === undefined ? undefined : body as Health;
  } catch {
    health.value = undefined;
  }
}

/** Whether the gateway itself is well, and which of its parts is not. */
export function HealthBadge(): JSX.Element | null {
  useEffect(() => {
    void ask();
    const timer = setInterval(() => document.visibilityState === "visible" && void ask(), POLL.health);
    return () => clearInterval(timer);
  }, []);
  const known = health.value;
  if (known === undefined) {
    return null;
  }
  if (stale.value && inUse.value.length > 0) {
    // What was known of it is of before.
    return (
      <div class="health failed">
        <strong>Gateway out of reach</strong>
      </div>
    );
  }
  const own = usage.value?.gateway;
  const failed = Object.entries(known.checks).filter(([, check]) => check.status !== "ok");
  return (
    <div class={`health ${known.status}`}>
      <strong>
        {known.status === "ok"
          ? "Gateway well"
          : known.status === "degraded"
          ? "Gateway degraded"
          : known.status === "failed"
          ? "Gateway unwell"
          : "Shutting down"}
      </strong>
      {failed.map(([name, check]) => (
        <span key={name} class="checks" title={check.detail}>{name}: {check.detail || "failed"}</span>
      ))}
      <span title={`Node ${known.node}, version ${known.version}`}>
        up {span(known.uptime_seconds * 1000)}
      </span>
      {own !== undefined && (
        <span title={`Of one core; heap of ${mebibytes(own.heap_max_bytes)} at most; ${own.threads} threads`}>
          {percent(own.cpu_percent)} CPU, {mebibytes(own.heap_bytes)}
        </span>
      )}
    </div>
  );
}
