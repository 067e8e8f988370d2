import assert from "node:assert/strict";
import { isStale, Live, POLLING_TEXT, worst } from "./live.ts";
import { ManualClock, settled } from "./manual_clock.ts";
import { ScriptedGateway } from "./scripted_gateway.ts";

interface Scene {
  clock: ManualClock;
  gateway: ScriptedGateway;
  live: Live<{ type: string }>;
  polls: number[];
  fail(failing: boolean): void;
  end(): void;
}

function scene(): Scene {
  const clock = new ManualClock();
  const gateway = new ScriptedGateway();
  const polls: number[] = [];
  let failing = false;
  const live = new Live<{ type: string }>({
    path: "/ws/instances",
    onFrame: () => {},
    poll: {
      everyMillis: 5_000,
      run: () => {
        polls.push(clock.now());
        return failing ? Promise.reject(new Error("No answer")) : Promise.resolve();
      },
    },
  }, {
    clock,
    open: (path) => gateway.open(path),
    diagnose: () => Promise.resolve(undefined),
    unauthorized: () => {},
  });
  const end = live.use();
  return { clock, gateway, live, polls, fail: (value) => failing = value, end };
}

async function failTimes({ clock, gateway }: Scene, times: number): Promise<void> {
  for (let i = 0; i < times; i++) {
    const attempts = gateway.attempts;
    gateway.last.refuse();
    await settled();
    if (i < times - 1) {
      while (gateway.attempts === attempts) {
        await clock.advance(250);
      }
    }
  }
}

Deno.test("two_failures_are_no_reason_to_poll", async () => {
  const s = scene();
  await failTimes(s, 2);
  assert.equal(s.live.link.value.kind, "reconnecting");
  assert.deepEqual(s.polls, []);
  s.end();
});

Deno.test("three_failures_in_a_row_begin_to_poll_at_the_streams_pace", async () => {
  const s = scene();
  await failTimes(s, 3);
  assert.equal(s.live.link.value.kind, "polling");
  const from = s.clock.now();
  for (let i = 0; i < 12; i++) {
    await s.clock.advance(1_000);
  }
  assert.deepEqual(s.polls.map((at) => at - from), [0, 5_000, 10_000]);
  s.end();
});

Deno.test("polling_goes_on_while_another_attempt_is_made_and_ends_once_it_is_live", async () => {
  const s = scene();
  await failTimes(s, 3);
  await s.clock.advance(4_000);
  assert.equal(s.gateway.attempts, 4);
  assert.equal(s.live.link.value.kind, "polling");
  s.gateway.last.accept();
  s.gateway.last.send({ type: "snapshot" });
  assert.equal(s.live.link.value.kind, "live");
  const polls = s.polls.length;
  await s.clock.advance(60_000);
  assert.equal(s.polls.length, polls);
  s.end();
});

Deno.test("what_is_polled_is_fresh_and_a_poll_that_fails_is_not", async () => {
  const s = scene();
  s.fail(true);
  await failTimes(s, 3);
  await settled();
  assert.equal(isStale(s.live.link.value), true);
  s.fail(false);
  await s.clock.advance(5_000);
  assert.equal(isStale(s.live.link.value), false);
  s.end();
});

Deno.test("a_good_poll_after_bad_ones_tries_the_stream_at_once", async () => {
  const s = scene();
  s.fail(true);
  await failTimes(s, 6);
  await s.clock.advance(1_000);
  const attempts = s.gateway.attempts;
  s.fail(false);
  await s.clock.advance(5_000);
  await settled();
  assert.equal(s.gateway.attempts, attempts + 1);
  s.end();
});

Deno.test("a_stream_that_was_live_counts_its_failures_anew", async () => {
  const s = scene();
  await failTimes(s, 2);
  await s.clock.advance(2_000);
  s.gateway.last.accept();
  s.gateway.last.send({ type: "snapshot" });
  s.gateway.last.end(1001);
  await settled();
  assert.equal(s.live.link.value.kind, "reconnecting");
  s.end();
});

Deno.test("a_stream_that_nobody_uses_any_more_is_closed", async () => {
  const s = scene();
  const second = s.live.use();
  s.end();
  s.end();
  s.gateway.last.refuse();
  await s.clock.advance(1_000);
  assert.equal(s.gateway.attempts, 2);
  second();
  await s.clock.advance(200_000);
  assert.equal(s.gateway.attempts, 2);
});

Deno.test("the_worst_link_speaks_for_all", () => {
  const live = { kind: "live" } as const;
  const polling = { kind: "polling", retryAt: undefined, reason: "", failing: false } as const;
  assert.equal(worst([live, polling, live]).kind, "polling");
  assert.equal(worst([]).kind, "live");
  assert.equal(POLLING_TEXT, "Live updates unavailable -- polling");
});
