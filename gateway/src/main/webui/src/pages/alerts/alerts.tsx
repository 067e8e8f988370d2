import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { messageOf, path, post } from "../../app/api.ts";
import { alerts, allowNotifying, firing, loadAlerts, notifies } from "../../app/attention.ts";
import { stale } from "../../app/link.tsx";
import type { Alert, AlertsTested } from "../../app/rest.ts";
import { afterLogin } from "../../app/session.tsx";
import { Ago, Since } from "../../ui/ago.tsx";
import { Button } from "../../ui/button.tsx";
import { Note } from "../../ui/note.tsx";
import { Nothing } from "../../ui/nothing.tsx";
import { Pill } from "../../ui/pill.tsx";
import { type Column, Second, Table } from "../../ui/table.tsx";
import { RuleTable } from "./rules.tsx";

const SILENCE_SECONDS = 3600;

const said = signal<{ text: string; tone: "bad" | "quiet" } | undefined>(undefined);

/** What calls for attention, and what is watched for. */
export function AlertsPage({ params }: { params: Record<string, string> }): JSX.Element {
  const rules = params["view"] === "rules";
  useEffect(() => {
    void act(() => Promise.resolve());
    return afterLogin(() => void loadAlerts());
  }, []);
  const told = alerts.value?.receivers ?? [];
  return (
    <div class="page">
      <div class="page-head">
        <h1>Alerts</h1>
        <nav class="choices" aria-label="About alerts">
          <a href="/alerts" aria-current={rules ? undefined : "page"}>
            Alerts <span class="count">{firing.value.length}</span>
          </a>
          <a href="/alerts/rules" aria-current={rules ? "page" : undefined}>Rules</a>
        </nav>
        <div class="page-tools">
          <Button
            pressed={notifies.value}
            onClick={() => notifies.value ? notifies.value = false : void allowNotifying()}
          >
            Notify in this browser
          </Button>
          <Button disabled={told.length === 0} onClick={() => void act(test)}>Send a test</Button>
        </div>
      </div>
      {said.value !== undefined && (
        <div class="failure">
          <Note tone={said.value.tone} onDismiss={() => said.value = undefined}>{said.value.text}</Note>
        </div>
      )}
      {rules ? <RuleTable act={act} /> : (
        <Table<Alert>
          label="Alerts"
          columns={COLUMNS}
          rows={alerts.value?.alerts ?? []}
          keyOf={(row) => row.id}
          stale={stale.value}
          empty={
            <Nothing known={alerts.value !== undefined}>
              <p class="nothing">Nothing calls for attention, and nothing did.</p>
            </Nothing>
          }
        />
      )}
      <div class="table-foot">
        <span class="faint">
          {told.length === 0
            ? "Nobody outside is told: see alerts.webhook_url, alerts.ntfy_url and alerts.smtp_host."
            : `Told: ${
              told.map((one) =>
                one.last_error ? `${one.name} (${one.last_error}, ${one.waiting} wait)` : one.name
              )
                .join(", ")
            }`}
        </span>
      </div>
    </div>
  );
}

/** Does something about alerts, and shows them as they are then. */
async function act(what: () => Promise<unknown>): Promise<void> {
  try {
    await what();
    await loadAlerts();
  } catch (e) {
    said.value = { text: messageOf(e), tone: "bad" };
  }
}

async function test(): Promise<void> {
  const rule = alerts.value?.rules[0]?.id ?? "";
  const { results } = await post<AlertsTested>(path("alerts", rule, "test"));
  said.value = {
    text: results.map((one) => `${one.receiver}: ${one.ok ? "told" : one.error}`).join("; "),
    tone: results.every((one) => one.ok) ? "quiet" : "bad",
  };
}

/** Has nobody told of it for an hour, or has them told again. */
export function SilenceButton({ id, until, act }: {
  id: string;
  until: string | undefined;
  act: (what: () => Promise<unknown>) => Promise<void>;
}): JSX.Element {
  return (
    <Button
      label={`${until === undefined ? "Silence" : "Unsilence"} ${id}`}
      onClick={() =>
        void act(() => post(path("alerts", id, "silence"), { for_seconds: until ? 0 : SILENCE_SECONDS }))}
    >
      {until === undefined ? "Silence 1 h" : "Unsilence"}
    </Button>
  );
}

/** An instance or agent has a page; what else an alert is about has one for all of its kind. */
function placeOf({ kind, subject }: Alert): string {
  return /^(instance|agent|log)/.test(kind)
    ? `/instances/${subject}`
    : kind === "dead_letter"
    ? "/messages/dead"
    : /^(order|token)/.test(kind)
    ? "/market"
    : "/alerts/rules";
}

const COLUMNS: Column<Alert>[] = [
  {
    id: "state",
    title: "State",
    cell: (row) => (
      <Pill
        tone={row.state === "resolved" || row.silenced_until !== undefined
          ? "quiet"
          : row.severity === "critical"
          ? "bad"
          : "warn"}
      >
        {row.silenced_until === undefined ? row.state : "silenced"}
      </Pill>
    ),
  },
  {
    id: "summary",
    title: "What",
    cell: (row) => (
      <>
        <a class="name cut" href={placeOf(row)} title={row.summary}>{row.summary}</a>
        <Second>
          <Ago at={row.started_at} />
        </Second>
      </>
    ),
  },
  { id: "times", title: "Times", wide: true, numeric: true, cell: (row) => row.count },
  {
    id: "since",
    title: "For",
    wide: true,
    cell: (row) =>
      row.resolved_at === undefined ? <Since at={row.started_at} /> : (
        <span class="faint">
          over <Ago at={row.resolved_at} />
        </span>
      ),
  },
  { id: "rule", title: "Rule", wide: true, cell: (row) => <span class="mono">{row.rule}</span> },
  {
    id: "do",
    title: "Do",
    cell: (row) =>
      row.state === "firing" ? <SilenceButton id={row.id} until={row.silenced_until} act={act} /> : null,
  },
];
