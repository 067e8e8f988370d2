import { computed } from "@preact/signals";
import type { JSX } from "preact";
import { inUse, isStale, type LinkState, POLLING_TEXT, worst } from "../stream/live.ts";
import { token, tokenIsKnown } from "./fleet.ts";
import { clock } from "./streams.ts";
import { span, tick } from "./time.ts";

/** The state of all the streams in use, in that of the worst. */
export const link = computed<LinkState>(() =>
  inUse.value.length === 0
    ? { kind: "reconnecting", retryAt: undefined, reason: "" }
    : worst(inUse.value.map((stream) => stream.link.value))
);

/** Whether what the page shows may be out of date. */
export const stale = computed(() => isStale(link.value));

const heardAt = computed(() => Math.max(0, ...inUse.value.map((stream) => stream.heardAt.value)));

const WORDS: Record<LinkState["kind"], string> = {
  live: "Live",
  reconnecting: "Reconnecting",
  polling: POLLING_TEXT,
  stopped: "Reconnecting",
};

/** Always says whether what is on the page is live, and how old it is. */
export function LinkStatus(): JSX.Element {
  const state = link.value;
  const wait = "retryAt" in state && state.retryAt !== undefined ? state.retryAt - clock.now() : 0;
  void tick.value;
  const age = heardAt.value === 0 ? undefined : clock.now() - heardAt.value;
  return (
    <div
      class={`link ${state.kind}${isStale(state) ? " stale" : ""}`}
      title={"reason" in state ? state.reason : ""}
    >
      <span class="word" role="status">{WORDS[state.kind]}</span>
      {state.kind === "stopped" && <span class="age">{state.reason}</span>}
      {age !== undefined && state.kind !== "stopped" && (
        <span class="age">
          <span class="phone-less">updated</span> {span(age)} ago
        </span>
      )}
      {state.kind !== "live" && (
        <>
          {wait > 1000 && <span class="age wait">next try in {span(wait)}</span>}
          <button
            type="button"
            class="text-button"
            onClick={() => inUse.value.forEach((one) => one.retryNow())}
          >
            Retry now
          </button>
        </>
      )}
    </div>
  );
}

const TOKEN_WORDS = {
  valid: "Token valid",
  expiring_soon: "Token expiring soon",
  refreshing: "Token refreshing",
  unavailable: "Token unavailable",
} as const;

/** The upstream token's state, for every page to see. */
export function TokenStatus(): JSX.Element | null {
  const report = token.value;
  if (report === undefined) {
    return null;
  }
  if (report.kind === "none") {
    return <span class="token quiet" title="No upstream is set: upstream.kind names one">No upstream</span>;
  }
  if (!tokenIsKnown.value) {
    return (
      <a class="token quiet" href="/market" title={`As it was told last: ${report.state.replace("_", " ")}`}>
        Token not known
      </a>
    );
  }
  const left = report.expires_at ? Date.parse(report.expires_at) - tick.value : undefined;
  const tone = { valid: "good", expiring_soon: "warn", refreshing: "busy", unavailable: "bad" }[report.state];
  return (
    <a class={`token ${tone}`} href="/market" title={report.reason ?? `For ${report.kind}`}>
      {TOKEN_WORDS[report.state]}
      {left !== undefined && left > 0 && report.state !== "unavailable" && (
        <span class="age">{span(left)}</span>
      )}
    </a>
  );
}
