import assert from "node:assert/strict";
import type { ChatFrameUnion } from "wire";
import type { ChatMessage, ChatMessages } from "../../app/rest.ts";
import { asked, current, EMPTY, merged, told, type Transcript, turnsOf, withEarlier } from "./transcript.ts";

const AT = "2026-01-01T00:00:00.000Z";

function after(start: Transcript, ...frames: ChatFrameUnion[]): Transcript {
  return frames.reduce(told, start);
}

function page(messages: Partial<ChatMessage>[], running?: string, cursor?: string): ChatMessages {
  return {
    session: {
      session_id: "s",
      agent: "operator",
      state: running === undefined ? "idle" : "running",
      ...(running && { turn_id: running }),
      message_count: messages.length,
      created_at: AT,
      updated_at: AT,
    },
    messages: messages.map((message, i) => ({
      position: i,
      turn_id: "t1",
      role: "user",
      content: "",
      created_at: AT,
      ...message,
    })),
    ...(cursor && { cursor }),
  };
}

const question = asked(EMPTY, "What is running?", "key-1", AT);

Deno.test("chunks_become_the_answer_of_the_turn_that_runs", () => {
  const { turns } = after(question, { type: "chunk", content: "Two " }, {
    type: "chunk",
    content: "instances",
  });
  assert.equal(turns[0]?.text, "Two instances");
  assert.equal(turns[0]?.state, "running");
});

Deno.test("the_last_word_is_that_of_done", () => {
  const { turns } = after(
    question,
    { type: "chunk", content: "Tw" },
    { type: "chunk_reset" },
    { type: "done", full_response: "Two.", usage: { input_tokens: 3, output_tokens: 1 } },
  );
  assert.deepEqual([turns[0]?.text, turns[0]?.state, turns[0]?.usage?.input_tokens], ["Two.", "done", 3]);
});

Deno.test("tools_stand_in_the_order_of_the_server_whatever_answers_first", () => {
  const { turns } = after(
    question,
    { type: "tool_call", id: "a", name: "list_instances", args: {} },
    { type: "tool_call", id: "b", name: "list_agents", args: {} },
    { type: "tool_result", id: "b", name: "list_agents", output: "[]" },
  );
  assert.deepEqual(turns[0]?.tools.map((tool) => [tool.id, tool.state]), [["a", "running"], [
    "b",
    "answered",
  ]]);
});

Deno.test("a_call_that_needs_a_person_waits_for_one", () => {
  const { turns } = after(question, {
    type: "tool_call",
    id: "a",
    name: "stop_instance",
    args: {},
    approval: "required",
  });
  assert.equal(turns[0]?.tools[0]?.state, "waiting");
});

Deno.test("a_result_after_its_turn_still_finds_its_call", () => {
  const { turns } = after(
    question,
    { type: "tool_call", id: "a", name: "stop_instance", args: {}, approval: "required" },
    { type: "done", full_response: "Ask me again", usage: null },
    { type: "tool_result", id: "a", name: "stop_instance", output: "Denied" },
  );
  assert.equal(turns.length, 1);
  assert.equal(turns[0]?.tools[0]?.output, "Denied");
});

Deno.test("an_abort_keeps_what_was_said", () => {
  const { turns } = after(question, { type: "chunk", content: "Tw" }, {
    type: "aborted",
    partial_response: "Tw",
  });
  assert.deepEqual([turns[0]?.text, turns[0]?.state], ["Tw", "aborted"]);
});

Deno.test("the_next_question_waits_and_then_runs", () => {
  const two = asked(after(question, { type: "thinking", content: "hm" }), "And agents?", "key-2", AT);
  assert.equal(two.turns[1]?.state, "queued");
  const next = after(two, { type: "done", full_response: "Two.", usage: null }, {
    type: "chunk",
    content: "Three",
  });
  assert.deepEqual(next.turns.map((turn) => turn.state), ["done", "running"]);
  assert.equal(next.turns[1]?.text, "Three");
});

Deno.test("a_full_queue_refuses_the_last_question_alone", () => {
  const two = asked(after(question, { type: "chunk", content: "a" }), "again", "key-2", AT);
  const { turns } = after(two, { type: "error", code: "SESSION_BUSY", message: "8 wait" });
  assert.deepEqual(turns.map((turn) => turn.state), ["running", "failed"]);
});

Deno.test("a_failed_turn_keeps_its_text_and_says_why", () => {
  const { turns } = after(
    question,
    { type: "chunk", content: "Tw" },
    { type: "error", code: "PROVIDER_ERROR", message: "No credit" },
  );
  assert.deepEqual([turns[0]?.text, turns[0]?.failure?.message, turns[0]?.state], [
    "Tw",
    "No credit",
    "failed",
  ]);
});

Deno.test("what_another_page_says_in_the_session_shows_here", () => {
  const { turns } = after(
    EMPTY,
    { type: "agent_event", event: { type: "user_message", turn_id: "t9", content: "hello", queued: false } },
    { type: "chunk", content: "Hi" },
  );
  assert.deepEqual([turns.length, turns[0]?.content, turns[0]?.text], [1, "hello", "Hi"]);
});

