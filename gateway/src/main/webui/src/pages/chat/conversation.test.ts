import assert from "node:assert/strict";
import type { ChatFrameUnion } from "wire";
import type { ChatMessage, ChatMessages } from "../../app/rest.ts";
import { Live } from "../../stream/live.ts";
import { ManualClock, settled } from "../../stream/manual_clock.ts";
import { ScriptedGateway } from "../../stream/scripted_gateway.ts";
import { bytesTooMany, Conversation } from "./conversation.ts";
import type { Turn } from "./transcript.ts";

const AT = "2026-01-01T00:00:00.000Z";

class Scene {
  readonly clock = new ManualClock();
  readonly gateway = new ScriptedGateway();
  kept: Partial<ChatMessage>[] = [];
  running: string | undefined;
  asked = 0;
  gone = 0;
  /** Lets an answer of REST go; at once where nothing is held. */
  held: (() => void)[] | undefined;
  readonly conversation: Conversation;
  #keys = 0;

  constructor() {
    this.conversation = new Conversation("s1", "operator", {
      live: (options) =>
        new Live<ChatFrameUnion>(options, {
          clock: this.clock,
          open: (path) => this.gateway.open(path),
          diagnose: () => Promise.resolve(undefined),
          unauthorized: () => {},
        }),
      messages: () => this.#messages(),
      newKey: () => `key-${++this.#keys}`,
      now: () => AT,
      soon: (draw) => draw(),
      onGone: () => this.gone++,
    });
    this.conversation.open();
  }

  async #messages(): Promise<ChatMessages> {
    this.asked++;
    const answer = this.#page();
    await new Promise<void>((go) => this.held === undefined ? go() : this.held.push(go));
    return answer;
  }

  #page(): ChatMessages {
    return {
      session: {
        session_id: "s1",
        agent: "operator",
        state: this.running === undefined ? "idle" : "running",
        ...(this.running && { turn_id: this.running }),
        message_count: this.kept.length,
        created_at: AT,
        updated_at: AT,
      },
      messages: this.kept.map((message, i) => ({
        position: i,
        turn_id: "t1",
        role: "user",
        content: "",
        created_at: AT,
        ...message,
      })),
    };
  }

  async connect(resumed: boolean, ...replay: ChatFrameUnion[]): Promise<void> {
    this.gateway.last.accept();
    this.tell({ type: "session_start", session_id: "s1", resumed, message_count: this.kept.length });
    this.tell({ type: "connected", message: "Connection established" }, ...replay);
    await settled();
  }

  tell(...frames: ChatFrameUnion[]): void {
    frames.forEach((frame) => this.gateway.last.send(frame));
  }

  sent(): { type: string; content?: string; idempotency_key?: string }[] {
    return this.gateway.last.sent.map((text) => JSON.parse(text));
  }

  get turns(): Turn[] {
    return this.conversation.transcript.value.turns;
  }
}

Deno.test("the_first_frame_names_the_session", async () => {
  const scene = new Scene();
  await scene.connect(false);
  assert.equal(scene.gateway.last.path, "/ws/chat?session_id=s1&agent=operator");
  assert.equal(scene.sent()[0]?.type, "connect");
});

Deno.test("a_session_that_is_new_is_not_asked_for", async () => {
  const scene = new Scene();
  await scene.connect(false);
  assert.deepEqual([scene.asked, scene.conversation.loaded.value], [0, true]);
});

Deno.test("nothing_is_sent_before_what_was_said_is_there", () => {
  const scene = new Scene();
  assert.equal(scene.conversation.send("hello"), false);
  assert.equal(scene.turns.length, 0);
});

Deno.test("what_the_gateway_takes_in_no_frame_is_not_sent", async () => {
  const scene = new Scene();
  await scene.connect(false);
  const lines = "ü\n".repeat(20_000);
  assert.equal(bytesTooMany("x".repeat(65_000)), 0);
  assert.ok(bytesTooMany(lines) > 14_000, "counts bytes as they are sent, not characters");
  assert.equal(scene.conversation.send(lines), false);
  assert.deepEqual(scene.sent().map((frame) => frame.type), ["connect"]);
  assert.equal(scene.turns.length, 0);
});

