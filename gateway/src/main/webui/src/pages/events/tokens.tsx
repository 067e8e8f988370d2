import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { del, get, messageOf, path, post } from "../../app/api.ts";
import type { FaceKey, FaceKeys } from "../../app/rest.ts";
import { afterLogin } from "../../app/session.tsx";
import { counted } from "../../app/words.ts";
import { Ago } from "../../ui/ago.tsx";
import { Button } from "../../ui/button.tsx";
import { Command } from "../../ui/copy.tsx";
import { confirm, Dialog } from "../../ui/dialog.tsx";
import { Field, Form } from "../../ui/form.tsx";
import { Note } from "../../ui/note.tsx";
import { type Column, Second, Table } from "../../ui/table.tsx";

type Kind = FaceKey["kind"];

const KINDS: Record<Kind, string> = {
  mcp: "MCP client",
  openai: "OpenAI client",
  metrics: "Metrics",
};

const SCOPES: Record<string, string> = {
  read: "look at everything",
  operate: "change what can be changed back, at once",
  trade: "ask for what cannot; a person approves it",
};

/** The keys of the faces: made here, told once, ended here. */
export function TokenTable(): JSX.Element {
  const rows = useSignal<FaceKey[] | undefined>(undefined);
  const failure = useSignal("");
  const making = useSignal(false);
  const load = async () => {
    try {
      rows.value = (await get<FaceKeys>("/api/admin/tokens")).tokens;
      failure.value = "";
    } catch (e) {
      failure.value = messageOf(e);
    }
  };
  useEffect(() => {
    void load();
    return afterLogin(() => void load());
  }, []);
  const revoke = (key: FaceKey) =>
    confirm({
      title: `Revoke ${key.name}?`,
      body: <p>Whoever uses it is refused at once. It cannot be had back; a new one can be made.</p>,
      action: "Revoke",
      run: async () => {
        await del(path("admin", "tokens", key.id));
        await load();
      },
    });
  const columns: Column<FaceKey>[] = [
    ...COLUMNS,
    {
      id: "do",
      title: "Do",
      cell: (row) => <Button label={`Revoke ${row.name}`} onClick={() => revoke(row)}>Revoke</Button>,
    },
  ];
  return (
    <>
      {failure.value !== "" && (
        <div class="failure">
          <Note>{failure.value}</Note>
        </div>
      )}
      <Table<FaceKey>
        label="Tokens"
        columns={columns}
        rows={rows.value ?? []}
        keyOf={(row) => row.id}
        empty={
          <p class="nothing">
            {failure.value !== "" ? "" : rows.value === undefined ? "Loading…" : "No token was given out."}
          </p>
        }
      />
      <div class="table-foot">
        <span class="faint">{counted((rows.value ?? []).length, "token")}</span>
        <Button onClick={() => void load()}>Refresh</Button>
        <Button kind="primary" onClick={() => making.value = true}>New token</Button>
      </div>
      {making.value && <NewToken onMade={load} onClose={() => making.value = false} />}
    </>
  );
}

function NewToken({ onMade, onClose }: { onMade(): Promise<void>; onClose(): void }): JSX.Element {
  const kind = useSignal<Kind>("mcp");
  const token = useSignal<string | undefined>(undefined);
  const make = async (form: FormData) => {
    const scopes = form.getAll("scopes").map(String);
    if (scopes.length === 0 && kind.value !== "metrics") {
      throw new Error("Choose at least one thing that it may do");
    }
    const made = await post<{ token: string }>(path("admin", "tokens"), {
      kind: kind.value,
      name: String(form.get("name")).trim(),
      ...(kind.value === "metrics" ? {} : { scopes }),
    });
    token.value = made.token;
    await onMade();
  };
  if (token.value !== undefined) {
    // It closes by its button alone: what is shown once is not lost to a slip.
    return (
      <Dialog title="Your new token">
        <p class="muted">It is shown this once. Whoever has it is let in until it is revoked.</p>
        <Command>{token.value}</Command>
        <div class="actions">
          <Button kind="primary" first onClick={onClose}>Done</Button>
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog title="New token" onClose={onClose}>
      <Form action="Make it" onSubmit={make} onCancel={onClose}>
        <Field label="For">
          <select name="kind" onChange={(event) => kind.value = event.currentTarget.value as Kind}>
            {Object.entries(KINDS).map(([id, text]) => <option key={id} value={id}>{text}</option>)}
          </select>
        </Field>
        <Field label="Name" hint="What the audit trail calls it: a–z, 0–9 and -">
          <input
            name="name"
            required
            pattern="[a-z0-9][a-z0-9\-]{0,62}"
            autocomplete="off"
            spellcheck={false}
            data-first
          />
        </Field>
        {kind.value === "metrics"
          ? <p class="muted">It reads /metrics and nothing else.</p>
          : (
            <fieldset class="scopes">
              <legend>It may</legend>
              {Object.entries(SCOPES).map(([scope, text]) => (
                <label key={scope} class="check">
                  <input type="checkbox" name="scopes" value={scope} defaultChecked={scope === "read"} />
                  <span>
                    <b>{scope}</b> {text}
                  </span>
                </label>
              ))}
            </fieldset>
          )}
      </Form>
    </Dialog>
  );
}

const COLUMNS: Column<FaceKey>[] = [
  {
    id: "name",
    title: "Name",
    cell: (row) => (
      <>
        <span class="name">{row.name}</span>
        <Second>{KINDS[row.kind]} · {row.scopes.join(", ")}</Second>
      </>
    ),
  },
  { id: "for", title: "For", desk: true, cell: (row) => KINDS[row.kind] },
  { id: "scopes", title: "May", desk: true, cell: (row) => row.scopes.join(", ") },
  {
    id: "used",
    title: "Last used",
    cell: (row) => (
      <span class="faint">{row.last_used_at === undefined ? "never" : <Ago at={row.last_used_at} />}</span>
    ),
  },
  {
    id: "since",
    title: "Made",
    wide: true,
    cell: (row) => (
      <span class="faint">
        <Ago at={row.created_at} />
      </span>
    ),
  },
];
