import assert from "node:assert/strict";
import { ManualClock, settled } from "./manual_clock.ts";
import { ScriptedGateway } from "./scripted_gateway.ts";
import { type ConnectionState, StreamClient } from "./stream_client.ts";

interface Scene {
  clock: ManualClock;
  gateway: ScriptedGateway;
  client: StreamClient<{ type: string }>;
  frames: { type: string }[];
  states: ConnectionState[];
}

function scene(
  path = "/ws/instances",
  diagnose?: () => Promise<{ code: "unauthorized"; reason: string }>,
): Scene {
  const clock = new ManualClock();
  const gateway = new ScriptedGateway();
  const frames: { type: string }[] = [];
  const states: ConnectionState[] = [];
  const client = new StreamClient<{ type: string }>({
    path,
    clock,
    open: (at) => gateway.open(at),
    onFrame: (frame) => frames.push(frame),
    onState: (state) => states.push(state),
    ...(diagnose && { diagnose }),
  });
  client.start();
  return { clock, gateway, client, frames, states };
}

Deno.test("a_stream_is_live_from_its_first_frame_on", () => {
  const { gateway, client, frames } = scene();
  gateway.last.accept();
  assert.equal(client.state.kind, "connecting");
  gateway.last.send({ type: "snapshot", epoch: "e", seq: 1 });
  assert.equal(client.state.kind, "live");
  assert.deepEqual(frames.map((frame) => frame.type), ["snapshot"]);
});

Deno.test("attempts_are_1_2_4_8_16_then_30_seconds_apart_for_ever", async () => {
  const { clock, gateway } = scene();
  const waits: number[] = [];
  for (let i = 0; i < 8; i++) {
    const from = clock.now();
    const attempts = gateway.attempts;
    gateway.last.refuse();
    await settled();
    while (gateway.attempts === attempts) {
      await clock.advance(500);
    }
    waits.push(clock.now() - from);
  }
  assert.deepEqual(waits, [1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000]);
});

Deno.test("chance_halves_a_delay_at_most", async () => {
  const { clock, gateway } = scene();
  clock.chance = 0;
  gateway.last.refuse();
  await clock.advance(499);
  assert.equal(gateway.attempts, 1);
  await clock.advance(1);
  assert.equal(gateway.attempts, 2);
});

Deno.test("the_first_frame_resets_the_backoff_and_an_open_socket_alone_does_not", async () => {
  const { clock, gateway } = scene();
  gateway.last.refuse();
  await clock.advance(1000);
  gateway.last.accept();
  gateway.last.end(1006);
  await clock.advance(1999);
  assert.equal(gateway.attempts, 2);
  await clock.advance(1);
  gateway.last.accept();
  gateway.last.send({ type: "snapshot" });
  gateway.last.end(1001);
  await clock.advance(1000);
  assert.equal(gateway.attempts, 4);
});

Deno.test("a_reconnect_resumes_after_the_last_frame", async () => {
  const { clock, gateway } = scene();
  gateway.last.accept();
  gateway.last.send({ type: "snapshot", epoch: "e1", seq: 7 });
  gateway.last.send({ type: "status_changed", epoch: "e1", seq: 8 });
  gateway.last.end(1006);
  await clock.advance(1000);
  assert.equal(gateway.last.path, "/ws/instances?since=e1%3A8");
});

Deno.test("that_it_was_resumed_is_no_frame_and_where_it_goes_on_may_be_in_another_life", async () => {
  const { clock, gateway, frames } = scene();
  gateway.last.accept();
  gateway.last.send({ type: "snapshot", epoch: "e1", seq: 7 });
  gateway.last.end(1006);
  await clock.advance(1000);
  gateway.last.accept();
  gateway.last.send({ type: "resumed", epoch: "e2", seq: 3 });
  assert.deepEqual(frames.map((frame) => frame.type), ["snapshot"]);
  gateway.last.end(1006);
  await clock.advance(1000);
  assert.equal(gateway.last.path, "/ws/instances?since=e2%3A3");
});

