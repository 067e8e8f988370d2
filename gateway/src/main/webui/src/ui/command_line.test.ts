import assert from "node:assert/strict";
import { joinCommand, splitCommand, splitEnvironment } from "./command_line.ts";

Deno.test("blanks_part_and_quotes_keep_together", () => {
  assert.deepEqual(splitCommand("sh -c 'echo \"a b\"; sleep 1'"), ["sh", "-c", 'echo "a b"; sleep 1']);
  assert.deepEqual(splitCommand('a "b \\"c\\" d" e\\ f ""'), ["a", 'b "c" d', "e f", ""]);
  assert.deepEqual(splitCommand("  "), []);
});

Deno.test("a_quote_that_is_not_closed_is_refused", () => {
  assert.throws(() => splitCommand("echo 'a"), /not closed/);
});

Deno.test("a_command_joined_and_split_is_the_same", () => {
  const words = ["sh", "-c", "echo 'it''s' \"$HOME\" \\n", "", "a b", "ü", "--x=1"];
  assert.deepEqual(splitCommand(joinCommand(words)), words);
});

Deno.test("variables_stand_one_on_a_line", () => {
  assert.deepEqual(splitEnvironment("A=1\n\n B=x=y \n"), { A: "1", B: "x=y" });
  assert.throws(() => splitEnvironment("A"), /NAME=value/);
});