Deno.test("what_is_told_while_history_is_on_its_way_comes_after_it", async () => {
  const scene = new Scene();
  scene.kept = [{ content: "hello" }];
  scene.running = "t1";
  scene.held = [];
  await scene.connect(true, { type: "chunk", content: "Hi " });
  scene.tell({ type: "chunk", content: "there" });
  assert.equal(scene.turns.length, 0);
  scene.held.forEach((go) => go());
  await settled();
  assert.deepEqual(scene.turns.map((turn) => [turn.content, turn.text]), [["hello", "Hi there"]]);
});

Deno.test("a_turn_that_ends_while_history_is_on_its_way_shows_once", async () => {
  const scene = new Scene();
  scene.kept = [{ content: "hello" }];
  scene.running = "t1";
  scene.held = [];
  await scene.connect(true, { type: "chunk", content: "Hi" });
  scene.kept.push({ role: "assistant", content: "Hi there", status: "complete" });
  scene.running = undefined;
  scene.tell({ type: "chunk_reset" }, { type: "done", full_response: "Hi there", usage: null });
  const held = scene.held;
  scene.held = undefined;
  held.forEach((go) => go());
  await settled();
  assert.deepEqual(scene.turns.map((turn) => [turn.text, turn.state]), [["Hi there", "done"]]);
  assert.equal(scene.asked, 2);
});

Deno.test("after_a_lost_connection_a_message_nobody_has_is_sent_again_under_its_key", async () => {
  const scene = new Scene();
  await scene.connect(false);
  assert.ok(scene.conversation.send("hello"));
  const key = scene.sent().at(-1)?.idempotency_key;
  scene.gateway.last.end(1006);
  await scene.clock.advance(1_000);
  await scene.connect(false);
  assert.deepEqual([scene.sent().at(-1)?.content, scene.sent().at(-1)?.idempotency_key], ["hello", key]);
  assert.equal(scene.turns.length, 1);
});

Deno.test("a_message_the_gateway_has_is_not_sent_again", async () => {
  const scene = new Scene();
  await scene.connect(false);
  scene.conversation.send("hello");
  scene.gateway.last.end(1006);
  scene.kept = [{ content: "hello" }];
  scene.running = "t1";
  await scene.clock.advance(1_000);
  await scene.connect(true, { type: "chunk", content: "Hi" });
  assert.deepEqual(scene.sent().map((frame) => frame.type), ["connect"]);
  assert.deepEqual(scene.turns.map((turn) => [turn.key, turn.turnId, turn.text]), [["key-1", "t1", "Hi"]]);
});

Deno.test("stop_and_decisions_go_out_as_they_are_made", async () => {
  const scene = new Scene();
  await scene.connect(false);
  scene.conversation.send("stop x");
  scene.tell({ type: "tool_call", id: "c1", name: "stop_instance", args: {}, approval: "required" });
  scene.conversation.decide("c1", "approve");
  assert.equal(scene.turns[0]?.tools[0]?.state, "running");
  scene.conversation.stop();
  assert.deepEqual(scene.sent().slice(-2).map((frame) => frame.type), ["approve", "abort"]);
});

Deno.test("an_agent_that_cannot_answer_is_not_asked_again_and_again", async () => {
  const scene = new Scene();
  scene.gateway.last.accept();
  scene.tell(
    { type: "session_start", session_id: "s1", resumed: false, message_count: 0 },
    { type: "error", code: "AGENT_INIT_FAILED", message: "llm.base_url is missing" },
  );
  await scene.clock.advance(60_000);
  assert.equal(scene.conversation.problem.value, "llm.base_url is missing");
  assert.equal(scene.gateway.attempts, 1);
  scene.conversation.retry();
  assert.equal(scene.gateway.attempts, 2);
});

Deno.test("a_session_that_was_deleted_elsewhere_is_empty_and_says_so", async () => {
  const scene = new Scene();
  scene.kept = [{ content: "hello" }, { role: "assistant", content: "Hi", status: "complete" }];
  await scene.connect(true);
  scene.gateway.last.end(1000);
  await scene.clock.advance(1_000);
  await scene.connect(false);
  assert.deepEqual([scene.turns.length, scene.gone], [0, 1]);
  assert.match(scene.conversation.notice.value, /deleted/);
});

Deno.test("an_error_of_no_turn_is_said_beside_the_conversation", async () => {
  const scene = new Scene();
  await scene.connect(false);
  scene.tell({ type: "error", code: "AGENT_ERROR", message: "No tool call 'x' waits" });
  assert.equal(scene.conversation.notice.value, "No tool call 'x' waits");
});
