import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { EventsFrameUnion } from "wire";
import { get, messageOf, query } from "../../app/api.ts";
import { stale } from "../../app/link.tsx";
import { param, setParams } from "../../app/router.ts";
import { live } from "../../app/streams.ts";
import { timeOfDay } from "../../app/time.ts";
import { counted, findsWords } from "../../app/words.ts";
import { Button } from "../../ui/button.tsx";
import { AGE, TIME } from "../../ui/moment.tsx";
import { Note } from "../../ui/note.tsx";
import { Nothing } from "../../ui/nothing.tsx";
import { Pill } from "../../ui/pill.tsx";
import { Choices, Search } from "../../ui/search.tsx";
import { type Column, Second, Table } from "../../ui/table.tsx";
import { lazy } from "../../app/lazy.tsx";
import { AuditTable } from "./audit.tsx";
import { LoginTable } from "./logins.tsx";
import { TokenTable } from "./tokens.tsx";
import { describe, type Description, type Group, type LiveEvent } from "./describe.ts";

const MAX_EVENTS = 2_000;
/** With what was asked for of what was before; then only reading on elsewhere goes further back. */
const MAX_WITH_OLDER = 20_000;
const PAGE = 200;

const wanted = param("q");
const group = param("group");

interface KeptEvents {
  events: LiveEvent[];
  cursor?: string;
}

interface Row extends Description {
  key: string;
  at: string;
}

const rows = signal<Row[]>([]);
const forgotten = signal(0);
/** Where what is older than all these begins, while there is more of it. */
const older = signal<string | undefined>(undefined);
const asking = signal(false);
const failure = signal("");
/** Rows that were asked for: they leave no sooner for what happens now. */
let asked = 0;
/** Whether the gateway has told what happened before. */
const known = signal(false);
let last = 0;
let waiting: Row[] = [];

/** Kept while one is on another page, so that coming back shows what was seen. */
const stream = live<EventsFrameUnion>({
  path: "/ws/events",
  onFrame: (frame) => {
    if (frame.type === "snapshot") {
      const all = frame.recent_events.filter((event) => event.type !== "snapshot") as LiveEvent[];
      waiting = [];
      known.value = true;
      rows.value = all.map(rowOf).reverse();
      older.value = frame.older ?? undefined;
      asked = 0;
      forgotten.value = 0;
    } else {
      if (waiting.length === 0) {
        requestAnimationFrame(show);
      }
      waiting.push(rowOf(frame));
      // A hidden page has no frames of the screen: what waits for one must not grow for ever.
      if (waiting.length >= MAX_EVENTS) {
        show();
      }
    }
  },
});

function rowOf(event: LiveEvent): Row {
  return { ...describe(event), key: String(++last), at: event.timestamp };
}

function show(): void {
  const all = [...waiting.reverse(), ...rows.value];
  waiting = [];
  keep(all);
}

function keep(all: Row[]): void {
  const most = Math.min(MAX_EVENTS + asked, MAX_WITH_OLDER);
  if (all.length > most) {
    // What leaves would be missing between these and a page of older ones.
    older.value = undefined;
    forgotten.value += all.length - most;
  }
  rows.value = all.slice(0, most);
}

async function readOlder(): Promise<void> {
  const before = older.value;
  asking.value = true;
  failure.value = "";
  try {
    const page = await get<KeptEvents>("/api/events" + query({ limit: PAGE, before }));
    if (older.value === before) {
      asked += page.events.length;
      older.value = page.cursor;
      keep([...rows.value, ...page.events.map(rowOf)]);
    }
  } catch (e) {
    failure.value = messageOf(e);
  } finally {
    asking.value = false;
  }
}

const NodeTable = lazy(async () => (await import("./nodes.tsx")).NodeTable);

