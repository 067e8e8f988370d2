import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { TokenReport } from "wire";
import { messageOf, post } from "../../app/api.ts";
import { token, tokenIsKnown } from "../../app/fleet.ts";
import { span, tick, timeOfDay, wholeTime } from "../../app/time.ts";
import { Ago } from "../../ui/ago.tsx";
import { Button } from "../../ui/button.tsx";
import { Command } from "../../ui/copy.tsx";
import { Note } from "../../ui/note.tsx";
import { NOT_KNOWN } from "../../ui/nothing.tsx";
import { program, serve } from "../../ui/shell.ts";
import { Pill, type Tone } from "../../ui/pill.tsx";

const STATES: Record<TokenReport["state"], { tone: Tone; word: string }> = {
  valid: { tone: "good", word: "valid" },
  expiring_soon: { tone: "warn", word: "expiring soon" },
  refreshing: { tone: "busy", word: "refreshing" },
  unavailable: { tone: "bad", word: "unavailable" },
};

/** The upstream's token: how it is, how long it lasts, and a new one at the press of a button. */
export function TokenCard(): JSX.Element {
  const report = token.value;
  const busy = useSignal(false);
  const failure = useSignal("");
  const refresh = async () => {
    busy.value = true;
    failure.value = "";
    try {
      token.value = await post<TokenReport>("/api/token/refresh");
    } catch (e) {
      failure.value = messageOf(e);
    } finally {
      busy.value = false;
    }
  };
  const without = report?.kind === "none";
  return (
    <section class="board token-board" aria-labelledby="token-title">
      <div class="board-head">
        <h2 id="token-title">Token</h2>
        {report !== undefined && !without && (
          tokenIsKnown.value
            ? <Pill tone={STATES[report.state].tone}>{STATES[report.state].word}</Pill>
            : <Pill tone="quiet">not known</Pill>
        )}
        {report !== undefined && !without && tokenIsKnown.value && (
          <div class="page-tools">
            <Button icon="restart" label="Refresh the token" busy={busy.value} onClick={() => void refresh()}>
              Refresh
            </Button>
          </div>
        )}
      </div>
      {report === undefined
        ? <p class="nothing">Loading…</p>
        : without
        ? <NoUpstream />
        : !tokenIsKnown.value
        ? (
          <p class="nothing">
            {NOT_KNOWN} As it was told last: {STATES[report.state].word}
            {report.expires_at != null && `, until ${timeOfDay(report.expires_at).slice(0, 8)}`}.
          </p>
        )
        : (
          <div class="board-body">
            {failure.value !== "" && <Note onDismiss={() => failure.value = ""}>{failure.value}</Note>}
            {report.reason != null && (
              <Note tone={report.state === "unavailable" ? "bad" : "quiet"}>{report.reason}</Note>
            )}
            <Life report={report} />
            <dl class="order-facts">
              <Fact name="Upstream">{report.kind}</Fact>
              <Fact name="Age">
                {report.fetched_at == null
                  ? "–"
                  : <time dateTime={report.fetched_at}>{span(ageOf(report))}</time>}
              </Fact>
              <Fact name="Last used">
                {report.last_used_at == null ? "never" : <Ago at={report.last_used_at} />}
              </Fact>
            </dl>
            {report.state === "unavailable" && report.fetched_at == null && (
              <Credentials
                kind={report.kind}
              />
            )}
          </div>
        )}
    </section>
  );
}

function Fact({ name, children }: { name: string; children: JSX.Element | string }): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function ageOf(report: TokenReport): number {
  return tick.value - Date.parse(report.fetched_at!);
}

/** The token's life as a line: what happens when, and where on it one is. */
function Life({ report }: { report: TokenReport }): JSX.Element | null {
  const { fetched_at, warn_at, refresh_at, expires_at } = report;
  if (fetched_at == null || expires_at == null) {
    return null;
  }
  const from = Date.parse(fetched_at);
  const life = Math.max(1, Date.parse(expires_at) - from);
  const share = (at: number) => Math.min(100, Math.max(0, (at - from) / life * 100));
  const now = share(tick.value);
  const marks = [
    { name: "warns", at: warn_at },
    { name: "refreshes", at: refresh_at },
    { name: "expires", at: expires_at },
  ].flatMap(({ name, at }) => at == null ? [] : [{ name, at, share: share(Date.parse(at)) }]);
  const left = Date.parse(expires_at) - tick.value;
  const tone = { valid: "good", expiring_soon: "warn", refreshing: "busy", unavailable: "bad" }[report.state];
  return (
    <div class={`token-life ${tone}`}>
      <div
        class="token-line"
        role="meter"
        aria-label="Life of the token"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(now)}
        aria-valuetext={left > 0 ? `${span(left)} left` : "expired"}
      >
        <i class="token-past" style={{ width: `${now}%` }} />
        {marks.slice(0, -1).map((mark) => (
          <i key={mark.name} class="token-mark" style={{ left: `${mark.share}%` }} />
        ))}
      </div>
      <ul class="token-marks">
        {marks.map((mark) => (
          <li key={mark.name} class={mark.share <= now ? "past" : ""}>
            <span>{mark.name}</span>
            <time dateTime={mark.at} title={wholeTime(mark.at)}>
              {timeOfDay(mark.at).slice(0, 8)}
            </time>
            <span class="faint">{until(Date.parse(mark.at) - tick.value)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function until(millis: number): string {
  return millis > 0 ? `in ${span(millis)}` : `${span(-millis)} ago`;
}

/** How there comes to be one. */
function NoUpstream(): JSX.Element {
  return (
    <div class="board-empty">
      <p>
        No upstream is set, so there are no quotes and no orders. To try it without an account, in two shells:
      </p>
      <Command>{`${program()} simulate-upstream`}</Command>
      <Command>{serve("--set upstream.kind=simulator")}</Command>
      <p>With an account at tastytrade:</p>
      <Credentials kind="tastytrade" />
      <p>or at Kraken:</p>
      <Credentials kind="kraken" />
    </div>
  );
}

function Credentials({ kind }: { kind: string }): JSX.Element | null {
  switch (kind) {
    case "tastytrade":
      return (
        <Command>
          {serve("--set upstream.kind=tastytrade", "TASTY_CLIENT_SECRET=… TASTY_REFRESH_TOKEN=…")}
        </Command>
      );
    case "kraken":
      return <Command>{serve("--set upstream.kind=kraken", "KRAKEN_API_KEY=… KRAKEN_API_SECRET=…")}</Command>;
    case "simulator":
      return <Command>{`${program()} simulate-upstream`}</Command>;
    default:
      return null;
  }
}
