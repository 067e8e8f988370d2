import type { JSX } from "preact";
import { activity, type Member } from "../../app/fleet.ts";
import type { UsageSample } from "../../app/rest.ts";
import { tick } from "../../app/time.ts";
import { mebibytes, percent, trends, usage } from "../../app/usage.ts";
import { Ago, Since } from "../../ui/ago.tsx";
import { Button } from "../../ui/button.tsx";
import { Menu } from "../../ui/menu.tsx";
import { Pill, type Tone } from "../../ui/pill.tsx";
import { Spark } from "../../ui/spark.tsx";
import { type Column, Second } from "../../ui/table.tsx";
import { TrendLine } from "../../ui/trend_line.tsx";
import { actionsFor, pending } from "./actions.tsx";
import { Chips } from "./labels.tsx";
import { agentTone, awaySince, instanceTone, statusRank } from "./members.ts";

/** What a row of the fleet shows. */
export const COLUMNS: Column<Member>[] = [
  {
    id: "name",
    title: "Name",
    sort: (a, b) => a.name < b.name ? -1 : a.name > b.name ? 1 : 0,
    cell: (row) => <a class="name" href={`/instances/${row.name}`}>{row.name}</a>,
  },
  {
    id: "labels",
    title: "Labels",
    wide: true,
    cell: ({ instance }) => <Chips labels={instance?.labels ?? {}} />,
  },
  {
    id: "process",
    title: "Process",
    sort: (a, b) => statusRank(a) - statusRank(b),
    cell: (row) => (
      <>
        <Process row={row} />
        {row.agent !== undefined && (
          <Second>
            agent {row.agent.status} <Away row={row} />
          </Second>
        )}
      </>
    ),
  },
  {
    id: "agent",
    title: "Agent",
    desk: true,
    sort: (a, b) => (a.agent?.status ?? "~").localeCompare(b.agent?.status ?? "~"),
    cell: (row) => <Agent row={row} />,
  },
  {
    id: "health",
    title: "Health",
    wide: true,
    cell: ({ instance }) => <Health health={instance?.health} />,
  },
  {
    id: "restarts",
    title: "Restarts",
    wide: true,
    sort: (a, b) => (a.instance?.restarts ?? -1) - (b.instance?.restarts ?? -1),
    cell: (row) => <Restarts row={row} />,
  },
  {
    id: "messages",
    title: "Messages",
    wide: true,
    cell: ({ name }) => <Spark counts={activity.messagesOf(name, tick.value)} label="messages" />,
  },
  {
    id: "cpu",
    title: "CPU",
    wide: true,
    numeric: true,
    sort: (a, b) => (usageOf(b)?.cpu_percent ?? -1) - (usageOf(a)?.cpu_percent ?? -1),
    cell: (row) => (
      <Used
        row={row}
        of="cpu"
        full={100}
        shown={(sample) => percent(sample.cpu_percent)}
        most={percent}
      />
    ),
  },
  {
    id: "memory",
    title: "Memory",
    wide: true,
    numeric: true,
    sort: (a, b) => (usageOf(b)?.memory_bytes ?? -1) - (usageOf(a)?.memory_bytes ?? -1),
    cell: (row) => (
      <Used
        row={row}
        of="memory"
        full={1}
        shown={(sample) => mebibytes(sample.memory_bytes)}
        most={mebibytes}
      />
    ),
  },
  {
    id: "port",
    title: "Port",
    wide: true,
    numeric: true,
    sort: (a, b) => (a.instance?.port ?? 0) - (b.instance?.port ?? 0),
    cell: ({ instance }) => instance?.port ?? <span class="faint">–</span>,
  },
  {
    id: "pid",
    title: "PID",
    wide: true,
    numeric: true,
    cell: ({ instance }) => instance?.pid ?? <span class="faint">–</span>,
  },
  {
    id: "since",
    title: "Up for",
    wide: true,
    numeric: true,
    sort: (a, b) => sinceOf(a).localeCompare(sinceOf(b)),
    cell: (row) => <Age row={row} />,
  },
  {
    id: "actions",
    title: "Actions",
    quiet: true,
    cell: (row) => <Actions row={row} />,
  },
];

/** Of a process that runs; what was told of another one is of before. */
function usageOf({ name, instance }: Member): UsageSample | undefined {
  return instance?.pid == null ? undefined : usage.value?.instances[name];
}

