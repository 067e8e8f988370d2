import assert from "node:assert/strict";
import { parseSelector } from "./selector.ts";

const LABELS = { team: "a", tier: "" };

Deno.test("a_selector_means_what_fulfils_all_of_it", () => {
  for (
    const text of [
      "",
      "team=a",
      "team == a",
      "team!=b",
      "owner!=b",
      "team in (b, a)",
      "team notin (b,c)",
      "owner notin (a)",
      "team",
      "!owner",
      "tier=",
      "team in (a,b),tier",
    ]
  ) {
    assert.equal(parseSelector(text)?.(LABELS), true, text);
  }
  for (
    const text of [
      "team=b",
      "team=A",
      "team!=a",
      "team in (b)",
      "owner in (a)",
      "owner",
      "!team",
      "team=",
      "team,owner",
    ]
  ) {
    assert.equal(parseSelector(text)?.(LABELS), false, text);
  }
});

Deno.test("what_is_none_means_nothing", () => {
  for (const text of [",", "team=a,", "=a", "team=a=b", "team=a b", "team in a", "-team", "!"]) {
    assert.equal(parseSelector(text), undefined, text);
  }
});
