import assert from "node:assert/strict";
import { plain, stretches } from "./ansi.ts";

Deno.test("a_line_without_escapes_is_one_plain_stretch", () => {
  assert.deepEqual(stretches("hello <b>world</b>"), [{ text: "hello <b>world</b>", look: { classes: "" } }]);
  assert.deepEqual(stretches(""), []);
});

Deno.test("a_line_that_was_written_over_shows_its_last_state", () => {
  assert.equal(plain("  0%\r 50%\r100%\r"), "100%");
  assert.deepEqual(stretches("\x1b[32m 50%\r\x1b[31mfailed").map((one) => one.text), ["failed"]);
});

Deno.test("colours_begin_and_end_where_they_are_told", () => {
  const found = stretches("a\x1b[31;1mb\x1b[0mc");
  assert.deepEqual(found.map((one) => [one.text, one.look.classes]), [["a", ""], ["b", "a-bold a-red"], [
    "c",
    "",
  ]]);
});

Deno.test("bright_indexed_and_true_colours_are_kept", () => {
  assert.equal(stretches("\x1b[92mx")[0]!.look.classes, "a-green");
  assert.equal(stretches("\x1b[38;5;196mx")[0]!.look.color, "rgb(255 0 0)");
  assert.equal(stretches("\x1b[48;2;1;2;300mx")[0]!.look.background, "rgb(1 2 255)");
  assert.equal(stretches("\x1b[38;5;244mx")[0]!.look.color, "rgb(128 128 128)");
});

Deno.test("inverse_swaps_front_and_back", () => {
  assert.equal(stretches("\x1b[7mx")[0]!.look.classes, "a-ground a-on-text");
});

Deno.test("what_moves_clears_or_titles_a_terminal_is_left_out", () => {
  assert.equal(plain("\x1b[2J\x1b[1;1Hx\x1b]0;title\x07y\x1b]8;;http://evil\x1b\\z\x1b[?25l"), "xyz");
  assert.deepEqual(stretches("\x1b[2Kx\r").map((one) => one.text), ["x"]);
});

Deno.test("half_an_escape_does_no_harm", () => {
  for (
    const line of [
      "\x1b",
      "\x1b[",
      "\x1b[3",
      "a\x1b[38;5m b",
      "\x1b]0;never ends",
      "\x1b[999999999m x",
      "\x1b[;;;m",
    ]
  ) {
    assert.ok(Array.isArray(stretches(line)));
  }
  assert.equal(plain("a\x1b[31"), "a31");
});

Deno.test("a_long_line_full_of_escapes_is_parted_in_time", () => {
  const line = "\x1b[31mx\x1b[0my".repeat(20_000);
  const from = performance.now();
  assert.equal(stretches(line).length, 40_000);
  assert.ok(performance.now() - from < 5_000);
});
