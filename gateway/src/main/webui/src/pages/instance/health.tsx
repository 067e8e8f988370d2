import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { activity, followActivity, type Member } from "../../app/fleet.ts";
import { tick } from "../../app/time.ts";
import { Ago, Since } from "../../ui/ago.tsx";
import { Pill } from "../../ui/pill.tsx";
import { Spark } from "../../ui/spark.tsx";
import { agentTone, instanceTone } from "../fleet/members.ts";
import { Fact, Facts } from "./facts.tsx";
import { LatencyFact } from "./latency.tsx";
import { UsageFacts } from "./usage_facts.tsx";

/** How an instance and the agent of its name are. */
export function HealthTab({ member: one }: { member: Member }): JSX.Element {
  const { name, instance, agent } = one;
  useEffect(followActivity, []);
  return (
    <div class="panels" role="group" aria-label="Health" tabIndex={0}>
      {instance !== undefined && (
        <Facts title="Process">
          <Fact name="Status">
            <Pill tone={instanceTone(instance.status)}>{instance.status}</Pill>
          </Fact>
          <Fact name="Reason">{instance.reason}</Fact>
          <Fact name="Health check">{instance.health ?? "none set"}</Fact>
          <Fact name="PID">{instance.pid}</Fact>
          <Fact name="Port">{instance.port}</Fact>
          <Fact name="Running for">
            {instance.pid != null && instance.started_at ? <Since at={instance.started_at} /> : null}
          </Fact>
          <Fact name="Restarts">{instance.restarts}</Fact>
          <Fact name="Restarts, 10 minutes">
            <Spark counts={activity.restartsOf(name, tick.value)} label="restarts" tone="bad" />
          </Fact>
          <Fact name="Last exit">{instance.exit_code == null ? null : exit(instance.exit_code)}</Fact>
          <Fact name="Node">{instance.node}</Fact>
          <Fact name="Created">
            <Ago at={instance.created_at} />
          </Fact>
        </Facts>
      )}
      {instance !== undefined && <UsageFacts name={name} />}
      {agent !== undefined && (
        <Facts title="Agent">
          <Fact name="Status">
            <Pill tone={agentTone({ ...one, agent })}>{agent.status}</Pill>
          </Fact>
          <Fact name="Connected for">{agent.connected_at ? <Since at={agent.connected_at} /> : null}</Fact>
          <Fact name="Last heard of">{agent.last_seen ? <Ago at={agent.last_seen} /> : "never"}</Fact>
          <Fact name="Messages, 10 minutes">
            <Spark counts={activity.messagesOf(name, tick.value)} label="messages" />
          </Fact>
          <Fact name="Messages a minute">
            {activity.messagesOf(name, tick.value).slice(-3).reduce((a, b) => a + b, 0)}
          </Fact>
          <LatencyFact name={name} />
          <Fact name="Version">{agent.version}</Fact>
          <Fact name="Can">{agent.capabilities.length === 0 ? null : agent.capabilities.join(", ")}</Fact>
          <Fact name="Agent id">
            <code>{agent.agent_id}</code>
          </Fact>
          <Fact name="Connection">{agent.connection_epoch}</Fact>
          <Fact name="Node">{agent.node}</Fact>
        </Facts>
      )}
      {agent === undefined && (
        <section class="facts">
          <h2>Agent</h2>
          <p class="muted">
            No agent of this name has registered. A program started by the gateway finds what it needs to
            register in <code>FAIRLEAD_URL</code>, <code>FAIRLEAD_AGENT_NAME</code> and{" "}
            <code>FAIRLEAD_TOKEN</code>.
          </p>
        </section>
      )}
    </div>
  );
}

/** As shells tell it: past 128, the signal that ended it. */
function exit(code: number): string {
  return code > 128 ? `${code}, by signal ${code - 128}` : String(code);
}
