import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { get, path } from "../../app/api.ts";
import type { Order } from "../../app/rest.ts";
import { visible } from "../../ui/visible.ts";
import { isPaper, money, replacementInWords } from "./order_words.ts";

/** What whoever decides on an order has to know. */
export function Facts({ order }: { order: Order }): JSX.Element {
  const facts: [string, string][] = [
    ["Symbol", order.symbol],
    ["Side", order.side.replaceAll("_", " ")],
    ["Quantity", String(order.quantity)],
    ["Price", order.order_type === "limit" ? `limit ${money(order.limit_price)}` : "market"],
    ...(order.replacement === undefined
      ? []
      : [["To become", replacementInWords(order.replacement)] as [string, string]]),
    ["Notional", money(order.replacement?.notional ?? order.notional)],
    ["Agent", order.submitter],
    ...(isPaper(order) ? [["Mode", "paper: nothing is sent"] as [string, string]] : []),
  ];
  return (
    <dl class="order-facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{visible(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

/** The order of that id, for whoever is to decide on it elsewhere; nothing where there is none. */
export function OrderFacts({ id }: { id: string }): JSX.Element | null {
  const order = useSignal<Order | undefined>(undefined);
  useEffect(() => {
    get<Order>(path("orders", id)).then((found) => order.value = found).catch(() => {});
  }, [id]);
  return order.value === undefined ? null : <Facts order={order.value} />;
}
