import type { JSX } from "preact";
import { get, query } from "../../app/api.ts";
import type { AuditEntry, AuditPage } from "../../app/rest.ts";
import { timeOfDay } from "../../app/time.ts";
import { findsWords } from "../../app/words.ts";
import { AGE, TIME } from "../../ui/moment.tsx";
import { type Keyed, PagedTable } from "../../ui/paged_table.tsx";
import { type Column, Second } from "../../ui/table.tsx";

const PAGE = 200;

/** The audit trail, or what of it is about `target`; a page at a time, the newest first. */
export function AuditTable({ target, wanted = "" }: { target?: string; wanted?: string }): JSX.Element {
  const found = findsWords(wanted);
  return (
    <PagedTable<AuditEntry>
      label={target === undefined ? "Audit trail" : `What was done with ${target}`}
      about={target ?? ""}
      load={(cursor) => get<AuditPage>("/api/audit" + query({ limit: PAGE, cursor }))}
      columns={COLUMNS}
      shows={(row) =>
        (target === undefined || row.target === target || row.actor === `agent:${target}`) &&
        found(row.actor, row.action, row.target, row.outcome, row.detail, row.address)}
      empty={target === undefined ? "Nothing is like that." : "Nothing was done with it in these entries."}
    />
  );
}

const COLUMNS: Column<Keyed<AuditEntry>>[] = [
  TIME,
  AGE,
  { id: "actor", title: "Who", desk: true, cell: (row) => row.actor },
  {
    id: "action",
    title: "What",
    cell: (row) => (
      <>
        <span class="name">{row.action}</span>
        <Second>{row.actor} · {timeOfDay(row.at)}</Second>
      </>
    ),
  },
  { id: "target", title: "With", cell: (row) => row.target || <span class="faint">–</span> },
  {
    id: "outcome",
    title: "Outcome",
    cell: (row) => (
      <span class={row.outcome === "ok" ? "" : "word bad"}>
        {row.outcome}
        {row.count > 1 && ` × ${row.count}`}
      </span>
    ),
  },
  { id: "address", title: "From", wide: true, cell: (row) => <span class="mono">{row.address}</span> },
  {
    id: "detail",
    title: "Detail",
    wide: true,
    cell: (row) => <span class="cut" title={row.detail}>{row.detail}</span>,
  },
];
