import assert from "node:assert/strict";
import { freshFrom } from "./overlap.ts";

Deno.test("what_was_seen_is_not_told_twice", () => {
  assert.equal(freshFrom(["a", "b", "c"], ["b", "c", "d"]), 2);
  assert.equal(freshFrom(["b", "c"], ["a", "b", "c", "d"]), 3);
  assert.equal(freshFrom(["a", "b"], ["a", "b"]), 2);
});

Deno.test("lines_that_repeat_are_met_at_their_last_place", () => {
  assert.equal(freshFrom(["x", "x"], ["x", "x", "x", "y"]), 3);
});

Deno.test("pages_that_do_not_meet_say_so", () => {
  assert.equal(freshFrom(["a", "b"], ["c", "d"]), -1);
  assert.equal(freshFrom(["a", "b"], ["b", "c"]), -1);
});

Deno.test("an_empty_view_takes_all", () => {
  assert.equal(freshFrom([], ["a"]), 0);
});
