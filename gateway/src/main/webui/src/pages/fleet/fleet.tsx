import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { followActivity, known, type Member, members } from "../../app/fleet.ts";
import { stale } from "../../app/link.tsx";
import { go, param, setParams } from "../../app/router.ts";
import { remembered } from "../../app/settings.ts";
import { followUsage } from "../../app/usage.ts";
import { findsWords } from "../../app/words.ts";
import { Button } from "../../ui/button.tsx";
import { Note } from "../../ui/note.tsx";
import { Nothing } from "../../ui/nothing.tsx";
import { Choices, Search } from "../../ui/search.tsx";
import { Table } from "../../ui/table.tsx";
import { dismissFailure, failures } from "./actions.tsx";
import { BulkBar, pickColumn } from "./bulk.tsx";
import { COLUMNS } from "./columns.tsx";
import { FirstRun } from "./first_run.tsx";
import { creating } from "./forms.tsx";
import { LabelTools } from "./labels.tsx";
import { isTroubled, isUp, shownOf, troubleRank } from "./members.ts";
import { parseSelector } from "./selector.ts";

const wanted = param("q");
const view = param("show");
const selector = param("l");
const group = param("group");
const sort = remembered<string>("fleet.sort", "name");
/** Of what is in trouble: the worst first, until somebody wants it otherwise. */
const troubleSort = signal("");

type View = "" | "up" | "trouble" | "down" | "archived";

/** Instances and agents in one table: what runs, what does not, and what can be done about it. */
export function FleetPage(_: { params: Record<string, string> }): JSX.Element {
  useEffect(followActivity, []);
  useEffect(followUsage, []);
  const all = members.value;
  const current = all.filter((one) => one.instance?.archived_at == null);
  const archived = all.length - current.length;
  const shownView = view.value as View;
  const found = findsWords(wanted.value);
  const meant = parseSelector(selector.value);
  const rows = (shownView === "archived" ? all.filter((one) => one.instance?.archived_at != null) : current)
    .filter((one) => shownView !== "up" || isUp(one))
    .filter((one) => shownView !== "trouble" || isTroubled(one))
    .filter((one) => shownView !== "down" || !isUp(one))
    .filter((one) => meant?.(one.instance?.labels ?? {}) ?? false)
    .filter((one) => found(...shownOf(one)));
  const order = shownView === "trouble" ? troubleSort : sort;
  if (shownView === "trouble") {
    rows.sort((a, b) => troubleRank(a) - troubleRank(b) || (a.name < b.name ? -1 : 1));
  }
  const labelled = current.some((one) => Object.keys(one.instance?.labels ?? {}).length > 0);
  const columns = [
    pickColumn(rows, order.value, groupOf),
    ...COLUMNS.filter((column) => column.id !== "labels" || labelled),
  ];
  const ready = known.value.instances && known.value.agents;

  return (
    <div class="page">
      <div class="page-head">
        <h1>Fleet</h1>
        <Choices<View>
          label="Show"
          value={shownView}
          onChange={(value) => setParams({ show: value })}
          choices={[
            { value: "", text: "All", count: current.length },
            { value: "up", text: "Up", count: current.filter(isUp).length },
            { value: "trouble", text: "Trouble", count: current.filter(isTroubled).length },
            { value: "down", text: "Down", count: current.filter((one) => !isUp(one)).length },
            ...(archived > 0 || shownView === "archived"
              ? [{ value: "archived" as const, text: "Archived", count: archived }]
              : []),
          ]}
        />
        <div class="page-tools">
          <LabelTools
            all={current}
            selector={selector.value}
            group={group.value}
            known={meant !== undefined}
          />
          <Search
            label="Search the fleet"
            placeholder="Name, status, port, pid…"
            value={wanted.value}
            onChange={(text) => setParams({ q: text })}
          />
          <Button kind="primary" icon="plus" onClick={() => creating.value = true}>New instance</Button>
        </div>
      </div>
      <BulkBar rows={rows} />
      {ready && all.length === 0 && !stale.value ? <FirstRun /> : (
        <Table<Member>
          label="Fleet"
          columns={columns}
          rows={rows}
          keyOf={(row) => row.name}
          sort={order.value}
          onSort={(next) => order.value = next}
          onOpen={(row) => go(`/instances/${row.name}`)}
          stale={stale.value}
          below={below}
          group={group.value === "" ? undefined : groupOf}
          empty={
            <Nothing known={ready}>
              <p class="nothing">
                {meant === undefined
                  ? "That is no selector: team=a, team!=a, team in (a,b), team, !team; several with commas."
                  : "Nothing here is like that."}
              </p>
            </Nothing>
          }
        />
      )}
    </div>
  );
}

function below(row: Member): JSX.Element | undefined {
  const failure = failures.value.get(row.name);
  return failure === undefined
    ? undefined
    : <Note onDismiss={() => dismissFailure(row.name)}>{failure}</Note>;
}

/** Where the row belongs: under the label the page is grouped by, under none where it has it not. */
function groupOf(row: Member): string {
  const key = group.value;
  const value = row.instance?.labels?.[key];
  return key === "" ? "" : value === undefined ? `no ${key}` : value === "" ? key : `${key}=${value}`;
}
