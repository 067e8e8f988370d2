import assert from "node:assert/strict";
import { parseWhen } from "./when.ts";

const now = new Date(2026, 1, 20, 12, 0, 0, 5);

Deno.test("a_moment_is_so_long_ago_a_time_of_day_a_date_or_both", () => {
  assert.equal(parseWhen("15m", now)?.getTime(), now.getTime() - 15 * 60_000);
  assert.equal(parseWhen("2 d", now)?.getTime(), now.getTime() - 48 * 3_600_000);
  assert.deepEqual(parseWhen("10:30", now), new Date(2026, 1, 20, 10, 30));
  assert.deepEqual(parseWhen("10:30:07", now), new Date(2026, 1, 20, 10, 30, 7));
  assert.deepEqual(parseWhen("2026-02-19", now), new Date(2026, 1, 19));
  assert.deepEqual(parseWhen("2026-02-19 10:30", now), new Date(2026, 1, 19, 10, 30));
  assert.deepEqual(
    parseWhen("2026-02-19T10:30:00.250Z", now),
    new Date(Date.UTC(2026, 1, 19, 10, 30, 0, 250)),
  );
  assert.deepEqual(parseWhen("2026-02-19 10:30+02:00", now), new Date(Date.UTC(2026, 1, 19, 8, 30)));
});

Deno.test("what_is_no_moment_is_none", () => {
  for (
    const text of ["", "soon", "15", "15 y", "25:00", "10:75", "2026-13-01", "2026-02-20 10", "20.2.2026"]
  ) {
    assert.equal(parseWhen(text, now), undefined, text);
  }
});
