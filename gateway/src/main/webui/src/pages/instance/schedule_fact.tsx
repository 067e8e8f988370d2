import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { patch, path } from "../../app/api.ts";
import { learn } from "../../app/fleet.ts";
import type { InstanceDetails, Schedule } from "../../app/rest.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Field, Form } from "../../ui/form.tsx";
import { Fact } from "./facts.tsx";
import { joinSchedule, scheduleOf, scheduleWords, type What } from "./schedule.ts";

/** When an instance is started by itself; that changes whatever it does. */
export function ScheduleFact({ details, onChange }: {
  details: InstanceDetails;
  onChange(changed: InstanceDetails): void;
}): JSX.Element {
  const editing = useSignal(false);
  const close = () => editing.value = false;
  const save = async (form: FormData) => {
    const schedule = scheduleOf(form, new Date());
    onChange(await learn(patch<InstanceDetails>(path("instances", details.name), { schedule })));
    close();
  };
  return (
    <Fact name="Starts by itself">
      {scheduleWords(details)}{" "}
      <Button kind="ghost" onClick={() => editing.value = true}>Change schedule…</Button>
      {editing.value && (
        <Dialog title={`Schedule of ${details.name}`} onClose={close}>
          <Form onSubmit={save} action="Save" onCancel={close}>
            <ScheduleFields schedule={details.schedule ?? {}} />
          </Form>
        </Dialog>
      )}
    </Fact>
  );
}

function ScheduleFields({ schedule }: { schedule: Schedule }): JSX.Element {
  const { what, when, zone } = joinSchedule(schedule);
  const chosen = useSignal<What>(what);
  return (
    <>
      <Field label="Starts by itself">
        <select
          name="schedule_what"
          defaultValue={what}
          onChange={(event) => chosen.value = event.currentTarget.value as What}
        >
          {([["", "no"], ["cron", "again and again"], ["at", "once"]] as const).map(([value, words]) => (
            <option key={value} value={value} selected={value === what}>{words}</option>
          ))}
        </select>
      </Field>
      {chosen.value === "cron" && (
        <>
          <Field label="When" hint="Minute, hour, day of month, month, day of week, such as 0 6 * * 1-5">
            <input
              name="schedule_cron"
              class="mono"
              required
              maxLength={200}
              autocomplete="off"
              spellcheck={false}
              defaultValue={what === "cron" ? when : ""}
            />
          </Field>
          <Field label="Time zone" hint="Such as Europe/Berlin; UTC where it is empty">
            <input
              name="schedule_zone"
              maxLength={64}
              autocomplete="off"
              spellcheck={false}
              defaultValue={zone}
            />
          </Field>
        </>
      )}
      {chosen.value === "at" && (
        <Field label="At" hint="A time of day, a date and time where you are, or one with its offset">
          <input
            name="schedule_at"
            class="mono"
            required
            autocomplete="off"
            spellcheck={false}
            placeholder="2026-12-24 06:00"
            defaultValue={what === "at" ? when : ""}
          />
        </Field>
      )}
    </>
  );
}
