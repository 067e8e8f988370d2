import assert from "node:assert/strict";
import { merged } from "./merged.ts";

Deno.test("lines_of_several_logs_stand_in_the_order_they_were_written_in", () => {
  const a = [{ text: "a1", at: 10 }, { text: "a2" }, { text: "a3", at: 30 }];
  const b = [{ text: "b1" }, { text: "b2", at: 10 }, { text: "b3", at: 20 }];
  assert.deepEqual(merged([a, b]).map((line) => line.text), ["b1", "a1", "a2", "b2", "b3", "a3"]);
});
