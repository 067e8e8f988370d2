import type { InstanceDetails, Schedule } from "../../app/rest.ts";
import { FieldError } from "../../ui/field_error.ts";
import { parseWhen } from "../logs/when.ts";

/** What a schedule is made of: nothing, times that come again, one time. */
export type What = "" | "cron" | "at";

/** A schedule as the fields of its form show it. */
export function joinSchedule({ cron, zone, at }: Schedule): { what: What; when: string; zone: string } {
  return {
    what: cron !== undefined ? "cron" : at !== undefined ? "at" : "",
    when: cron ?? at ?? "",
    zone: zone ?? "",
  };
}

/** What was chosen in them; empty for none. Throws what is wrong with a time, in the words of its field. */
export function scheduleOf(form: FormData, now: Date): Schedule {
  const text = (name: string) => String(form.get(name) ?? "").trim();
  const what = text("schedule_what") as What;
  if (what === "cron") {
    return {
      cron: text("schedule_cron"),
      ...(text("schedule_zone") === "" ? {} : { zone: text("schedule_zone") }),
    };
  }
  if (what === "") {
    return {};
  }
  const at = parseWhen(text("schedule_at"), now);
  if (at === undefined) {
    throw new FieldError(
      "schedule_at",
      "Give a time such as 06:00, 2026-12-24 06:00 or 2026-12-24T06:00:00Z",
    );
  }
  if (at <= now) {
    throw new FieldError("schedule_at", "That time is over; give one to come");
  }
  return { at: at.toISOString() };
}

export function scheduleWords({ schedule, next_run }: InstanceDetails): string {
  if (schedule === undefined) {
    return "no";
  }
  const when = schedule.cron === undefined
    ? `once, at ${schedule.at}`
    : `${schedule.cron} (${schedule.zone ?? "UTC"})`;
  return next_run === undefined
    ? `${when}; never again`
    : schedule.cron === undefined
    ? when
    : `${when}; next at ${next_run}`;
}
