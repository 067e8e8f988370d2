import type { JSX } from "preact";
import type { InstanceSummary } from "wire";
import { known, type Member, member } from "../../app/fleet.ts";
import { timeOfDay } from "../../app/time.ts";
import { Ago } from "../../ui/ago.tsx";
import { Button } from "../../ui/button.tsx";
import { Empty } from "../../ui/empty.tsx";
import { Icon } from "../../ui/icons.tsx";
import { Menu } from "../../ui/menu.tsx";
import { Note } from "../../ui/note.tsx";
import { Pill } from "../../ui/pill.tsx";
import { actionsFor, dismissFailure, failures, pending } from "../fleet/actions.tsx";
import { agentTone, awaySince, instanceTone } from "../fleet/members.ts";
import { HealthTab } from "./health.tsx";
import { HistoryTab } from "./history.tsx";
import { Logs } from "./logs.tsx";
import { SettingsTab } from "./settings.tsx";

const TABS = ["logs", "health", "settings", "history"] as const;
type Tab = typeof TABS[number];
const ICONS = { start: "play", stop: "stop", restart: "restart" } as const;

/** One member of the fleet: its log first, since that is what one comes for. */
export function InstancePage({ params }: { params: Record<string, string> }): JSX.Element {
  const name = params["name"] ?? "";
  const tab = TABS.find((one) => one === params["tab"]) ?? "logs";
  const one = member(name);
  if (one === undefined && known.value.instances && known.value.agents) {
    return (
      <>
        <h1 class="hidden">{name}</h1>
        <Empty title={`There is no ${name}`}>
          <p>
            No instance and no agent has this name, or it was deleted. <a href="/">Back to the fleet</a>
          </p>
        </Empty>
      </>
    );
  }
  return (
    <div class="page">
      <div class="page-head instance-head">
        <a class="button ghost square" href="/" aria-label="Back to the fleet" title="Back to the fleet">
          <Icon name="left" size={14} />
        </a>
        <h1>{name}</h1>
        {one !== undefined && <State member={one} />}
        <nav class="choices" aria-label={`About ${name}`}>
          {TABS.map((other) => (
            <a
              key={other}
              href={`/instances/${name}${other === "logs" ? "" : `/${other}`}`}
              aria-current={other === tab ? "page" : undefined}
            >
              {other[0]!.toUpperCase() + other.slice(1)}
            </a>
          ))}
        </nav>
        {one !== undefined && <Controls member={one} />}
      </div>
      <Failure name={name} />
      {one?.instance?.reason != null && <Reason instance={one.instance} />}
      {one !== undefined && <Away member={one} />}
      <Content tab={tab} name={name} member={one} />
    </div>
  );
}

function Content(
  { tab, name, member: one }: { tab: Tab; name: string; member: Member | undefined },
): JSX.Element {
  if (tab === "logs") {
    return <Logs name={name} />;
  }
  if (tab === "history") {
    const now = one?.instance;
    return (
      <HistoryTab name={name} state={`${now?.status} ${now?.restarts} ${now?.pid} ${now?.archived_at}`} />
    );
  }
  if (one === undefined) {
    return <p class="nothing">Loading…</p>;
  }
  return tab === "health" ? <HealthTab member={one} /> : <SettingsTab key={name} member={one} />;
}

function State({ member: one }: { member: Member }): JSX.Element {
  const { name, instance, agent } = one;
  const doing = pending.value.get(name);
  return (
    <span class="states">
      {doing !== undefined
        ? <Pill tone="busy">{doing.toLowerCase()}</Pill>
        : instance?.archived_at != null
        ? <Pill tone="quiet">archived</Pill>
        : instance !== undefined && (
          <Pill tone={instanceTone(instance.status)} title={instance.reason ?? undefined}>
            {instance.status}
          </Pill>
        )}
      {agent !== undefined && <Pill tone={agentTone({ ...one, agent })}>agent {agent.status}</Pill>}
    </span>
  );
}

function Controls({ member: one }: { member: Member }): JSX.Element {
  const busy = pending.value.has(one.name);
  const all = actionsFor(one);
  return (
    <div class="page-tools">
      {all.filter((action) => action.id in ICONS).map((action) => (
        <Button
          key={action.id}
          kind={action.id === "start" ? "primary" : "plain"}
          icon={ICONS[action.id as keyof typeof ICONS]}
          label={action.label}
          disabled={busy}
          onClick={action.run}
        >
          <span class="phone-less">{action.label}</span>
        </Button>
      ))}
      <Menu
        label={`More for ${one.name}`}
        items={all.filter((action) => !(action.id in ICONS)).map((action) => ({
          label: action.label,
          danger: action.danger ?? false,
          disabled: busy,
          run: action.run,
        }))}
      />
    </div>
  );
}

/** Why it is as it is, in whole: it tells what to mend. */
function Reason({ instance: { status, reason } }: { instance: InstanceSummary }): JSX.Element {
  const bad = status === "failed" || status === "unhealthy" || status === "unknown";
  return (
    <div class="failure">
      <Note tone={bad ? "bad" : "quiet"}>{reason}</Note>
    </div>
  );
}

/** A process that runs without its agent may hang: nothing else would tell. */
function Away({ member: one }: { member: Member }): JSX.Element | null {
  const since = awaySince(one);
  return since === undefined ? null : (
    <div class="failure">
      <Note>
        Its process runs, but its agent was last heard of at {timeOfDay(since).slice(0, 8)},{" "}
        <Ago at={since} />
        . It may hang: its log may say why; a restart begins anew.
      </Note>
    </div>
  );
}

function Failure({ name }: { name: string }): JSX.Element | null {
  const failure = failures.value.get(name);
  return failure === undefined ? null : (
    <div class="failure">
      <Note onDismiss={() => dismissFailure(name)}>{failure}</Note>
    </div>
  );
}
