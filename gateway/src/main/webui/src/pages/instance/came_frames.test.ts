import assert from "node:assert/strict";
import { CameFrames } from "./came_frames.ts";

Deno.test("a_line_is_found_within_what_came_together", () => {
  const came = new CameFrames();
  came.add(100, "a");
  came.add(50, "b");
  assert.deepEqual(came.around(0), { before: "a", skip: 100 });
  assert.deepEqual(came.around(99), { before: "a", skip: 1 });
  assert.deepEqual(came.around(100), { before: "b", skip: 50 });
});

Deno.test("what_is_forgotten_is_never_the_frame_one_asks_for", () => {
  const came = new CameFrames();
  for (let i = 0; i < 100; i++) {
    came.add(10, String(i));
    came.forget(Math.max(0, (i - 1) * 10 + 5));
    assert.equal(came.around((i - 1) * 10 + 5)?.before, String(Math.max(0, i - 1)));
  }
  came.forget(5_000);
  assert.deepEqual(came.around(1_000), { before: "99", skip: 0 });
  assert.equal(new CameFrames().around(0), undefined);
});
