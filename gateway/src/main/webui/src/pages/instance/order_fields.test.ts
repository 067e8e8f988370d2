import assert from "node:assert/strict";
import { joinDependencies, readyOf, splitDependencies } from "./order_fields.tsx";

Deno.test("dependencies_are_read_as_they_are_written", () => {
  const on = splitDependencies("db, migrate:completed  api:healthy");
  assert.deepEqual(on, [
    { name: "db", condition: "started" },
    { name: "migrate", condition: "completed" },
    { name: "api", condition: "healthy" },
  ]);
  assert.equal(joinDependencies(on), "db, migrate:completed, api:healthy");
  assert.deepEqual(splitDependencies("  "), []);
});

Deno.test("what_is_no_dependency_is_refused", () => {
  for (const text of ["db:up", ":healthy", "db:started:now"]) {
    assert.throws(() => splitDependencies(text), /none of NAME/, text);
  }
});

Deno.test("what_shows_readiness_is_one_thing_or_none", () => {
  const form = (what: string, value: string) => {
    const data = new FormData();
    data.set("ready_what", what);
    data.set("ready_when", value);
    return data;
  };
  assert.deepEqual(readyOf(form("", "left over")), {});
  assert.deepEqual(readyOf(form("log", " listening ")), { log: "listening" });
  assert.deepEqual(readyOf(form("port", "5432")), { port: 5432 });
  assert.throws(() => readyOf(form("http", "")), /Say what/);
});