Deno.test("a_log_resumes_at_its_cursor", async () => {
  const { clock, gateway } = scene("/ws/instances/a/logs?backlog=5");
  gateway.last.accept();
  gateway.last.send({ type: "backlog", lines: [], cursor: "c1", epoch: "e", seq: 1 });
  gateway.last.end(1006);
  await clock.advance(1000);
  assert.equal(gateway.last.path, "/ws/instances/a/logs?backlog=5&since=c1");
});

Deno.test("a_ping_goes_out_every_30_seconds_and_its_answer_is_no_frame", async () => {
  const { clock, gateway, frames } = scene();
  gateway.last.accept();
  gateway.last.send({ type: "snapshot" });
  await clock.advance(60_000);
  assert.deepEqual(gateway.last.sent, ['{"type":"ping"}', '{"type":"ping"}']);
  gateway.last.send({ type: "pong" });
  assert.equal(frames.length, 1);
});

Deno.test("90_seconds_of_silence_end_a_connection_and_a_pong_is_no_silence", async () => {
  const { clock, gateway, client } = scene();
  gateway.last.accept();
  gateway.last.send({ type: "snapshot" });
  await clock.advance(89_000);
  gateway.last.send({ type: "pong" });
  await clock.advance(89_000);
  assert.equal(client.state.kind, "live");
  await clock.advance(1_000);
  assert.equal(client.state.kind, "waiting");
  await clock.advance(1_000);
  assert.equal(gateway.attempts, 2);
});

for (
  const [code, reason] of [[4400, "bad_query"], [4401, "unauthorized"], [4403, "forbidden"], [
    4404,
    "not_found",
  ]] as const
) {
  Deno.test(`${code}_is_not_tried_again_by_itself`, async () => {
    const { clock, gateway, client } = scene();
    gateway.last.accept();
    gateway.last.send({ type: "error", code: reason, message: "Because.", retryable: false });
    gateway.last.end(code);
    await clock.advance(600_000);
    assert.equal(gateway.attempts, 1);
    assert.deepEqual(client.state, { kind: "stopped", code: reason, reason: "Because." });
    client.retryNow();
    assert.equal(gateway.attempts, 2);
  });
}

Deno.test("a_refused_upgrade_is_asked_about_and_an_ended_session_stops", async () => {
  const { clock, gateway, client } = scene(
    "/ws/instances",
    () => Promise.resolve({ code: "unauthorized", reason: "Log in" }),
  );
  gateway.last.refuse();
  await settled();
  assert.equal(client.state.kind, "stopped");
  await clock.advance(600_000);
  assert.equal(gateway.attempts, 1);
});

Deno.test("retry_now_does_not_wait_and_leaves_one_attempt", async () => {
  const { clock, gateway, client } = scene();
  gateway.last.refuse();
  client.retryNow();
  assert.equal(gateway.attempts, 2);
  await clock.advance(5_000);
  assert.equal(gateway.attempts, 2);
});

Deno.test("what_an_old_connection_still_sends_counts_for_nothing", async () => {
  const { clock, gateway, frames } = scene();
  const old = gateway.last;
  old.accept();
  old.send({ type: "snapshot" });
  await clock.advance(91_000);
  old.send({ type: "status_changed" });
  assert.equal(frames.length, 1);
});

Deno.test("an_error_the_stream_tells_of_is_a_frame_like_others", () => {
  const { gateway, client, frames } = scene("/ws/events");
  gateway.last.accept();
  gateway.last.send({ type: "error", component: "logs", code: "internal", message: "x" });
  assert.equal(client.state.kind, "live");
  assert.equal(frames.length, 1);
});

Deno.test("a_closed_client_stays_closed_and_begins_anew", async () => {
  const { clock, gateway, client } = scene();
  gateway.last.accept();
  gateway.last.send({ type: "snapshot", epoch: "e", seq: 3 });
  client.close();
  await clock.advance(200_000);
  assert.equal(gateway.attempts, 1);
  client.start();
  assert.equal(gateway.last.path, "/ws/instances");
});
