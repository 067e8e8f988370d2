import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { MessageEventKind } from "wire";
import { get, path } from "../../app/api.ts";
import type { MessageWhole } from "../../app/rest.ts";
import { setParams } from "../../app/router.ts";
import { timeOfDay } from "../../app/time.ts";
import { Ago } from "../../ui/ago.tsx";
import { TIME } from "../../ui/moment.tsx";
import { Pill } from "../../ui/pill.tsx";
import { type Column, Second } from "../../ui/table.tsx";
import type { MessageRow } from "./message_list.ts";
import { messageTone, messageWord } from "./status.ts";

/** Of messages as they move. */
export const COLUMNS: Column<MessageRow>[] = [
  TIME,
  { id: "status", title: "Status", cell: (row) => <Status status={row.status} detail={row.detail} /> },
  {
    id: "type",
    title: "Type",
    cell: (row) => (
      <>
        <span class="name">{row.type}</span>
        <Second>{row.from} → {row.to} · {timeOfDay(row.at)}</Second>
      </>
    ),
  },
  {
    id: "route",
    title: "From → to",
    desk: true,
    cell: (row) => (
      <span class="route">
        <a href={`/instances/${row.from}`}>{row.from}</a> <span class="faint">→</span>{" "}
        <a href={`/instances/${row.to}`}>{row.to}</a>
      </span>
    ),
  },
  {
    id: "chain",
    title: "Chain",
    wide: true,
    cell: (row) =>
      row.correlation === "" ? <span class="faint">–</span> : (
        <button
          type="button"
          class="chip"
          title={`Show the chain ${row.correlation}`}
          onClick={() => setParams({ correlation_id: row.correlation })}
        >
          {row.correlation}
        </button>
      ),
  },
  {
    id: "id",
    title: "Id",
    wide: true,
    cell: (row) => <code class="cut id faint" title={row.id}>{row.id}</code>,
  },
  {
    id: "detail",
    title: "Detail",
    wide: true,
    cell: (row) => <span class="cut muted" title={row.detail}>{row.detail}</span>,
  },
];

/** Of those that died; what can be done with one is the page's to add. */
export const DEAD: Column<MessageRow>[] = [
  { id: "age", title: "Died", desk: true, cell: (row) => <Ago at={row.at} /> },
  ...COLUMNS.filter((column) => ["type", "route", "chain", "id"].includes(column.id)),
  { id: "reason", title: "Reason", wide: true, cell: (row) => <Reason row={row} /> },
];

/** Why it died, as of its last attempt; asked for where no event told it, by those rows alone that are in sight. */
function Reason({ row }: { row: MessageRow }): JSX.Element {
  const asked = useSignal("");
  useEffect(() => {
    if (row.detail === "") {
      get<MessageWhole>(path("messages", row.id))
        .then((whole) => asked.value = whole.attempts.at(-1)?.detail ?? "")
        .catch(() => {});
    }
  }, [row.id, row.at]);
  const reason = row.detail || asked.value;
  return <span class="cut muted" title={reason}>{reason}</span>;
}

function Status({ status, detail }: { status: MessageEventKind; detail: string }): JSX.Element {
  return <Pill tone={messageTone(status)} title={detail || undefined}>{messageWord(status)}</Pill>;
}
