import assert from "node:assert/strict";
import { Activity, BUCKETS, Series } from "./activity.ts";
import { match } from "./router.ts";
import { span } from "./time.ts";
import { counted, findsWords } from "./words.ts";

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

Deno.test("a_running_instance_that_starts_was_started_again", () => {
  const activity = new Activity();
  const statuses = (name: string, ...all: ("starting" | "running" | "stopping" | "stopped")[]) =>
    all.map((status) => ({
      type: "instance_event" as const,
      name,
      event: "status_changed",
      status,
      timestamp: new Date(5_000).toISOString(),
    }));
  activity.replaceEvents([
    ...statuses("dies", "starting", "running", "starting", "starting", "running", "starting"),
    ...statuses("asked", "starting", "running", "stopping", "stopped", "starting", "running"),
  ]);
  const total = (name: string) => activity.restartsOf(name, 5_000).reduce((sum, one) => sum + one, 0);
  assert.deepEqual([total("dies"), total("asked")], [2, 0]);
});

Deno.test("all_words_are_found_in_any_order_and_case", () => {
  const found = findsWords(" Run  18 ");
  assert.equal(found("worker", "running", 1801, undefined), true);
  assert.equal(found("worker", "running", 99, null), false);
  assert.equal(findsWords("  ")(), true);
});

Deno.test("one_is_counted_as_one", () => {
  assert.deepEqual([counted(1, "line"), counted(2_000, "line"), counted(1, "entry", "entries")], [
    "1 line",
    "2,000 lines",
    "1 entry",
  ]);
});
