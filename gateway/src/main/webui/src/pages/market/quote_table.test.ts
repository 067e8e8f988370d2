import assert from "node:assert/strict";
import type { Quote } from "wire";
import { ageOf, applied, isOld, price, type QuoteTable, symbolsOf, withSymbols } from "./quote_table.ts";

function quote(symbol: string, bid: number | null, more: Partial<Quote> = {}): Quote {
  return {
    symbol,
    bid,
    ask: bid === null ? null : bid + 1,
    mid: bid === null ? null : bid + 0.5,
    bid_size: 1,
    ask_size: 1,
    source: "dxlink",
    received_at: "2026-01-01T00:00:00.000Z",
    age_ms: 0,
    ...more,
  };
}

const two = withSymbols(new Map(), ["SPX", "AAPL"]);

function update(table: QuoteTable, one: Quote, now = 0, all = false): QuoteTable {
  return applied(table, { type: "quote", ...one }, now, all);
}

Deno.test("symbols_stand_in_the_order_they_were_asked_for_quoted_or_not", () => {
  const table = applied(two, { type: "snapshot", quotes: [quote("AAPL", 1)], unknown: {} }, 0, false);
  assert.deepEqual([...table.keys()], ["SPX", "AAPL"]);
  assert.equal(table.get("SPX")?.quote, undefined);
});

Deno.test("a_price_that_moves_says_where_to_and_beats_once", () => {
  const up = update(update(two, quote("SPX", 10)), quote("SPX", 11));
  assert.deepEqual(up.get("SPX")?.moves.bid, { up: true, beat: 1 });
  const down = update(update(up, quote("SPX", 11)), quote("SPX", 9));
  assert.deepEqual(down.get("SPX")?.moves.bid, { up: false, beat: 2 });
});

Deno.test("the_first_price_is_no_move", () => {
  assert.deepEqual(update(two, quote("SPX", 10)).get("SPX")?.moves, {});
});

Deno.test("a_symbol_that_was_taken_out_does_not_come_back", () => {
  assert.equal(update(two, quote("TSLA", 10)).has("TSLA"), false);
});

Deno.test("where_none_were_chosen_all_that_is_followed_shows", () => {
  const table = applied(
    new Map(),
    { type: "snapshot", quotes: [quote("B", 1), quote("A", 1)], unknown: {} },
    0,
    true,
  );
  assert.deepEqual([...update(table, quote("C", 1), 0, true).keys()], ["A", "B", "C"]);
});

Deno.test("an_age_goes_on_from_what_the_gateway_said", () => {
  const row = update(two, quote("SPX", 10, { age_ms: 700 }), 1_000).get("SPX")!;
  assert.equal(ageOf(row, 1_500), 1_200);
});

Deno.test("a_quote_of_a_single_call_is_old_sooner_than_one_of_the_feed", () => {
  const called = update(two, quote("SPX", 10, { source: "rest" })).get("SPX")!;
  const fed = update(two, quote("SPX", 10)).get("SPX")!;
  assert.deepEqual([isOld(called, 11_000), isOld(fed, 11_000)], [true, false]);
  assert.equal(isOld(two.get("SPX")!, 0), true);
});

Deno.test("symbols_are_read_as_they_are_typed", () => {
  assert.deepEqual(symbolsOf(" aapl, brk/b,,spx,AAPL, <b>"), ["AAPL", "BRK/B", "SPX"]);
});

Deno.test("prices_of_a_column_have_their_points_below_each_other", () => {
  assert.deepEqual([price(5, 3), price(1.125, 3), price(null, 3)], ["5.00\u2007", "1.125", "–"]);
});

Deno.test("a_price_has_as_many_decimals_as_it_needs", () => {
  assert.deepEqual([price(5), price(1234.5678), price(0.00001234), price(null)], [
    "5.00",
    "1,234.5678",
    "0.00001234",
    "–",
  ]);
});
