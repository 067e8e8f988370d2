import assert from "node:assert/strict";
import { Activity, BUCKETS, Series } from "./activity.ts";
import { match } from "./router.ts";
import { span } from "./time.ts";

Deno.test("a_path_fits_a_pattern_of_its_shape_and_gives_its_parts", () => {
  assert.deepEqual(match("/instances/:name", "/instances/a%20b"), { name: "a b" });
  assert.deepEqual(match("/instances/:name", "/instances/a/"), { name: "a" });
  assert.deepEqual(match("/x/*", "/x/a/b"), { "*": "a/b" });
  assert.equal(match("/instances/:name", "/instances"), undefined);
  assert.equal(match("/instances/:name", "/instances/a/b"), undefined);
  assert.deepEqual(match("/instances/:name", "/instances/%E0%A4%A"), { name: "%E0%A4%A" });
});

Deno.test("an_age_says_the_two_units_that_matter", () => {
  const minute = 60_000;
  assert.deepEqual(
    [0, 59_999, minute, 59 * minute, 60 * minute, 125 * minute, 24 * 60 * minute, 28 * 60 * minute].map(span),
    ["0 s", "59 s", "1 min", "59 min", "1 h", "2 h 5 min", "1 d", "1 d 4 h"],
  );
});

Deno.test("a_series_counts_by_time_and_forgets_the_oldest", () => {
  const series = new Series();
  const start = 1_000_000 * 20_000;
  series.add(start);
  series.add(start + 1);
  series.add(start + 20_000);
  assert.deepEqual(series.read(start + 20_000).slice(-2), [2, 1]);
  assert.deepEqual(series.read(start + 40_000).slice(-3), [2, 1, 0]);
  series.add(start + BUCKETS * 20_000);
  assert.equal(series.read(start + BUCKETS * 20_000).reduce((a, b) => a + b), 2);
  series.add(start - 1_000_000);
  assert.equal(series.read(start + BUCKETS * 20_000).reduce((a, b) => a + b), 2);
});

Deno.test("a_message_counts_for_its_sender_and_its_recipient_once", () => {
  const activity = new Activity();
  const event = {
    message_id: "1",
    event: "accepted" as const,
    from: "a",
    to: "b",
    message_type: "t",
    timestamp: new Date(5_000).toISOString(),
  };
  activity.replaceMessages([event, { ...event, event: "delivered" }, { ...event, to: "a" }]);
  const total = (name: string) => activity.messagesOf(name, 5_000).reduce((sum, one) => sum + one, 0);
  assert.equal(total("a"), 2);
  assert.equal(total("b"), 1);
  assert.equal(total("c"), 0);
});
