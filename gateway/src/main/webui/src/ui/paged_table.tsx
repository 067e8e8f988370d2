import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { messageOf } from "../app/api.ts";
import { afterLogin } from "../app/session.tsx";
import { counted } from "../app/words.ts";
import { Button } from "./button.tsx";
import { Note } from "./note.tsx";
import { type Column, Table } from "./table.tsx";

export interface Entries<Entry> {
  entries: Entry[];
  cursor?: string;
}

export type Keyed<Entry> = Entry & { key: string };

/** What is kept of a kind, a page at a time, the newest first; loaded anew when `about` changes. */
export function PagedTable<Entry extends { at: string }>({ label, about, load, columns, shows, empty }: {
  label: string;
  about: string;
  load: (cursor: string | undefined) => Promise<Entries<Entry>>;
  columns: Column<Keyed<Entry>>[];
  shows?: (entry: Entry) => boolean;
  empty: string;
}): JSX.Element {
  const rows = useSignal<Keyed<Entry>[]>([]);
  const cursor = useSignal<string | undefined>(undefined);
  const loaded = useSignal(false);
  const busy = useSignal(false);
  const failure = useSignal("");

  const read = async (more: boolean) => {
    busy.value = true;
    failure.value = "";
    try {
      const page = await load(more ? cursor.value : undefined);
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
    void read(false);
    return afterLogin(() => void read(false));
  }, [about]);

  const shown = shows === undefined ? rows.value : rows.value.filter(shows);
  return (
    <>
      {failure.value !== "" && (
        <div class="failure">
          <Note>{failure.value}</Note>
        </div>
      )}
      <Table<Keyed<Entry>>
        label={label}
        columns={columns}
        rows={shown}
        keyOf={(row) => row.key}
        empty={<p class="nothing">{loaded.value ? empty : "Loading…"}</p>}
      />
      <div class="table-foot">
        <span class="faint">
          {shown.length === rows.value.length ? "" : `${shown.length} of `}
          {counted(rows.value.length, "entry", "entries")}
        </span>
        <Button busy={busy.value} onClick={() => void read(false)}>Refresh</Button>
        {cursor.value !== undefined && (
          <Button busy={busy.value} onClick={() => void read(true)}>Older entries</Button>
        )}
      </div>
    </>
  );
}
