import assert from "node:assert/strict";
import { visible } from "./visible.ts";

Deno.test("text of any script stays as it is", () => {
  for (const text of ["", "plain\ttext\nof two lines", "é 🚢 שלום مرحبا 漢字"]) {
    assert.deepEqual(visible(text), text);
  }
});

Deno.test("what turns the direction of reading is shown as what it is", () => {
  assert.deepEqual(
    visible("delete \u2067gnigats\u2069, keep \u202edorp"),
    "delete ⟨U+2067⟩gnigats⟨U+2069⟩, keep ⟨U+202E⟩dorp",
  );
});

Deno.test("what cannot be seen, and controls, are shown as what they are", () => {
  assert.deepEqual(
    visible("a\u200bb\u00adc\ufeffd\u3164e\u2028f"),
    "a⟨U+200B⟩b⟨U+00AD⟩c⟨U+FEFF⟩d⟨U+3164⟩e⟨U+2028⟩f",
  );
  assert.deepEqual(visible("\x1b[2J\r\x7f\x9b\u{e0041}"), "⟨U+001B⟩[2J⟨U+000D⟩⟨U+007F⟩⟨U+009B⟩⟨U+E0041⟩");
});
