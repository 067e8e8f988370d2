import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { get, messageOf, query } from "../../app/api.ts";
import type { AuditEntry, AuditPage } from "../../app/rest.ts";
import { afterLogin } from "../../app/session.tsx";
import { timeOfDay } from "../../app/time.ts";
import { counted, findsWords } from "../../app/words.ts";
import { Button } from "../../ui/button.tsx";
import { AGE, TIME } from "../../ui/moment.tsx";
import { Note } from "../../ui/note.tsx";
import { type Column, Second, Table } from "../../ui/table.tsx";

const PAGE = 200;

interface Row extends AuditEntry {
  key: string;
}

/** The audit trail, or what of it is about `target`; a page at a time, the newest first. */
export function AuditTable({ target, wanted = "" }: { target?: string; wanted?: string }): JSX.Element {
  const rows = useSignal<Row[]>([]);
  const cursor = useSignal<string | undefined>(undefined);
  const loaded = useSignal(false);
  const busy = useSignal(false);
  const failure = useSignal("");

  const load = async (more: boolean) => {
    busy.value = true;
    failure.value = "";
    try {
      const page = await get<AuditPage>(
        "/api/audit" + query({ limit: PAGE, cursor: more ? cursor.value : undefined }),
      );
      const before = more ? rows.value : [];
      rows.value = [
        ...before,
        ...page.entries.map((entry, i) => ({ ...entry, key: `${before.length + i} ${entry.at}` })),
      ];
      cursor.value = page.cursor;
      loaded.value = true;
    } catch (e) {
      failure.value = messageOf(e);
    } finally {
      busy.value = false;
    }
  };
  useEffect(() => {
    void load(false);
    return afterLogin(() => void load(false));
  }, [target]);

  const found = findsWords(wanted);
  const shown = rows.value
    .filter((row) => target === undefined || row.target === target || row.actor === `agent:${target}`)
    .filter((row) => found(row.actor, row.action, row.target, row.outcome, row.detail, row.address));
  return (
    <>
      {failure.value !== "" && (
        <div class="failure">
          <Note>{failure.value}</Note>
        </div>
      )}
      <Table<Row>
        label={target === undefined ? "Audit trail" : `History of ${target}`}
        columns={COLUMNS}
        rows={shown}
        keyOf={(row) => row.key}
        empty={
          <p class="nothing">
            {!loaded.value
              ? "Loading…"
              : target === undefined
              ? "Nothing is like that."
              : "Nothing was done with it in these entries."}
          </p>
        }
      />
      <div class="table-foot">
        <span class="faint">
          {shown.length === rows.value.length ? "" : `${shown.length} of `}
          {counted(rows.value.length, "entry", "entries")}
        </span>
        <Button busy={busy.value} onClick={() => void load(false)}>Refresh</Button>
        {cursor.value !== undefined && (
          <Button busy={busy.value} onClick={() => void load(true)}>Older entries</Button>
        )}
      </div>
    </>
  );
}

const COLUMNS: Column<Row>[] = [
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
