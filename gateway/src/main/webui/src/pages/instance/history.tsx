import type { JSX } from "preact";
import { get, query } from "../../app/api.ts";
import type { InstanceHistory, InstanceHistoryEntry } from "../../app/rest.ts";
import { timeOfDay } from "../../app/time.ts";
import { AGE, TIME } from "../../ui/moment.tsx";
import { type Keyed, PagedTable } from "../../ui/paged_table.tsx";
import { type Column, Second } from "../../ui/table.tsx";
import { AuditTable } from "../events/audit.tsx";

const PAGE = 100;

/** What became of it, and who did what with it; read anew when its `state` is another. */
export function HistoryTab({ name, state }: { name: string; state: string }): JSX.Element {
  return (
    <>
      <PagedTable<InstanceHistoryEntry>
        label={`History of ${name}`}
        about={`${name} ${state}`}
        load={(before) =>
          get<InstanceHistory>(`/api/instances/${name}/events` + query({ limit: PAGE, before }))
            .then(({ events, cursor }) => ({ entries: events, cursor }))}
        columns={COLUMNS}
        empty="Nothing became of it yet."
      />
      <h2>Audit trail</h2>
      <AuditTable target={name} />
    </>
  );
}

const COLUMNS: Column<Keyed<InstanceHistoryEntry>>[] = [
  TIME,
  AGE,
  {
    id: "kind",
    title: "What",
    cell: (row) => (
      <>
        <span class={BAD.has(row.kind) ? "word bad" : "name"}>{row.kind}</span>
        <Second>{timeOfDay(row.at)}</Second>
      </>
    ),
  },
  { id: "actor", title: "Who", desk: true, cell: (row) => row.actor ?? <span class="faint">–</span> },
  {
    id: "reason",
    title: "Why",
    cell: (row) => (
      <>
        <span>{row.reason ?? (row.pid === undefined ? "" : `Process ${row.pid}`)}</span>
        {row.last_lines.length > 0 && <pre class="last-lines">{row.last_lines.join("\n")}</pre>}
      </>
    ),
  },
  { id: "restarts", title: "Restarts", wide: true, cell: (row) => row.restarts },
];

const BAD = new Set(["failed", "unhealthy", "exited"]);
