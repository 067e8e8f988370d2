import assert from "node:assert/strict";
import type { InstanceDetails } from "../../app/rest.ts";
import { joinSchedule, scheduleOf, scheduleWords } from "./schedule.ts";

const NOW = new Date("2026-11-29T12:00:00Z");

function form(fields: Record<string, string>): FormData {
  const form = new FormData();
  Object.entries(fields).forEach(([name, value]) => form.set(`schedule_${name}`, value));
  return form;
}

Deno.test("what_the_fields_show_is_what_they_give", () => {
  for (
    const schedule of [{}, { cron: "0 6 * * 1-5" }, { cron: "0 6 * * *", zone: "Europe/Berlin" }, {
      at: "2026-12-24T06:00:00.000Z",
    }]
  ) {
    const { what, when, zone } = joinSchedule(schedule);
    assert.deepEqual(scheduleOf(form({ what, [what || "none"]: when, zone }), NOW), schedule);
  }
});

Deno.test("a_time_that_is_none_or_is_over_is_told_at_its_field", () => {
  for (const at of ["", "tomorrow", "2026-11-29T11:59:59Z", "5m"]) {
    assert.throws(() => scheduleOf(form({ what: "at", at }), NOW), { field: "schedule_at" });
  }
});

Deno.test("a_schedule_is_told_with_its_zone_and_when_it_comes_next", () => {
  const words = (one: Partial<InstanceDetails>) => scheduleWords(one as InstanceDetails);
  assert.equal(words({}), "no");
  assert.equal(words({ schedule: { cron: "0 6 * * *" }, next_run: "soon" }), "0 6 * * * (UTC); next at soon");
  assert.equal(words({ schedule: { at: "then" } }), "once, at then; never again");
});
