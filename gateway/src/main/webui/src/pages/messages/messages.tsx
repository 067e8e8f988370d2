import { signal, useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { messageOf, path, post } from "../../app/api.ts";
import { stale } from "../../app/link.tsx";
import { param, setParams } from "../../app/router.ts";
import { afterLogin } from "../../app/session.tsx";
import { counted, findsWords } from "../../app/words.ts";
import { Button } from "../../ui/button.tsx";
import { Command } from "../../ui/copy.tsx";
import { confirm } from "../../ui/dialog.tsx";
import { Empty } from "../../ui/empty.tsx";
import { Note } from "../../ui/note.tsx";
import { Nothing } from "../../ui/nothing.tsx";
import { Choices, Search } from "../../ui/search.tsx";
import { type Column, Table } from "../../ui/table.tsx";
import { shell } from "../../ui/shell.ts";
import { Chain } from "./chain.tsx";
import { COLUMNS, DEAD } from "./columns.tsx";
import { Details } from "./details.tsx";
import { MessageFeed } from "./feed.ts";
import { MAX_MESSAGES, type MessageRow } from "./message_list.ts";
import { canRetry, isSettled } from "./status.ts";

const wanted = param("q");
const instance = param("instance");
const correlation = param("correlation_id");
const state = param("status");
const opened = param("id");

/** What went wrong with a retry, by message. */
const failures = signal<ReadonlyMap<string, string>>(new Map());

type View = "live" | "dead";

/** What agents send each other: live, by chain, and what could not be delivered. */
export function MessagesPage({ params }: { params: Record<string, string> }): JSX.Element {
  const view: View = params["view"] === "dead" ? "dead" : "live";
  const key = [view, instance.value, correlation.value].join(" ");
  return <FilteredMessages key={key} view={view} />;
}

function FilteredMessages({ view }: { view: View }): JSX.Element {
  const failure = useSignal("");
  const feed = useMemo(
    () =>
      new MessageFeed({
        instance: instance.value,
        correlation: correlation.value,
        // A chain is shown whole, whatever became of its messages.
        status: view === "dead" && correlation.value === "" ? "dead_lettered" : "",
      }),
    [],
  );
  const load = async (older = false) => {
    try {
      await feed.load({ older });
      while (correlation.value !== "" && feed.hasOlder && feed.list.size < MAX_MESSAGES) {
        await feed.load({ older: true });
      }
      failure.value = "";
    } catch (e) {
      failure.value = messageOf(e);
    }
  };
  useEffect(() => {
    void load();
    const ends = [feed.stream.use(), afterLogin(() => void load())];
    return () => ends.forEach((end) => end());
  }, []);

  void feed.version.value;
  const all = feed.list.rows();
  const found = findsWords(wanted.value);
  const rows = all
    .filter((row) => view !== "dead" || row.status === "dead_lettered")
    .filter((row) =>
      state.value === "" || row.status === state.value || (state.value === "open" && !isSettled(row.status))
    )
    .filter((row) => found(row.id, row.from, row.to, row.type, row.correlation, row.status, row.detail));
  const open = (row: MessageRow) => setParams({ id: opened.value === row.id ? "" : row.id });
  const openedRow = all.find((row) => row.id === opened.value);
  const untouched = [wanted, instance, correlation, state].every((filter) => filter.value === "");
  const none = view === "live" && feed.loaded.value && all.length === 0 && untouched && !stale.value;

  return (
    <div class="page">
      <div class="page-head">
        <h1>Messages</h1>
        <nav class="choices" aria-label="Messages to show">
          <a href="/messages" aria-current={view === "live" ? "page" : undefined}>Live</a>
          <a href="/messages/dead" aria-current={view === "dead" ? "page" : undefined}>Dead letters</a>
        </nav>
        {view === "live" && (
          <Choices<string>
            label="Status"
            value={state.value}
            onChange={(value) => setParams({ status: value })}
            choices={[
              { value: "", text: "Any" },
              { value: "open", text: "Open" },
              { value: "acknowledged", text: "Acknowledged" },
              { value: "retry_scheduled", text: "Retrying" },
              { value: "failed", text: "Failed" },
              { value: "expired", text: "Expired" },
            ]}
          />
        )}
        <div class="page-tools">
          {instance.value !== "" && (
            <Button icon="close" onClick={() => setParams({ instance: "" })}>With {instance.value}</Button>
          )}
          <Search
            label="Search messages"
            placeholder="Type, sender, recipient, id…"
            value={wanted.value}
            onChange={(text) => setParams({ q: text })}
          />
          {view === "dead" && rows.length > 1 && (
            <Button
              kind="primary"
              icon="restart"
              onClick={() => retryAll(rows)}
            >
              Retry all {rows.length}
            </Button>
          )}
        </div>
      </div>
      {failure.value !== "" && (
        <div class="failure">
          <Note>{failure.value}</Note>
        </div>
      )}
      <div class={`split${opened.value === "" ? "" : " opened"}`}>
        <div class="split-main">
          {correlation.value !== "" && all.length > 0 && (
            <Chain correlation={correlation.value} rows={all} onOpen={open} />
          )}
          {none ? <NoMessages /> : (
            <>
              <Table<MessageRow>
                label={view === "dead" ? "Dead letters" : "Messages"}
                columns={view === "dead" ? RETRYABLE : COLUMNS}
                rows={rows}
                keyOf={(row) => row.id}
                onOpen={open}
                selected={opened.value}
                stale={stale.value}
                below={below}
                empty={
                  <Nothing known={feed.loaded.value}>
                    <p class="nothing">
                      {view === "dead"
                        ? "No dead letters. A message ends here when its recipient did not acknowledge it in any of its attempts."
                        : "No message is like that."}
                    </p>
                  </Nothing>
                }
              />
              <div class="table-foot">
                <span class="faint">
                  {counted(rows.length, view === "dead" ? "dead letter" : "message")}
                  {feed.list.forgotten > 0 &&
                    ` · ${counted(feed.list.forgotten, "older one")} left this page`}
                </span>
                {feed.hasOlder && <Button onClick={() => void load(true)}>Older messages</Button>}
              </div>
            </>
          )}
        </div>
        {opened.value !== "" && (
          <Details
            id={opened.value}
            changed={`${openedRow?.status} ${openedRow?.at}`}
            onClose={() => setParams({ id: "" })}
          />
        )}
      </div>
    </div>
  );
}

async function retry(id: string): Promise<void> {
  const rest = new Map(failures.value);
  rest.delete(id);
  failures.value = rest;
  try {
    await post(path("messages", id, "retry"));
  } catch (e) {
    failures.value = new Map(failures.value).set(id, messageOf(e));
  }
}

function retryAll(rows: MessageRow[]): void {
  confirm({
    title: `Retry all ${rows.length} dead letters?`,
    body: "Each is sent again as if it were new, with all of its attempts.",
    action: `Retry all ${rows.length}`,
    danger: false,
    run: async () => {
      // One after the other: a recipient that is back has a backlog to get through as it is.
      for (const row of rows) {
        await retry(row.id);
      }
    },
  });
}

function below(row: MessageRow): JSX.Element | undefined {
  const failure = failures.value.get(row.id);
  return failure === undefined ? undefined : (
    <Note
      onDismiss={() => {
        const rest = new Map(failures.value);
        rest.delete(row.id);
        failures.value = rest;
      }}
    >
      {failure}
    </Note>
  );
}

const RETRYABLE: Column<MessageRow>[] = [
  ...DEAD,
  {
    id: "actions",
    title: "Actions",
    quiet: true,
    cell: (row: MessageRow) =>
      canRetry(row.status) && (
        <Button
          icon="restart"
          label={`Retry ${row.id}`}
          onClick={() => void retry(row.id)}
        >
          Retry
        </Button>
      ),
  },
];

function NoMessages(): JSX.Element {
  return (
    <Empty title="No messages yet">
      <p>Agents send each other messages that are kept until they are acknowledged. Send one yourself:</p>
      <Command>{shell(`messages send agent-1 '{"text":"hi"}' --type hello`)}</Command>
    </Empty>
  );
}
