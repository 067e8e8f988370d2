import assert from "node:assert/strict";
import { STEPS, Trend } from "./trend.ts";

const NOW = 1_764_417_600_000;

Deno.test("a_trend_has_the_most_of_each_step_the_oldest_first", () => {
  const trend = new Trend();
  trend.add(NOW, 3);
  trend.add(NOW + 5_000, 9);
  trend.add(NOW + 10_000, 1);
  trend.add(NOW + 40_000, 4);
  assert.equal(trend.read().length, STEPS);
  assert.deepEqual(trend.read().slice(-3), [9, 0, 4]);
  trend.add(NOW + 40_000 + STEPS * 20_000, 7);
  assert.deepEqual(trend.read().filter((value) => value > 0), [7]);
});

Deno.test("a_trend_goes_on_from_what_the_gateway_kept", () => {
  const trend = Trend.of([1, 2, 3], NOW);
  trend.add(NOW + 20_000, 5);
  assert.deepEqual(trend.read().slice(-4), [1, 2, 3, 5]);
});
