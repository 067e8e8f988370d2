import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { get, messageOf } from "../../app/api.ts";
import type { Cluster, ClusterNode } from "../../app/rest.ts";
import { afterLogin } from "../../app/session.tsx";
import { counted } from "../../app/words.ts";
import { Ago } from "../../ui/ago.tsx";
import { Button } from "../../ui/button.tsx";
import { Note } from "../../ui/note.tsx";
import { Pill } from "../../ui/pill.tsx";
import { type Column, Second, Table } from "../../ui/table.tsx";

const LOOK_MS = 5_000;

/** The gateways that are one, and what each of them owns. */
export function NodeTable(): JSX.Element {
  const seen = useSignal<Cluster | undefined>(undefined);
  const failure = useSignal("");
  const load = async () => {
    try {
      seen.value = await get<Cluster>("/api/cluster");
      failure.value = "";
    } catch (e) {
      failure.value = messageOf(e);
    }
  };
  useEffect(() => {
    void load();
    const timer = setInterval(() => document.visibilityState === "visible" && void load(), LOOK_MS);
    const ends = afterLogin(() => void load());
    return () => {
      clearInterval(timer);
      ends();
    };
  }, []);
  const nodes = seen.value?.nodes ?? [];
  return (
    <>
      {failure.value !== "" && (
        <div class="failure">
          <Note>{failure.value}</Note>
        </div>
      )}
      <Table<ClusterNode>
        label="Nodes"
        columns={COLUMNS}
        rows={nodes}
        keyOf={(row) => row.name}
        empty={<p class="nothing">{failure.value === "" ? "Loading…" : ""}</p>}
      />
      {seen.value?.refused.map((one) => (
        <p key={one.node} class="muted">
          {one.node} was not let in <Ago at={one.at} />: {one.why}
        </p>
      ))}
      <div class="table-foot">
        <span class="faint">
          {counted(nodes.length, "node")}
          {seen.value !== undefined && seen.value.unowned.length > 0 &&
            ` · nobody owns ${owned(seen.value.unowned)}`}
        </span>
        <Button onClick={() => void load()}>Refresh</Button>
      </div>
    </>
  );
}

function owned(leases: string[]): string {
  const named = leases.filter((lease) => !lease.startsWith("shard-"));
  const shards = leases.length - named.length;
  return [...named, ...(shards > 0 ? [counted(shards, "shard")] : [])].join(", ");
}

const COLUMNS: Column<ClusterNode>[] = [
  {
    id: "node",
    title: "Node",
    cell: (row) => (
      <>
        <span class="name">{row.name}</span>
        <Second>{owned(row.leases)}</Second>
      </>
    ),
  },
  {
    id: "state",
    title: "State",
    cell: (row) => (
      <Pill tone={row.alive ? "good" : "bad"}>{row.self ? "answers" : row.alive ? "there" : "away"}</Pill>
    ),
  },
  { id: "owns", title: "Owns", wide: true, cell: (row) => owned(row.leases) },
  { id: "version", title: "Version", wide: true, cell: (row) => row.version },
  { id: "address", title: "Address", wide: true, cell: (row) => <span class="mono">{row.address}</span> },
  {
    id: "since",
    title: "Since",
    cell: (row) => (
      <span class="faint">
        <Ago at={row.since} />
      </span>
    ),
  },
];
