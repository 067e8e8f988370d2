import { FieldError } from "../../ui/field_error.ts";
import { parseSelector } from "../fleet/selector.ts";
import { ACCEPTS, parseWhen } from "./when.ts";

/** What a search is asked for by, as the address and the form name it. */
export const FIELDS = ["q", "since", "until", "level", "instances", "l", "grep_mode", "case"] as const;

/** What an address asks for, in one text; empty where it asks for nothing. */
export function asked(address: URLSearchParams): string {
  const given = new URLSearchParams();
  FIELDS.forEach((name) => address.get(name) && given.set(name, address.get(name)!));
  return given.toString();
}

/** Names with commas or blanks between. */
export function names(text: string): string[] {
  return [...new Set(text.split(/[\s,]+/).filter((name) => name !== ""))];
}

/**
 * What REST is asked for a form's values.
 *
 * @throws FieldError that names the field at fault
 */
export function requested(values: Record<string, string | undefined>, now: Date): Record<string, string> {
  const { l = "", instances = "", ...rest } = values;
  checkWhere(instances, l);
  return {
    ...Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, value ?? ""])),
    since: moment("since", values["since"] ?? "", now),
    until: moment("until", values["until"] ?? "", now),
    instances: names(instances).join(","),
    selector: l,
  };
}

/**
 * Refuses what says not which logs are meant.
 *
 * @throws FieldError that names the field at fault
 */
export function checkWhere(instances: string, selector: string): void {
  if (parseSelector(selector) === undefined) {
    throw new FieldError("l", "That is no selector: team=a, team!=a, team in (a,b), team, !team");
  }
  if (selector !== "" && instances !== "") {
    throw new FieldError("l", "Give instances or labels, not both");
  }
}

function moment(field: string, text: string, now: Date): string {
  if (text === "") {
    return "";
  }
  const at = parseWhen(text, now);
  if (at === undefined) {
    throw new FieldError(field, `That is no moment: give ${ACCEPTS}`);
  }
  return at.toISOString();
}
