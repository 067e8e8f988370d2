import assert from "node:assert/strict";
import type { MessageEvent, MessageEventKind } from "wire";
import { MAX_MESSAGES, MessageList } from "./message_list.ts";

function event(id: string, kind: MessageEventKind, second: number): MessageEvent {
  return {
    message_id: id,
    event: kind,
    from: "a",
    to: "b",
    message_type: "t",
    correlation_id: null,
    detail: null,
    timestamp: new Date(second * 1000).toISOString(),
  };
}

Deno.test("a_message_stands_once_with_its_latest_event", () => {
  const list = new MessageList();
  list.apply(event("1", "accepted", 1));
  list.apply(event("2", "accepted", 2));
  list.apply(event("1", "acknowledged", 3));
  assert.deepEqual(list.rows().map((row) => [row.id, row.status]), [["1", "acknowledged"], [
    "2",
    "accepted",
  ]]);
});

Deno.test("an_event_that_comes_late_changes_nothing", () => {
  const list = new MessageList();
  list.apply(event("1", "acknowledged", 3));
  list.apply(event("1", "delivered", 2));
  assert.equal(list.rows()[0]!.status, "acknowledged");
});

Deno.test("what_rest_told_before_a_later_event_does_not_undo_it", () => {
  const list = new MessageList();
  list.apply(event("1", "acknowledged", 5));
  list.learn({
    message_id: "1",
    sequence: 1,
    from: "a",
    to: "b",
    type: "t",
    status: "accepted",
    attempt: 0,
    payload_bytes: 2,
    accepted_at: new Date(1000).toISOString(),
    expires_at: new Date(9_000_000).toISOString(),
  });
  assert.equal(list.rows()[0]!.status, "acknowledged");
  assert.equal(list.rows()[0]!.whole?.payload_bytes, 2);
});

Deno.test("the_oldest_are_forgotten_and_counted", () => {
  const list = new MessageList();
  const count = MAX_MESSAGES * 2;
  for (let i = 0; i < count; i++) {
    list.apply(event(`${i}`, "accepted", i));
  }
  assert.ok(list.rows().length <= MAX_MESSAGES * 1.1);
  assert.equal(list.rows().length + list.forgotten, count);
  assert.equal(list.rows()[0]!.id, `${count - 1}`);
});
