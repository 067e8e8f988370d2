import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { del, get, messageOf, path } from "../../app/api.ts";
import type { BrowserLogin, Logins } from "../../app/rest.ts";
import { afterLogin } from "../../app/session.tsx";
import { counted } from "../../app/words.ts";
import { Ago } from "../../ui/ago.tsx";
import { Button } from "../../ui/button.tsx";
import { confirm } from "../../ui/dialog.tsx";
import { Note } from "../../ui/note.tsx";
import { type Column, Second, Table } from "../../ui/table.tsx";

/** The browsers that are logged in, and their end. */
export function LoginTable(): JSX.Element {
  const rows = useSignal<BrowserLogin[] | undefined>(undefined);
  const failure = useSignal("");
  const load = async () => {
    try {
      rows.value = (await get<Logins>("/api/logins")).logins;
      failure.value = "";
    } catch (e) {
      failure.value = messageOf(e);
    }
  };
  useEffect(() => {
    void load();
    return afterLogin(() => void load());
  }, []);
  const end = async (id: string) => {
    try {
      await del(path("logins", id));
    } catch (e) {
      failure.value = messageOf(e);
    }
    await load();
  };
  const others = (rows.value ?? []).filter((row) => !row.current).length;
  const endOthers = () =>
    confirm({
      title: `End ${counted(others, "other session")}?`,
      body: <p>Whoever uses them has to log in again; their pages are emptied at once.</p>,
      action: "End them",
      run: async () => {
        await del("/api/logins?others=true");
        await load();
      },
    });
  const columns: Column<BrowserLogin>[] = [
    ...COLUMNS,
    {
      id: "end",
      title: "Do",
      cell: (row) => row.current ? null : <Button onClick={() => void end(row.id)}>End</Button>,
    },
  ];
  return (
    <>
      {failure.value !== "" && (
        <div class="failure">
          <Note>{failure.value}</Note>
        </div>
      )}
      <Table<BrowserLogin>
        label="Sessions"
        columns={columns}
        rows={rows.value ?? []}
        keyOf={(row) => row.id}
        empty={<p class="nothing">{rows.value === undefined ? "Loading…" : "No browser is logged in."}</p>}
      />
      <div class="table-foot">
        <span class="faint">{counted((rows.value ?? []).length, "session")}</span>
        <Button onClick={() => void load()}>Refresh</Button>
        <Button kind="danger" disabled={others === 0} onClick={endOthers}>End all others</Button>
      </div>
    </>
  );
}

const COLUMNS: Column<BrowserLogin>[] = [
  {
    id: "client",
    title: "Browser",
    cell: (row) => (
      <>
        <span class="name">{row.current ? "This browser" : row.client || "Unnamed"}</span>
        <Second>{row.address}</Second>
      </>
    ),
  },
  { id: "address", title: "From", wide: true, cell: (row) => <span class="mono">{row.address}</span> },
  {
    id: "used",
    title: "Last used",
    cell: (row) => (
      <span class="faint">
        <Ago at={row.last_used_at} />
      </span>
    ),
  },
  {
    id: "since",
    title: "Logged in",
    wide: true,
    cell: (row) => (
      <span class="faint">
        <Ago at={row.created_at} />
      </span>
    ),
  },
];
