import { type Signal, signal } from "@preact/signals";
import type { QuotesFrameUnion } from "wire";
import { get, query } from "../../app/api.ts";
import { remembered } from "../../app/settings.ts";
import { param, setParams } from "../../app/router.ts";
import type { Quotes } from "../../app/rest_market.ts";
import { clock, live } from "../../app/streams.ts";
import { applied, type QuoteTable, symbolsOf, withSymbols } from "./quote_table.ts";

const remembers = remembered<string>("market.symbols", "");
export const inAddress = param("symbols");
const POLL_MILLIS = 5_000;

export const table: Signal<QuoteTable> = signal(new Map());
/** Whether the gateway has told which symbols it follows. */
export const known: Signal<boolean> = signal(false);

/** Those the page is to show; none, where it shows all that the gateway follows. */
export function chosen(): string[] {
  return symbolsOf(inAddress.value);
}

let now: QuoteTable = new Map();
/** The symbols the stream was asked for. */
let told: string[] = [];
let due = false;

/** Prices may move by the hundred; the page is told once a frame of the screen. */
function change(next: QuoteTable): void {
  now = next;
  if (!due) {
    due = true;
    requestAnimationFrame(() => {
      due = false;
      table.value = now;
    });
  }
}

export const quotesStream = live<QuotesFrameUnion>({
  path: () => {
    told = chosen();
    return "/ws/quotes" + query({ symbols: told.join(",") });
  },
  onFrame: (frame) => {
    known.value ||= frame.type === "snapshot";
    change(applied(now, frame, clock.now(), told.length === 0));
  },
  poll: {
    everyMillis: POLL_MILLIS,
    run: async () => {
      const symbols = chosen().length === 0 ? [...now.keys()] : chosen();
      if (symbols.length > 0) {
        const { quotes } = await get<Quotes>("/api/quotes" + query({ symbols: symbols.join(",") }));
        change(applied(now, { type: "snapshot", quotes, unknown: {} }, clock.now(), false));
      }
    },
  },
});

/** Shows these symbols and no others, and remembers them; none shows all that the gateway follows. */
export function choose(symbols: string[]): void {
  const text = symbols.join(",");
  remembers.value = text;
  setParams({ symbols: text });
}

/** Brings rows and stream to what the address says; where it names no symbols, those of the last time are put there. */
export function follow(): void {
  if (inAddress.value === "" && remembers.value !== "") {
    setParams({ symbols: remembers.value });
  }
  const wanted = chosen();
  if (wanted.join() !== told.join() && (wanted.length === 0 || told.length === 0)) {
    change(withSymbols(now, wanted));
    quotesStream.restart();
    return;
  }
  change(wanted.length === 0 ? now : withSymbols(now, wanted));
  tell("subscribe", wanted.filter((symbol) => !told.includes(symbol)));
  tell("unsubscribe", told.filter((symbol) => !wanted.includes(symbol)));
  told = wanted;
}

function tell(type: "subscribe" | "unsubscribe", symbols: string[]): void {
  if (symbols.length > 0) {
    quotesStream.send({ type, symbols });
  }
}
