import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { get, messageOf, patch, path } from "../../app/api.ts";
import { learn, type Member } from "../../app/fleet.ts";
import type { InstanceDetails } from "../../app/rest.ts";
import { afterLogin } from "../../app/session.tsx";
import { Button } from "../../ui/button.tsx";
import { Command } from "../../ui/copy.tsx";
import { Note } from "../../ui/note.tsx";
import { joinCommand, splitCommand, splitEnvironment } from "../../ui/command_line.ts";
import { Field, Form } from "../../ui/form.tsx";
import { AccountField } from "./account_field.tsx";
import { Fact, Facts } from "./facts.tsx";
import { LabelsFact } from "./labels_fact.tsx";
import { LimitFields, limitsOf, limitWords } from "./limit_fields.tsx";
import { LogField, logWords } from "./log_field.tsx";
import { joinDependencies, OrderFields, readyOf, readyWords, splitDependencies } from "./order_fields.tsx";
import { ScheduleFact } from "./schedule_fact.tsx";

/** What an instance is started with; it changes while it is stopped. */
export function SettingsTab({ member: { name, instance } }: { member: Member }): JSX.Element {
  const details = useSignal<InstanceDetails | undefined>(undefined);
  const failure = useSignal("");
  const editing = useSignal(false);
  const load = async () => {
    try {
      details.value = await get<InstanceDetails>(path("instances", name));
      failure.value = "";
    } catch (e) {
      failure.value = messageOf(e);
    }
  };
  useEffect(() => {
    if (instance !== undefined) {
      void load();
    }
    return afterLogin(() => void load());
  }, [name, instance?.status]);

  if (instance === undefined) {
    return <p class="nothing">This agent runs elsewhere: the gateway keeps no settings for it.</p>;
  }
  if (failure.value !== "") {
    return (
      <div class="panels">
        <Note>{failure.value}</Note>
      </div>
    );
  }
  const shown = details.value;
  if (shown === undefined) {
    return <p class="nothing">Loading…</p>;
  }
  const stopped = instance.status === "stopped" || instance.status === "failed";
  if (editing.value) {
    return (
      <Edit
        details={shown}
        onDone={(changed) => {
          editing.value = false;
          if (changed !== undefined) {
            details.value = changed;
          }
        }}
      />
    );
  }
  return (
    <div class="panels one">
      <Facts title="Settings">
        <LabelsFact name={name} labels={instance.labels ?? {}} />
        <Fact name="Command">
          <Command>{joinCommand(shown.command)}</Command>
        </Fact>
        <Fact name="Folder">
          <code>{shown.cwd}</code>
        </Fact>
        <Fact name="Speaks">{shown.protocol === undefined ? null : acp(shown.acp_allow ?? [])}</Fact>
        <Fact name="Variables">
          {shown.env_names.length === 0 ? "none of its own" : <code>{shown.env_names.join(", ")}</code>}
        </Fact>
        <Fact name="Port">{shown.port}</Fact>
        <Fact name="Restart">{words(shown.restart)}</Fact>
        <Fact name="Health check">{probe(shown)}</Fact>
        <Fact name="Waits for">{joinDependencies(shown.depends_on) || "nobody"}</Fact>
        <Fact name="Is ready">
          {shown.ready_when === undefined ? "as soon as it runs" : `when ${readyWords(shown.ready_when)}`}
        </Fact>
        <ScheduleFact details={shown} onChange={(changed) => details.value = changed} />
        <Fact name="Starts with the gateway">{shown.autostart ? "yes" : "no"}</Fact>
        <Fact name="Log">{logWords(shown.log)}</Fact>
        <Fact name="Limits">{limitWords(shown)}</Fact>
        <Fact name="Not kept">{shown.limits_not_kept}</Fact>
        <Fact name="Runs as">{shown.user ?? "the gateway's account"}</Fact>
      </Facts>
      <div class="actions start">
        <Button disabled={!stopped || instance.archived_at != null} onClick={() => editing.value = true}>
          Change…
        </Button>
        {!stopped && (
          <span class="muted">Stop it first: all but labels and schedule changes while nothing runs.</span>
        )}
      </div>
    </div>
  );
}

function words(restart: InstanceDetails["restart"]): string {
  return restart.replace("-", " ");
}

/** What an agent that speaks ACP may have done for it. */
function acp(allowed: string[]): string {
  return `ACP; ${
    allowed.length === 0 ? "no files and no commands through the gateway" : `may use ${allowed.join(", ")}`
  }`;
}

function probe({ health_check }: InstanceDetails): string {
  if (health_check === undefined) {
    return "none";
  }
  return health_check.type === "http"
    ? `GET ${health_check.path ?? "/"} on its port`
    : "its port takes connections";
}

function Edit({ details, onDone }: {
  details: InstanceDetails;
  onDone(changed?: InstanceDetails): void;
}): JSX.Element {
  const save = async (form: FormData) => {
    const text = (name: string) => String(form.get(name) ?? "").trim();
    const env = splitEnvironment(text("env"));
    onDone(
      await learn(patch<InstanceDetails>(path("instances", details.name), {
        command: splitCommand(text("command")),
        // Left as they are where they stay: a folder or an account that nobody chose follows the gateway's settings.
        ...(text("cwd") === details.cwd ? {} : { cwd: text("cwd") }),
        ...(text("user") === (details.user ?? "") ? {} : { user: text("user") }),
        port: Number(text("port")),
        restart: text("restart"),
        log: text("log"),
        autostart: form.has("autostart"),
        depends_on: splitDependencies(text("depends_on")),
        ready_when: readyOf(form),
        ...limitsOf(form),
        ...(Object.keys(env).length === 0 ? {} : { env }),
      })),
    );
  };
  return (
    <div class="panels one">
      <section class="facts">
        <h2>Change settings</h2>
        <Form action="Save" onSubmit={save} onCancel={() => onDone()}>
          <Field label="Command">
            <input
              name="command"
              class="mono"
              required
              spellcheck={false}
              autocomplete="off"
              defaultValue={joinCommand(details.command)}
            />
          </Field>
          <Field label="Folder">
            <input
              name="cwd"
              class="mono"
              required
              pattern="[\/~].*"
              spellcheck={false}
              defaultValue={details.cwd}
            />
          </Field>
          <AccountField user={details.user} />
          <Field
            label="Variables"
            hint={details.env_names.length === 0
              ? "One NAME=value on each line"
              : `Empty leaves ${details.env_names.join(", ")} as they are; lines here replace all of them`}
          >
            <textarea name="env" class="mono" rows={3} spellcheck={false} />
          </Field>
          <div class="field-row">
            <Field label="Port">
              <input
                name="port"
                type="number"
                min="1"
                max="65535"
                required
                defaultValue={String(details.port)}
              />
            </Field>
            <Field label="Restart">
              <select name="restart" defaultValue={details.restart}>
                {(["never", "on-failure", "always"] as const).map((one) => (
                  <option key={one} value={one} selected={one === details.restart}>{words(one)}</option>
                ))}
              </select>
            </Field>
          </div>
          <LogField log={details.log} />
          <OrderFields dependsOn={details.depends_on} readyWhen={details.ready_when} />
          <LimitFields
            {...(details.memory_max !== undefined && { memoryMax: details.memory_max })}
            {...(details.cpu_max !== undefined && { cpuMax: details.cpu_max })}
          />
          <label class="check">
            <input type="checkbox" name="autostart" defaultChecked={details.autostart} />{" "}
            Start it with the gateway
          </label>
        </Form>
      </section>
    </div>
  );
}
