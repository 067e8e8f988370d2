import type { Quote, QuotesFrameUnion } from "wire";

/** A quote as the page shows it. */
export interface Row {
  symbol: string;
  quote?: Quote;
  /** By the page's own clock, so that a clock that is wrong makes no age wrong. */
  receivedAt?: number;
  /** Whose price moved last, and where to; `beat` grows with each move. */
  moves: Partial<Record<Price, { up: boolean; beat: number }>>;
}

export type Price = "bid" | "ask" | "mid";
const PRICES: Price[] = ["bid", "ask", "mid"];

/** Rows by symbol, in the order they are shown. */
export type QuoteTable = ReadonlyMap<string, Row>;

/** A quote of a single call may be this old and count as fresh, one of the feed much older: nothing may have changed. */
const FRESH_MILLIS = { rest: 10_000, dxlink: 60_000 } as const;

/** The rows for these symbols, what is known of them kept. */
export function withSymbols(table: QuoteTable, symbols: string[]): QuoteTable {
  return new Map(symbols.map((symbol) => [symbol, table.get(symbol) ?? { symbol, moves: {} }]));
}

/** `all`: whatever the gateway follows is shown; else only the rows there are. */
export function applied(table: QuoteTable, frame: QuotesFrameUnion, now: number, all: boolean): QuoteTable {
  switch (frame.type) {
    case "snapshot": {
      const symbols = frame.quotes.map((quote) => quote.symbol);
      const next = new Map(all ? withSymbols(table, symbols.sort()) : table);
      frame.quotes.forEach((quote) => put(next, quote, now, all));
      return next;
    }
    case "quote": {
      const next = new Map(table);
      put(next, frame, now, all);
      return next;
    }
    default:
      return table;
  }
}

function put(table: Map<string, Row>, quote: Quote, now: number, all: boolean): void {
  const before = table.get(quote.symbol);
  if (before === undefined && !all) {
    return; // it was taken out while its quote was on the way
  }
  const moves = { ...before?.moves };
  for (const price of PRICES) {
    const was = before?.quote?.[price];
    const is = quote[price];
    if (was != null && is != null && was !== is) {
      moves[price] = { up: is > was, beat: (moves[price]?.beat ?? 0) + 1 };
    }
  }
  table.set(quote.symbol, {
    symbol: quote.symbol,
    quote,
    moves,
    ...(quote.received_at == null ? {} : { receivedAt: now - (quote.age_ms ?? 0) }),
  });
}

/** Milliseconds since the gateway received it. */
export function ageOf(row: Row, now: number): number | undefined {
  return row.receivedAt === undefined ? undefined : Math.max(0, now - row.receivedAt);
}

export function isOld(row: Row, now: number): boolean {
  const age = ageOf(row, now);
  return age === undefined || row.quote?.source == null || age > FRESH_MILLIS[row.quote.source];
}

const SYMBOL = /^[A-Za-z0-9./:$^_=&+#@-][A-Za-z0-9 ./:$^_=&+#@-]{0,63}$/;
const MOST = 100;

/** Symbols as somebody types them, or as they stand in the address; what is none is left out. */
export function symbolsOf(text: string): string[] {
  const found = text.split(",").map((one) => one.trim().toUpperCase()).filter((one) => SYMBOL.test(one));
  return [...new Set(found)].slice(0, MOST);
}

const FIGURE_SPACE = "\u2007";

/** As many decimals as the price has, two at least. */
export function decimals(value: number | null | undefined): number {
  const own = String(value ?? "").split(".")[1]?.replace(/e.*$/, "").length ?? 0;
  return Math.min(10, Math.max(2, own));
}

/** With room for as many decimals as its column has, so that the points stand below each other. */
export function price(value: number | null | undefined, room = 0): string {
  if (value == null) {
    return "–";
  }
  const own = decimals(value);
  const text = value.toLocaleString("en", { minimumFractionDigits: 2, maximumFractionDigits: own });
  return text + FIGURE_SPACE.repeat(Math.max(0, room - own));
}

export function size(value: number | null | undefined): string {
  return value == null ? "–" : value.toLocaleString("en", { maximumFractionDigits: 8 });
}
