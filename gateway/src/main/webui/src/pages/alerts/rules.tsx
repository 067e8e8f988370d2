import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { del, path, post } from "../../app/api.ts";
import { alerts, loadAlerts } from "../../app/attention.ts";
import { stale } from "../../app/link.tsx";
import type { AlertRule } from "../../app/rest.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Field, Form } from "../../ui/form.tsx";
import { Nothing } from "../../ui/nothing.tsx";
import { Pill } from "../../ui/pill.tsx";
import { type Column, Table } from "../../ui/table.tsx";
import { SilenceButton } from "./alerts.tsx";

/** What is watched for; those of the settings are changed there. */
export function RuleTable({ act }: {
  act: (what: () => Promise<unknown>) => Promise<void>;
}): JSX.Element {
  const adding = useSignal(false);
  const columns: Column<AlertRule>[] = [
    { id: "rule", title: "Rule", cell: (row) => <span class="name cut" title={row.rule}>{row.rule}</span> },
    {
      id: "severity",
      title: "Severity",
      wide: true,
      cell: (row) => <Pill tone={row.severity === "critical" ? "bad" : "warn"}>{row.severity}</Pill>,
    },
    { id: "source", title: "From", wide: true, cell: (row) => <span class="faint">{row.source}</span> },
    {
      id: "do",
      title: "Do",
      cell: (row) => (
        <span class="row-actions">
          <SilenceButton id={row.id} until={row.silenced_until} act={act} />
          {row.source === "added" && (
            <Button
              label={`Remove ${row.id}`}
              onClick={() => void act(() => del(path("alerts", row.id)))}
            >
              Remove
            </Button>
          )}
        </span>
      ),
    },
  ];
  const add = async (form: FormData) => {
    await post("/api/alerts", { rule: String(form.get("rule")).trim() });
    adding.value = false;
    await loadAlerts();
  };
  return (
    <>
      <Table<AlertRule>
        label="Rules"
        columns={columns}
        rows={alerts.value?.rules ?? []}
        keyOf={(row) => row.id}
        stale={stale.value}
        empty={
          <Nothing known={alerts.value !== undefined}>
            <p class="nothing">Nothing is watched for.</p>
          </Nothing>
        }
      />
      <div class="table-foot">
        <Button icon="plus" onClick={() => adding.value = true}>Add a rule</Button>
      </div>
      {adding.value && (
        <Dialog title="Add a rule" onClose={() => adding.value = false}>
          <Form action="Add" onSubmit={add} onCancel={() => adding.value = false}>
            <Field
              label="Rule"
              hint="Such as agent_gone@scout=1m, instance_flapping=3/5m or log_line@web=FATAL"
            >
              <input name="rule" required data-first autocomplete="off" spellcheck={false} maxLength={255} />
            </Field>
          </Form>
        </Dialog>
      )}
    </>
  );
}