Deno.test("news_of_other_kinds_change_nothing", () => {
  assert.equal(told(question, { type: "agent_event", event: { type: "channel" } }), question);
});

Deno.test("history_becomes_turns", () => {
  const turns = turnsOf(page([
    { content: "stop x" },
    {
      role: "tool_call",
      tool_call_id: "a",
      tool_name: "stop_instance",
      args: { name: "x" },
      status: "denied",
    },
    { role: "tool_result", tool_call_id: "a", content: "A person denied this call" },
    { role: "assistant", content: "As you wish.", status: "complete" },
    { turn_id: "t2", content: "hi" },
    { turn_id: "t2", role: "error", content: "No credit", status: "PROVIDER_ERROR" },
  ]));
  assert.deepEqual(turns.map((turn) => [turn.content, turn.text, turn.state]), [
    ["stop x", "As you wish.", "done"],
    ["hi", "", "failed"],
  ]);
  assert.deepEqual([turns[0]?.tools[0]?.state, turns[0]?.tools[0]?.output], [
    "denied",
    "A person denied this call",
  ]);
});

Deno.test("after_a_reload_the_turn_that_runs_is_told_from_its_beginning", () => {
  const kept = page([
    { content: "What is running?" },
    { role: "tool_call", tool_call_id: "a", tool_name: "list_instances", args: {}, status: "running" },
  ], "t1");
  const { turns } = after(
    merged(EMPTY, kept, true),
    { type: "tool_call", id: "a", name: "list_instances", args: {} },
    { type: "tool_result", id: "a", name: "list_instances", output: "[]" },
    { type: "chunk", content: "None" },
  );
  assert.equal(turns.length, 1);
  assert.deepEqual([turns[0]?.tools.length, turns[0]?.text, turns[0]?.state], [1, "None", "running"]);
});

Deno.test("after_a_lost_connection_nothing_of_the_turn_shows_twice", () => {
  const before = after(question, { type: "chunk", content: "One, two" });
  const resumed = merged(before, page([{ content: "What is running?" }], "t1"), true);
  const { turns } = after(resumed, { type: "chunk", content: "One, two, three" });
  assert.deepEqual([turns.length, turns[0]?.text, turns[0]?.key], [1, "One, two, three", "key-1"]);
});

Deno.test("a_turn_keeps_its_place_on_the_page_when_the_gateway_names_it", () => {
  const done = after(question, { type: "thinking", content: "hm" }, {
    type: "done",
    full_response: "Two.",
    usage: null,
  });
  const { turns } = merged(
    done,
    page([{ content: "What is running?" }, { role: "assistant", content: "Two.", status: "complete" }]),
    false,
  );
  assert.deepEqual([turns[0]?.key, turns[0]?.turnId, turns[0]?.thinking], ["key-1", "t1", "hm"]);
});

Deno.test("what_was_heard_is_newer_than_what_was_read", () => {
  const two = asked(after(question, { type: "chunk", content: "a" }), "next", "key-2", AT);
  const heard = after(two, { type: "done", full_response: "a", usage: null }, {
    type: "chunk",
    content: "Already",
  });
  const read = page([
    { content: "What is running?" },
    { role: "assistant", content: "a", status: "complete" },
    { turn_id: "t2", content: "next" },
  ], "t1");
  const { turns } = merged(heard, read, false);
  assert.deepEqual([turns[1]?.text, turns[1]?.state, turns[1]?.turnId], ["Already", "running", "t2"]);
});

Deno.test("a_message_the_gateway_does_not_have_stays_to_be_sent_again", () => {
  const { turns } = merged(question, page([]), true);
  assert.deepEqual(turns.map((turn) => turn.idempotencyKey), ["key-1"]);
});

Deno.test("a_turn_that_was_aborted_before_it_said_anything_is_over", () => {
  const { turns } = merged(EMPTY, page([{ content: "hi" }]), true);
  assert.equal(turns[0]?.state, "aborted");
});

Deno.test("a_page_that_ends_within_a_turn_is_joined_to_the_one_after_it", () => {
  const latest = merged(
    EMPTY,
    page([{ turn_id: "t2", role: "assistant", content: "B", status: "complete" }], undefined, "9"),
    true,
  );
  const { turns, cursor } = withEarlier(
    latest,
    page([{ content: "one" }, { role: "assistant", content: "A", status: "complete" }, {
      turn_id: "t2",
      content: "two",
    }]),
  );
  assert.deepEqual(turns.map((turn) => [turn.content, turn.text]), [["one", "A"], ["two", "B"]]);
  assert.equal(cursor, undefined);
});

Deno.test("a_reload_of_the_end_leaves_the_beginning", () => {
  const latest = merged(EMPTY, page([{ turn_id: "t2", content: "two" }], undefined, "9"), true);
  const all = withEarlier(latest, page([{ content: "one" }]));
  const { turns, cursor } = merged(all, page([{ turn_id: "t2", content: "two" }], undefined, "9"), false);
  assert.deepEqual(turns.map((turn) => turn.content), ["one", "two"]);
  assert.equal(cursor, undefined);
});

Deno.test("nothing_runs_in_a_session_that_is_idle", () => {
  assert.equal(current(merged(EMPTY, page([{ content: "hi" }]), true)), undefined);
});