/** All that happens, the trail of who did what, who is logged in, the keys that were given out, and the nodes. */
export function EventsPage({ params }: { params: Record<string, string> }): JSX.Element {
  const audit = params["view"] === "audit";
  const logins = params["view"] === "logins";
  const tokens = params["view"] === "tokens";
  const nodes = params["view"] === "nodes";
  const live = !audit && !logins && !tokens && !nodes;
  return (
    <div class="page">
      <div class="page-head">
        <h1>Events</h1>
        <nav class="choices" aria-label="Events to show">
          <a href="/events" aria-current={live ? "page" : undefined}>Live</a>
          <a href="/events/audit" aria-current={audit ? "page" : undefined}>Audit</a>
          <a href="/events/logins" aria-current={logins ? "page" : undefined}>Sessions</a>
          <a href="/events/tokens" aria-current={tokens ? "page" : undefined}>Tokens</a>
          <a href="/events/nodes" aria-current={nodes ? "page" : undefined}>Nodes</a>
        </nav>
        {live && <Groups />}
        {(live || audit) && (
          <div class="page-tools">
            <Search
              label={audit ? "Search the audit trail" : "Search events"}
              value={wanted.value}
              onChange={(text) => setParams({ q: text })}
            />
          </div>
        )}
      </div>
      {audit
        ? <AuditTable wanted={wanted.value} />
        : logins
        ? <LoginTable />
        : tokens
        ? <TokenTable />
        : nodes
        ? <NodeTable params={params} />
        : <LiveEvents />}
    </div>
  );
}

function Groups(): JSX.Element {
  return (
    <Choices<Group | "">
      label="Kind"
      value={group.value as Group | ""}
      onChange={(value) => setParams({ group: value })}
      choices={[
        { value: "", text: "All" },
        { value: "instances", text: "Instances" },
        { value: "agents", text: "Connections" },
        { value: "messages", text: "Messages" },
        { value: "chat", text: "Chat" },
        { value: "token", text: "Token" },
        { value: "orders", text: "Orders" },
        { value: "approvals", text: "Approvals" },
        { value: "alerts", text: "Alerts" },
        { value: "errors", text: "Errors" },
      ]}
    />
  );
}

function LiveEvents(): JSX.Element {
  useEffect(() => stream.use(), []);
  const found = findsWords(wanted.value);
  const shown = rows.value
    .filter((row) => group.value === "" || row.group === group.value)
    .filter((row) => found(row.what, row.subject, row.detail));
  return (
    <>
      {failure.value !== "" && (
        <div class="failure">
          <Note>{failure.value}</Note>
        </div>
      )}
      <Table<Row>
        label="Events"
        columns={COLUMNS}
        rows={shown}
        keyOf={(row) => row.key}
        stale={stale.value}
        empty={
          <Nothing known={known.value}>
            <p class="nothing">
              {rows.value.length === 0
                ? "Nothing has happened yet."
                : "Nothing has happened that is like that."} What happens appears here at once.
            </p>
          </Nothing>
        }
      />
      <div class="table-foot">
        <span class="faint">
          {counted(shown.length, "event")}
          {forgotten.value > 0 && ` · ${counted(forgotten.value, "older one")} left this page`}
        </span>
        {older.value !== undefined && (
          <Button busy={asking.value} onClick={() => void readOlder()}>Older</Button>
        )}
      </div>
    </>
  );
}

const COLUMNS: Column<Row>[] = [
  TIME,
  AGE,
  {
    id: "what",
    title: "What",
    cell: (row) => (
      <>
        <Pill tone={row.tone}>{row.what}</Pill>
        <Second>{timeOfDay(row.at)} {row.detail}</Second>
      </>
    ),
  },
  {
    id: "subject",
    title: "Who",
    cell: (row) =>
      row.href === undefined
        ? <span class="name">{row.subject}</span>
        : <a class="name" href={row.href}>{row.subject}</a>,
  },
  {
    id: "detail",
    title: "Detail",
    wide: true,
    cell: (row) => <span class="cut muted" title={row.detail}>{row.detail}</span>,
  },
];
