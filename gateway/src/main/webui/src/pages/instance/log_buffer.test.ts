import assert from "node:assert/strict";
import { LogBuffer, type LogLine, MAX_LINES } from "./log_buffer.ts";

function lines(count: number, from = 0): LogLine[] {
  return Array.from({ length: count }, (_, i) => ({ text: `line ${from + i}` }));
}

Deno.test("lines_are_shown_in_order_while_it_is_followed", () => {
  const log = new LogBuffer();
  log.add(lines(2));
  log.add(lines(1, 2));
  assert.deepEqual(log.take().add.map((line) => line.text), ["line 0", "line 1", "line 2"]);
  assert.equal(log.take().add.length, 0);
});

Deno.test("the_oldest_make_room_and_are_counted", () => {
  const log = new LogBuffer();
  log.add(lines(MAX_LINES - 1));
  log.take();
  log.add(lines(3));
  assert.equal(log.take().remove, 2);
  assert.equal(log.shown, MAX_LINES);
  assert.equal(log.scrolledOut, 2);
});

Deno.test("a_burst_longer_than_the_page_shows_its_end_and_counts_the_rest", () => {
  const log = new LogBuffer();
  log.add(lines(100));
  log.take();
  log.add(lines(5_000, 100));
  const { add, remove } = log.take();
  assert.equal(add.length, MAX_LINES);
  assert.equal(add.at(-1)!.text, "line 5099");
  assert.equal(remove, 100);
  assert.equal(log.scrolledOut, 5_100 - MAX_LINES);
});

Deno.test("a_paused_log_does_not_move_and_counts_what_is_new", () => {
  const log = new LogBuffer();
  log.add(lines(10));
  log.take();
  log.pause();
  log.add(lines(132));
  assert.deepEqual(log.take(), { add: [], remove: 0 });
  assert.equal(log.fresh, 132);
  log.resume();
  assert.equal(log.fresh, 0);
  assert.equal(log.take().add.length, 132);
});

Deno.test("what_waits_is_bounded_too_and_nothing_is_lost_without_a_word", () => {
  const log = new LogBuffer();
  log.pause();
  let received = 0;
  for (let i = 0; i < 50; i++) {
    log.add(lines(500));
    received += 500;
  }
  assert.equal(log.fresh, received);
  log.resume();
  assert.equal(log.take().add.length + log.scrolledOut, received);
});

Deno.test("which_line_is_the_first_shown_is_known_whatever_went_before_it", () => {
  const log = new LogBuffer();
  log.add(lines(100));
  log.take();
  assert.equal(log.first, 0);
  log.add(lines(MAX_LINES - 50, 100));
  log.take();
  assert.equal(log.first, 50);
  log.pause();
  log.add(lines(3 * MAX_LINES));
  log.take();
  assert.equal(log.first, 50);
  log.resume();
  log.take();
  assert.equal(log.first, 50 + 3 * MAX_LINES);
  log.clear();
  assert.equal(log.first, 50 + 4 * MAX_LINES);
});

Deno.test("a_cleared_log_begins_anew", () => {
  const log = new LogBuffer();
  log.add(lines(5));
  log.take();
  log.add(lines(5));
  log.clear();
  assert.deepEqual(log.take().add, []);
  assert.equal(log.shown, 0);
});
