import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { token } from "../../app/fleet.ts";
import { clock } from "../../app/streams.ts";
import { isStale } from "../../stream/live.ts";
import { span, tick, wholeTime } from "../../app/time.ts";
import { Button } from "../../ui/button.tsx";
import { Icon } from "../../ui/icons.tsx";
import { Note } from "../../ui/note.tsx";
import { Nothing } from "../../ui/nothing.tsx";
import { stale } from "../../app/link.tsx";
import { AccountCard } from "./account.tsx";
import { OrderList } from "./order_list.tsx";
import { followOrders } from "./orders.ts";
import { WaitingOrders } from "./waiting_orders.tsx";
import { ageOf, decimals, isOld, type Price, price, type Row, size, symbolsOf } from "./quote_table.ts";
import { choose, chosen, follow, inAddress, known, quotesStream, table } from "./quotes.ts";
import { TokenCard } from "./token.tsx";

/** Quotes, the token they come by, and the orders that go out with it. */
export function MarketPage(_: { params: Record<string, string> }): JSX.Element {
  useEffect(() => quotesStream.use(), []);
  useEffect(followOrders, []);
  useEffect(follow, [inAddress.value]);
  return (
    <div class="page market">
      <div class="page-head">
        <h1>Market</h1>
      </div>
      <div class={`market-grid${token.value?.kind === "none" ? " first-run" : ""}`}>
        <div class="market-main">
          <WaitingOrders />
          <QuoteCard />
          <OrderList stale={stale.value} />
        </div>
        <div class="market-side">
          <TokenCard />
          {token.value !== undefined && token.value.kind !== "none" && <AccountCard />}
        </div>
      </div>
    </div>
  );
}

function QuoteCard(): JSX.Element {
  const rows = [...table.value.values()];
  const all = chosen().length === 0;
  return (
    <section class="board" aria-labelledby="quotes-title">
      <div class="board-head">
        <h2 id="quotes-title">Quotes</h2>
        {all && rows.length > 0 && <span class="faint">all that the gateway follows</span>}
        <AddSymbols />
      </div>
      {rows.length === 0
        ? (
          <Nothing known={known.value}>
            <NoQuotes />
          </Nothing>
        )
        : (
          <div class="board-scroll" tabIndex={0} role="group" aria-label="Table of quotes">
            <QuoteRows rows={rows} />
          </div>
        )}
    </section>
  );
}

function AddSymbols(): JSX.Element {
  const failure = useSignal("");
  const add = (event: SubmitEvent) => {
    event.preventDefault();
    const field = (event.currentTarget as HTMLFormElement).elements.namedItem("symbols") as HTMLInputElement;
    const symbols = symbolsOf(field.value);
    if (symbols.length === 0) {
      failure.value = "A symbol is up to 64 letters, digits and . / : such as AAPL, SPX or BTC/USD";
      return;
    }
    failure.value = "";
    field.value = "";
    choose([...new Set([...table.value.keys(), ...symbols])]);
  };
  return (
    <form class="add-symbols" onSubmit={add}>
      {failure.value !== "" && <Note onDismiss={() => failure.value = ""}>{failure.value}</Note>}
      <label class="search">
        <Icon name="plus" size={14} />
        <input
          name="symbols"
          data-search
          aria-label="Add symbols"
          placeholder="Add AAPL, SPX"
          autocomplete="off"
          autocapitalize="characters"
          spellcheck={false}
          onKeyDown={(event) => event.key === "Escape" && event.currentTarget.blur()}
        />
        <kbd aria-hidden="true">/</kbd>
      </label>
    </form>
  );
}

function QuoteRows({ rows }: { rows: Row[] }): JSX.Element {
  void tick.value;
  const now = clock.now();
  const away = isStale(quotesStream.link.value);
  const room = (which: Price) => Math.max(...rows.map(({ quote }) => decimals(quote?.[which])));
  const rooms = { bid: room("bid"), mid: room("mid"), ask: room("ask") };
  return (
    <table class={`table quotes${away ? " stale" : ""}`}>
      <thead>
        <tr>
          <th scope="col">Symbol</th>
          <th scope="col" class="wide numeric">Bid size</th>
          <th scope="col" class="numeric">Bid</th>
          <th scope="col" class="numeric">Mid</th>
          <th scope="col" class="numeric">Ask</th>
          <th scope="col" class="wide numeric">Ask size</th>
          <th scope="col" class="wide">Source</th>
          <th scope="col" class="numeric">Age</th>
          <th scope="col" class="c-actions">
            <span class="hidden">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => {
          const { symbol, quote } = row;
          const age = ageOf(row, now);
          const old = isOld(row, now);
          return (
            <tr key={symbol} class={old ? "old" : ""}>
              <th scope="row">{symbol}</th>
              <td class="wide numeric faint">{size(quote?.bid_size)}</td>
              <td class="numeric">
                <Moving row={row} which="bid" room={rooms.bid} />
              </td>
              <td class="numeric mid">
                <Moving row={row} which="mid" room={rooms.mid} />
              </td>
              <td class="numeric">
                <Moving row={row} which="ask" room={rooms.ask} />
              </td>
              <td class="wide numeric faint">{size(quote?.ask_size)}</td>
              <td class="wide">
                {quote?.source == null
                  ? <span class="faint">no quote yet</span>
                  : <span class={`quote-source ${quote.source}`}>{quote.source}</span>}
              </td>
              <td class="numeric">
                {age === undefined
                  ? <span class="faint">–</span>
                  : (
                    <time title={quote?.received_at == null ? "" : wholeTime(quote.received_at)}>
                      {age < 1000 ? "now" : span(age)}
                    </time>
                  )}
              </td>
              <td class="c-actions">
                <Button
                  kind="ghost"
                  icon="close"
                  label={`Remove ${symbol}`}
                  onClick={() => choose(rows.map((one) => one.symbol).filter((one) => one !== symbol))}
                />
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** A price that flashes when it moves: another element each time, so that it begins anew. */
function Moving({ row, which, room }: { row: Row; which: Price; room: number }): JSX.Element {
  const move = row.moves[which];
  return (
    <span key={move?.beat ?? 0} class={`quote-price${move === undefined ? "" : move.up ? " up" : " down"}`}>
      {price(row.quote?.[which], room)}
    </span>
  );
}

const COMMON = ["AAPL", "SPX", "SPY", "MSFT"];
const CRYPTO = ["BTC/USD", "ETH/USD"];

function NoQuotes(): JSX.Element {
  const kind = token.value?.kind;
  const examples = kind === "kraken" ? CRYPTO : COMMON;
  return (
    <div class="board-empty">
      {kind === "none"
        ? <p>Quotes come from an upstream, and none is set: the card of its token says how to set one.</p>
        : (
          <>
            <p>No symbol is followed yet. Add some above, or begin with</p>
            <p class="begin-with">
              <Button icon="plus" onClick={() => choose(examples)}>{examples.join(", ")}</Button>
            </p>
            <p>What the gateway should follow from its start on is the setting quotes.symbols.</p>
          </>
        )}
    </div>
  );
}
