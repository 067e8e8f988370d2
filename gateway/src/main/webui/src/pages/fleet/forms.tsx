import { signal, useSignal } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";
import { messageOf, path, post } from "../../app/api.ts";
import { learn } from "../../app/fleet.ts";
import type { InstanceDetails } from "../../app/rest.ts";
import { go } from "../../app/router.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { Field, Form } from "../../ui/form.tsx";
import { AccountField } from "../instance/account_field.tsx";
import { LimitFields, limitsOf } from "../instance/limit_fields.tsx";
import { LogField } from "../instance/log_field.tsx";
import { OrderFields, readyOf, splitDependencies } from "../instance/order_fields.tsx";
import { cloning } from "./actions.tsx";
import { LabelsField, splitLabels } from "./labels.tsx";
import { splitCommand, splitEnvironment } from "../../ui/command_line.ts";

export const creating = signal(false);

/** The dialogs that make instances; once on the page, since the palette opens them from anywhere. */
export function FleetForms(): JSX.Element {
  return (
    <>
      {creating.value && <CreateInstance />}
      {cloning.value !== undefined && <CloneInstance name={cloning.value} />}
    </>
  );
}

const NAME = "[a-z0-9][a-z0-9\\-]{0,62}";

function CreateInstance(): JSX.Element {
  const command = useSignal("");
  const close = () => creating.value = false;
  const create = async (form: FormData) => {
    const text = (name: string) => String(form.get(name) ?? "").trim();
    const words = splitCommand(text("command"));
    const env = splitEnvironment(text("env"));
    const probe = text("health");
    const made = await learn(post<InstanceDetails>(path("instances"), {
      name: text("name"),
      command: words,
      ...(text("cwd") === "" ? {} : { cwd: text("cwd") }),
      ...(Object.keys(env).length === 0 ? {} : { env }),
      ...(text("labels") === "" ? {} : { labels: splitLabels(text("labels")) }),
      ...(text("port") === "" ? {} : { port: Number(text("port")) }),
      ...(probe === ""
        ? {}
        : { health: probe === "tcp" ? { type: "tcp" } : { type: "http", path: text("health_path") || "/" } }),
      restart: text("restart"),
      autostart: form.has("autostart"),
      ...(text("user") === "" ? {} : { user: text("user") }),
      ...(text("memory_max") === "" && text("cpu_max") === "" ? {} : limitsOf(form)),
      ...(text("log") === "file" ? {} : { log: text("log") }),
      depends_on: splitDependencies(text("depends_on")),
      ready_when: readyOf(form),
    }));
    if (form.has("start")) {
      await learn(post<InstanceDetails>(path("instances", made.name, "start")));
    }
    close();
    go(`/instances/${made.name}`);
  };
  return (
    <Dialog title="New instance" onClose={close} wide>
      <Form onSubmit={create} action="Create" onCancel={close}>
        <Field label="Name" hint="Lower-case letters, digits and dashes">
          <input name="name" required pattern={NAME} autocomplete="off" spellcheck={false} data-first />
        </Field>
        <Field label="Command" hint={argvHint(command.value)}>
          <input
            name="command"
            class="mono"
            required
            autocomplete="off"
            spellcheck={false}
            placeholder="python3 agent.py --verbose"
            onInput={(event) => command.value = event.currentTarget.value}
          />
        </Field>
        <Field label="Restart" hint="When its process ends by itself">
          <select name="restart">
            <option value="never">never</option>
            <option value="on-failure" selected>on failure</option>
            <option value="always">always</option>
          </select>
        </Field>
        <label class="check">
          <input type="checkbox" name="start" checked /> Start it now
        </label>
        <label class="check">
          <input type="checkbox" name="autostart" /> Start it with the gateway
        </label>
        <details class="more">
          <summary>Labels, folder, account, variables, port, health, log, order</summary>
          <LabelsField labels={{}} />
          <Field label="Folder" hint="Absolute; one of its own where it is empty">
            <input name="cwd" class="mono" pattern="/.*" autocomplete="off" spellcheck={false} />
          </Field>
          <AccountField />
          <Field label="Variables" hint="One NAME=value on each line">
            <textarea name="env" class="mono" rows={3} spellcheck={false} />
          </Field>
          <div class="field-row">
            <Field label="Port" hint="The next free one where it is empty">
              <input name="port" type="number" min="1" max="65535" />
            </Field>
            <Field label="Health check">
              <select name="health">
                <option value="">none</option>
                <option value="tcp">its port takes connections</option>
                <option value="http">GET on its port</option>
              </select>
            </Field>
            <Field label="Path of the GET">
              <input name="health_path" class="mono" placeholder="/" pattern="/.*" autocomplete="off" />
            </Field>
          </div>
          <LogField />
          <OrderFields />
          <LimitFields />
        </details>
      </Form>
    </Dialog>
  );
}

function argvHint(line: string): ComponentChildren {
  if (line.trim() === "") {
    return "The program and its arguments; no shell comes between";
  }
  try {
    return <span class="argv">{splitCommand(line).map((word, i) => <code key={i}>{word}</code>)}</span>;
  } catch (e) {
    return messageOf(e);
  }
}

function CloneInstance({ name }: { name: string }): JSX.Element {
  const close = () => cloning.value = undefined;
  const clone = async (form: FormData) => {
    const made = await learn(post<InstanceDetails>(path("instances", name, "clone"), {
      name: String(form.get("name")).trim(),
    }));
    close();
    go(`/instances/${made.name}`);
  };
  return (
    <Dialog title={`Clone ${name}`} onClose={close}>
      <Form onSubmit={clone} action="Clone" onCancel={close}>
        <Field label="Name of the clone" hint="The same settings, on the next free port">
          <input name="name" required pattern={NAME} autocomplete="off" spellcheck={false} data-first />
        </Field>
      </Form>
    </Dialog>
  );
}
