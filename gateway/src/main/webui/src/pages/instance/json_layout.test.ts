import assert from "node:assert/strict";
import { laidOut } from "./json_layout.ts";

Deno.test("an_object_is_laid_out_and_its_values_stay_as_they_were_written", () => {
  assert.equal(
    laidOut(
      ' {"a":12345678901234567890.10,"b":{"c":[1, 2],"d":[],"e":{}},"f":"x, {y}: \\"z\\" \\u00e9","g":null} ',
    ),
    [
      "{",
      '  "a": 12345678901234567890.10,',
      '  "b": {',
      '    "c": [',
      "      1,",
      "      2",
      "    ],",
      '    "d": [],',
      '    "e": {}',
      "  },",
      '  "f": "x, {y}: \\"z\\" \\u00e9",',
      '  "g": null',
      "}",
    ].join("\n"),
  );
  assert.equal(laidOut("{}"), "{}");
});

Deno.test("any_other_line_is_left_as_it_is", () => {
  for (const line of ["", "{", "text", "[1]", "{a:1}", '{"a":1} and more', '"x"', "[INFO] x"]) {
    assert.equal(laidOut(line), undefined, line);
  }
});
