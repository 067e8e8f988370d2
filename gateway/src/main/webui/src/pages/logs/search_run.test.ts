import assert from "node:assert/strict";
import { MAX_FOUND, SearchRun } from "./search_run.ts";

/** A gateway that answers with these pieces; it hears when it is no longer read. */
function answering(pieces: string[], ends = true): { run: SearchRun; left: () => boolean } {
  let signal: AbortSignal | undefined;
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(stream) {
      pieces.forEach((piece) => stream.enqueue(new TextEncoder().encode(piece)));
      ends && stream.close();
    },
  });
  const run = new SearchRun("/x", (_, given) => {
    signal = given;
    return Promise.resolve(new Response(body));
  });
  return { run, left: () => signal?.aborted === true };
}

const match = (line: string) =>
  JSON.stringify({ instance: "a", cursor: "c", time: null, level: null, line }) + "\n";

async function ended(run: SearchRun): Promise<void> {
  await run.start();
  while (run.state.value.kind === "running") {
    await new Promise((next) => setTimeout(next));
  }
}

Deno.test("lines_are_told_as_they_come_however_they_are_cut", async () => {
  const text = match("größe") + "\n" + match("two") + '{"done":true,"truncated":false,"scanned_bytes":7}\n';
  const { run } = answering([text.slice(0, 62), text.slice(62)]);
  await ended(run);
  assert.deepEqual(run.matches.map((one) => one.line), ["größe", "two"]);
  assert.equal(run.found.value, 2);
  assert.deepEqual(run.state.value, { kind: "through", scanned: 7 });
});

Deno.test("a_search_that_the_gateway_bounds_says_so", async () => {
  const { run } = answering([match("x") + '{"done":true,"truncated":true,"scanned_bytes":9}\n']);
  await ended(run);
  assert.deepEqual(run.state.value, { kind: "bounded", scanned: 9 });
});

Deno.test("an_answer_that_breaks_off_is_not_taken_for_all_of_it", async () => {
  const { run } = answering([match("x")]);
  await ended(run);
  assert.equal(run.state.value.kind, "broken");
  assert.equal(run.found.value, 1);
});

Deno.test("the_page_takes_so_many_and_leaves", async () => {
  const { run, left } = answering([match("x").repeat(MAX_FOUND), match("more")], false);
  await ended(run);
  assert.equal(run.state.value.kind, "full");
  assert.equal(run.matches.length, MAX_FOUND);
  assert.equal(left(), true);
});

Deno.test("one_that_is_stopped_keeps_what_it_has_and_leaves", async () => {
  const { run, left } = answering([match("x")], false);
  await run.start();
  while (run.found.value === 0) {
    await new Promise((next) => setTimeout(next));
  }
  run.stop();
  assert.deepEqual(run.state.value, { kind: "stopped" });
  assert.equal(left(), true);
});
