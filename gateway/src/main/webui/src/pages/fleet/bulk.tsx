import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { path, post } from "../../app/api.ts";
import type { Member } from "../../app/fleet.ts";
import type { ActedOnMany } from "../../app/rest.ts";
import { Button } from "../../ui/button.tsx";
import { confirm } from "../../ui/dialog.tsx";
import { type Column, inOrder } from "../../ui/table.tsx";
import { toast } from "../../ui/toast.tsx";
import { dismissFailure, fail } from "./actions.tsx";
import { COLUMNS } from "./columns.tsx";

/** The names of what is selected; only those in sight are acted on. */
const picked = signal<ReadonlySet<string>>(new Set());
/** Where a range begins. */
let anchor: string | undefined;

const NAMES_SHOWN = 12;

function pick(names: string[], on: boolean): void {
  const next = new Set(picked.value);
  names.forEach((name) => on ? next.add(name) : next.delete(name));
  picked.value = next;
}

/** The box before each instance: Shift picks all from the one before, the arrows move, with Shift they pick. */
export function pickColumn(rows: Member[], sort: string, group: (row: Member) => string): Column<Member> {
  const names = rows.filter((row) => row.instance !== undefined).map((row) => row.name);
  const every = names.length > 0 && names.every((name) => picked.value.has(name));
  return {
    id: "pick",
    title: "Select",
    desk: true,
    head: (
      <input
        type="checkbox"
        aria-label="Select all shown"
        checked={every}
        disabled={names.length === 0}
        onClick={() => pick(names, !every)}
      />
    ),
    cell: (row) =>
      row.instance === undefined ? null : (
        <input
          type="checkbox"
          data-pick
          aria-label={`Select ${row.name}`}
          checked={picked.value.has(row.name)}
          onClick={(event) => {
            const on = !picked.value.has(row.name);
            pick(event.shiftKey ? range(row.name, inOrder(rows, COLUMNS, sort, group)) : [row.name], on);
            anchor = row.name;
          }}
          onKeyDown={move}
        />
      ),
  };
}

function range(to: string, ordered: Member[]): string[] {
  const names = ordered.filter((row) => row.instance !== undefined).map((row) => row.name);
  const [a, b] = [names.indexOf(anchor ?? to), names.indexOf(to)];
  return a < 0 ? [to] : names.slice(Math.min(a, b), Math.max(a, b) + 1);
}

function move(event: KeyboardEvent): void {
  const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  if (event.key === "Escape") {
    picked.value = new Set();
  }
  if (step === 0) {
    return;
  }
  event.preventDefault();
  const table = (event.currentTarget as Element).closest("table");
  const boxes = [...table?.querySelectorAll<HTMLInputElement>("input[data-pick]") ?? []];
  const next = boxes[boxes.indexOf(event.currentTarget as HTMLInputElement) + step];
  next?.focus();
  if (event.shiftKey && next?.checked === false) {
    next.click();
  }
}

const VERBS = {
  start: { label: "Start", done: "starting", body: "Those that do not run are started." },
  stop: {
    label: "Stop",
    done: "stopping",
    body: "Their processes are asked to end, and ended after a while if they do not.",
  },
  restart: { label: "Restart", done: "restarting", body: "Their processes are ended and new ones started." },
  archive: {
    label: "Archive",
    done: "archived",
    body:
      "They are taken out of the fleet and can no longer be started. Their settings and logs stay; they can be unarchived.",
  },
} as const;

type Verb = keyof typeof VERBS;

/** What can be done with all that is selected, asked once; each row says what became of it. */
export function BulkBar({ rows }: { rows: Member[] }): JSX.Element | null {
  const names = rows.filter((row) => picked.value.has(row.name)).map((row) => row.name);
  if (names.length === 0) {
    return null;
  }
  return (
    <div class="bulk" role="toolbar" aria-label="Selected instances">
      <span role="status">{names.length} selected</span>
      {(Object.keys(VERBS) as Verb[]).map((verb) => (
        <Button
          key={verb}
          kind={verb === "archive" ? "danger" : "plain"}
          onClick={() => ask(verb, names)}
        >
          {VERBS[verb].label}…
        </Button>
      ))}
      <a class="button plain" href={`/logs/live?instances=${names.join(",")}`}>Follow logs</a>
      <Button kind="ghost" onClick={() => picked.value = new Set()}>Clear</Button>
    </div>
  );
}

function ask(verb: Verb, names: string[]): void {
  const { label, body } = VERBS[verb];
  const many = names.length === 1 ? names[0]! : `${names.length} instances`;
  confirm({
    title: `${label} ${many}?`,
    body: (
      <>
        <p>{body}</p>
        <p class="mono">
          {names.slice(0, NAMES_SHOWN).join(", ")}
          {names.length > NAMES_SHOWN && ` and ${names.length - NAMES_SHOWN} more`}
        </p>
      </>
    ),
    action: `${label} ${many}`,
    danger: verb === "stop" || verb === "archive",
    run: async () => {
      names.forEach(dismissFailure);
      const { results } = await post<ActedOnMany>(path("instances", "bulk"), { names, action: verb });
      const refused = results.filter((one) => one.outcome === "refused");
      fail(new Map(refused.map((one) => [one.name, one.message ?? "refused"])));
      const count = (outcome: string) => results.filter((one) => one.outcome === outcome).length;
      toast(
        [
          [count("done"), VERBS[verb].done],
          [count("unchanged"), "as before"],
          [refused.length, "refused: their rows say why"],
        ].filter(([many]) => many !== 0).map((words) => words.join(" ")).join(", "),
      );
      // What is left selected is what still needs somebody.
      picked.value = new Set(refused.map((one) => one.name));
    },
  });
}
