import assert from "node:assert/strict";
import { type Block, type Inline, inline, parse, plain, safe } from "./markdown.ts";

function words(all: Inline[]): string {
  return all.map((one) => "inner" in one ? words(one.inner) : one.text).join("");
}

function kinds(text: string): string[] {
  return parse(text).map((block: Block) => block.kind);
}

Deno.test("empty_lines_part_paragraphs_and_single_breaks_stay", () => {
  const found = parse("one\ntwo\n\nthree");
  assert.deepEqual(found.map((block) => block.kind === "paragraph" && block.lines.map(words)), [[
    "one",
    "two",
  ], ["three"]]);
});

Deno.test("html_is_text", () => {
  const text = "<img src=x onerror=alert(1)><script>alert(1)</script>";
  assert.deepEqual(parse(text), [{ kind: "paragraph", lines: [[{ kind: "text", text }]] }]);
});

Deno.test("only_what_leads_to_a_page_is_a_link", () => {
  for (
    const address of [
      "javascript:alert(1)",
      "JaVaScRiPt:alert(1)",
      "data:text/html,x",
      "//evil.example",
      "vbscript:x",
      "/\\evil",
      "/.//evil.example",
      "/a/..//evil.example",
      "/\t/evil.example",
    ]
  ) {
    assert.equal(safe(address), undefined, address);
    assert.ok(inline(`[x](${address})`).every((one) => one.kind !== "link"), address);
  }
  assert.equal(safe("/instances/a"), "/instances/a");
  assert.equal(safe("https://example.com/a"), "https://example.com/a");
});

Deno.test("a_link_whose_text_is_not_its_address_says_where_it_leads", () => {
  const host = (text: string) => {
    const found = inline(text).find((one) => one.kind === "link");
    return found?.kind === "link" ? found.host : "no link";
  };
  assert.equal(host("[https://bank.example](https://evil.example/x)"), "evil.example");
  assert.equal(host("[click](https://evil.example:8443/)"), "evil.example:8443");
  assert.equal(host("https://\u0430pple.com/login"), "xn--pple-43d.com");
  assert.equal(host("https://bank.example@evil.example/"), "evil.example");
  assert.equal(host("[write](mailto:a@b.example)"), "a@b.example");
  for (
    const plain of ["https://example.com/a_b", "[example.com](https://example.com/)", "[a](/instances/a)"]
  ) {
    assert.equal(host(plain), undefined, plain);
  }
});

Deno.test("an_address_as_the_text_of_a_link_is_no_link_of_its_own", () => {
  const [link] = inline("[**https://bank.example**](https://evil.example/)");
  assert.deepEqual(link?.kind === "link" && link.inner, [
    { kind: "strong", inner: [{ kind: "text", text: "https://bank.example" }] },
  ]);
});

Deno.test("a_link_for_a_terminal_leaves_nothing_but_its_text", () => {
  const link = (end: string) => `\x1b]8;;https://evil.example${end}text\x1b]8;;${end}!`;
  for (const end of ["\x07", "\x1b\\", "\x9c"]) {
    assert.equal(words(inline(plain(link(end)))), "text!");
  }
  assert.equal(plain("\x9d8;;x\x9ca\x9b31mb"), "ab");
});

Deno.test("a_link_ends_before_the_sentence_does", () => {
  const [, link, rest] = inline("See https://example.com/a_b.");
  assert.deepEqual([link?.kind === "link" && link.href, rest?.kind === "text" && rest.text], [
    "https://example.com/a_b",
    ".",
  ]);
});

Deno.test("bold_emphasis_and_code_nest_as_far_as_they_are_closed", () => {
  assert.deepEqual(inline("**a `b` *c***").map((one) => one.kind), ["strong"]);
  assert.deepEqual(inline("**open").map((one) => one.kind), ["text"]);
  assert.deepEqual(inline("a * b * c"), [{ kind: "text", text: "a * b * c" }]);
});

Deno.test("names_with_underscores_are_no_emphasis", () => {
  assert.deepEqual(inline("list_instances and read_log"), [{
    kind: "text",
    text: "list_instances and read_log",
  }]);
});

Deno.test("code_holds_what_it_holds", () => {
  assert.deepEqual(parse("```json\n{\n  **a**\n}\n```\nend")[0], {
    kind: "code",
    language: "json",
    text: "{\n  **a**\n}",
  });
});

Deno.test("code_that_is_still_being_written_is_code_already", () => {
  assert.deepEqual(kinds("Look:\n```\nline one\nline"), ["paragraph", "code"]);
});

Deno.test("lists_have_items_and_lists_within", () => {
  const [list, after] = parse("1. one\n   - in\n   - ner\n2. two\n\nafter");
  assert.ok(list?.kind === "list" && list.ordered && list.items.length === 2);
  assert.ok(list.items[0]?.inner[0]?.kind === "list" && list.items[0].inner[0].items.length === 2);
  assert.equal(after?.kind, "paragraph");
});

Deno.test("a_dash_within_a_line_makes_no_list", () => {
  assert.deepEqual(kinds("worker - up\n-not a list"), ["paragraph"]);
});

Deno.test("the_colours_of_a_terminal_are_left_out", () => {
  assert.deepEqual(parse("\x1b[2m15:06\x1b[0m \x1b[32mINFO\x1b[0m up"), [
    { kind: "paragraph", lines: [[{ kind: "text", text: "15:06 INFO up" }]] },
  ]);
});

Deno.test("nothing_is_lost", () => {
  const text = "# Title\n> quoted\n\n* a\n* b\n\n`x` \\*y\\*";
  const all = (found: Block[]): string =>
    found.map((block) => {
      switch (block.kind) {
        case "paragraph":
          return block.lines.map(words).join(" ");
        case "heading":
          return words(block.text);
        case "code":
          return block.text;
        case "quote":
          return all(block.blocks);
        case "list":
          return block.items.map((item) => words(item.text) + all(item.inner)).join(" ");
      }
    }).join(" ");
  assert.equal(all(parse(text)), "Title quoted a b x *y*");
});

Deno.test("garbage_of_any_length_is_read_in_time", () => {
  const began = performance.now();
  for (
    const text of ["**a ", "[x](", "``", "_a ", "> ", "- ", "`` `", "~~~", "# ", " ", "https://", "((", "*"]
  ) {
    parse(text.repeat(20_000));
    parse(`${text.repeat(200)}\n`.repeat(100));
  }
  assert.ok(performance.now() - began < 60_000);
});

Deno.test("what_is_indented_after_an_empty_line_is_code", () => {
  assert.deepEqual(parse("The last lines:\n\n    - one\n      two\n\n    three\nEnd"), [
    { kind: "paragraph", lines: [[{ kind: "text", text: "The last lines:" }]] },
    { kind: "code", language: "", text: "- one\n  two\n\nthree" },
    { kind: "paragraph", lines: [[{ kind: "text", text: "End" }]] },
  ]);
  assert.equal(parse("goes on\n    here")[0]?.kind, "paragraph");
  assert.equal(parse("1. a\n\n    - b").length, 1);
});
