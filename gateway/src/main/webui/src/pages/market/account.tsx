import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { get, messageOf } from "../../app/api.ts";
import { follow } from "../../app/news.ts";
import type { Balances, Positions } from "../../app/rest_market.ts";
import { Note } from "../../ui/note.tsx";
import { visible } from "../../ui/visible.ts";
import { money } from "./order_words.ts";
import { Paper } from "./paper.tsx";

const positions = signal<Positions | undefined>(undefined);
const balances = signal<Balances | undefined>(undefined);
const failure = signal("");

async function refresh(): Promise<void> {
  try {
    const [held, had] = await Promise.all([get<Positions>("/api/positions"), get<Balances>("/api/balances")]);
    positions.value = held;
    balances.value = had;
    failure.value = "";
  } catch (e) {
    failure.value = messageOf(e);
  }
}

/** What the account that orders go to holds and has; asked again when something becomes of an order. */
export function AccountCard(): JSX.Element {
  useEffect(() =>
    follow({
      refresh,
      onFrame: (frame) => {
        if (frame.type === "order_event" && ["filled", "partially_filled"].includes(frame.status)) {
          void refresh();
        }
      },
    }), []);
  const held = positions.value?.positions ?? [];
  const withGains = held.some((one) => one.unrealized_pnl !== undefined);
  const had = balances.value?.balances ?? [];
  return (
    <section class="board account" aria-labelledby="account-title">
      <div class="board-head">
        <h2 id="account-title">Account</h2>
        <Paper mode={positions.value?.mode} />
      </div>
      {failure.value !== "" && <Note>{failure.value}</Note>}
      {had.length > 0 && (
        <dl class="order-facts balances">
          {had.map((one) => (
            <div key={`${one.name} ${one.currency}`}>
              <dt>{visible(one.name === "balance" ? one.currency : one.name.replaceAll("_", " "))}</dt>
              <dd>{one.name === "balance" ? one.amount : `${money(one.amount)} ${visible(one.currency)}`}</dd>
            </div>
          ))}
        </dl>
      )}
      {held.length > 0
        ? (
          <table class="table positions">
            <thead>
              <tr>
                <th scope="col">Position</th>
                <th scope="col" class="numeric">Quantity</th>
                <th scope="col" class="numeric">Average</th>
                <th scope="col" class="numeric">Mark</th>
                {withGains && <th scope="col" class="numeric">Unrealized</th>}
              </tr>
            </thead>
            <tbody>
              {held.map((one) => (
                <tr key={one.symbol}>
                  <th scope="row">{visible(one.symbol)}</th>
                  <td class="numeric">{one.quantity}</td>
                  <td class="numeric">{money(one.average_price)}</td>
                  <td class="numeric">{money(one.mark)}</td>
                  {withGains && <td class="numeric">{money(one.unrealized_pnl)}</td>}
                </tr>
              ))}
            </tbody>
          </table>
        )
        : positions.value !== undefined && <p class="nothing">No positions.</p>}
    </section>
  );
}
