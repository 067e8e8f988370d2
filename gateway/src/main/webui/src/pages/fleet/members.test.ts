import type { Member } from "../../app/fleet.ts";
import { isTroubled, troubleRank } from "./members.ts";

function member(instance: Record<string, unknown>): Member {
  return {
    name: "a",
    instance: { name: "a", status: "stopped", archived_at: null, ...instance },
  } as unknown as Member;
}

function same(actual: unknown, expected: unknown) {
  if (actual !== expected) {
    throw new Error(`${actual} is not ${expected}`);
  }
}

Deno.test("what ended by itself with an error is trouble as what was given up is", () => {
  const ended = member({ reason: "It exited with code 3", exit_code: 3 });
  same(isTroubled(ended), true);
  same(troubleRank(ended), troubleRank(member({ status: "failed" })));
});

Deno.test("what was stopped, ended well or is archived is none", () => {
  same(isTroubled(member({ exit_code: 143 })), false);
  same(isTroubled(member({ reason: "It exited with code 0", exit_code: 0 })), false);
  same(
    isTroubled(
      member({ reason: "It exited with code 3", exit_code: 3, archived_at: "2026-11-29T12:00:00Z" }),
    ),
    false,
  );
});