/** What it uses, and used in the last ten minutes: a core's worth is the height of its processor time. */
function Used({ row, of, full, shown, most }: {
  row: Member;
  of: "cpu" | "memory";
  full: number;
  shown(sample: UsageSample): string;
  most(value: number): string;
}): JSX.Element {
  const sample = usageOf(row);
  const values = trends.get(row.name)?.[of].read();
  if (sample === undefined || values === undefined) {
    return <span class="faint">–</span>;
  }
  return (
    <TrendLine
      values={values}
      full={full}
      says={`At most ${most(Math.max(...values))} in the last 10 minutes`}
    >
      {shown(sample)}
    </TrendLine>
  );
}

function Process({ row: { name, instance } }: { row: Member }): JSX.Element {
  const doing = pending.value.get(name);
  if (doing !== undefined) {
    return <Pill tone="busy">{doing.toLowerCase()}</Pill>;
  }
  if (instance === undefined) {
    return <span class="faint">remote</span>;
  }
  if (instance.archived_at != null) {
    return <Pill tone="quiet">archived</Pill>;
  }
  return (
    <>
      <Pill tone={instanceTone(instance.status)} title={instance.reason ?? undefined}>{instance.status}</Pill>
      {instance.reason != null && <span class="reason wide" title={instance.reason}>{instance.reason}</span>}
    </>
  );
}

function Agent({ row: { name, instance, agent } }: { row: Member }): JSX.Element {
  if (agent === undefined) {
    return <span class="faint">–</span>;
  }
  const one = { name, ...(instance && { instance }), agent };
  return (
    <>
      <Pill tone={agentTone(one)}>{agent.status}</Pill> <Away row={one} />
    </>
  );
}

/** How long a process has been without its agent. */
function Away({ row }: { row: Member }): JSX.Element | null {
  const since = awaySince(row);
  return since === undefined ? null : (
    <span class="away">
      for <Since at={since} />
    </span>
  );
}

/** How often, and when of late. */
function Restarts({ row: { name, instance } }: { row: Member }): JSX.Element {
  if (instance === undefined) {
    return <span class="faint">–</span>;
  }
  const lately = activity.restartsOf(name, tick.value);
  return (
    <span class="restarts">
      <span class={instance.restarts > 0 ? "" : "faint"}>{instance.restarts}</span>
      {lately.some((count) => count > 0) && <Spark counts={lately} label="restarts" tone="bad" />}
    </span>
  );
}

function Health({ health }: { health: string | null | undefined }): JSX.Element {
  if (health == null) {
    return <span class="faint">–</span>;
  }
  const tone: Tone = health === "passing" ? "good" : "bad";
  return <span class={`word ${tone}`}>{health}</span>;
}

function sinceOf({ instance, agent }: Member): string {
  return (instance === undefined ? agent?.connected_at ?? agent?.last_seen : instance.started_at) ?? "";
}

function Age({ row: { instance, agent } }: { row: Member }): JSX.Element {
  if (instance !== undefined) {
    return instance.started_at != null && instance.pid != null
      ? <Since at={instance.started_at} />
      : <span class="faint">–</span>;
  }
  if (agent?.connected_at != null) {
    return <Since at={agent.connected_at} />;
  }
  return agent?.last_seen != null
    ? (
      <span class="faint">
        seen <Ago at={agent.last_seen} />
      </span>
    )
    : <span class="faint">never seen</span>;
}

const ICONS = { start: "play", stop: "stop", restart: "restart" } as const;

function Actions({ row }: { row: Member }): JSX.Element {
  const busy = pending.value.has(row.name);
  const all = actionsFor(row);
  const first = all.filter((action) => action.id in ICONS);
  const rest = all.filter((action) => !(action.id in ICONS));
  return (
    <span class="row-actions">
      {first.map((action) => (
        <Button
          key={action.id}
          kind="ghost"
          icon={ICONS[action.id as keyof typeof ICONS]}
          label={`${action.label} ${row.name}`}
          title={action.label}
          disabled={busy}
          onClick={action.run}
        />
      ))}
      {rest.length > 0 && (
        <Menu
          label={`More for ${row.name}`}
          items={rest.map((action) => ({
            label: action.label,
            danger: action.danger ?? false,
            disabled: busy,
            run: action.run,
          }))}
        />
      )}
    </span>
  );
}
