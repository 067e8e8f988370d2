import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { get, path } from "../../app/api.ts";
import type { OrderFacts as Known } from "../../app/rest_market.ts";
import type { Order, OrderWhole } from "../../app/rest_market.ts";
import { span } from "../../app/time.ts";
import { visible } from "../../ui/visible.ts";
import { isBuy, isPaper, money, replacementInWords } from "./order_words.ts";

type Fact = [string, string];

/** Who decides looks at the market of now, not at that of when the question came. */
const PERIOD = 3_000;

/** What whoever decides on an order has to know, as it is now. */
export function Facts({ order }: { order: Order }): JSX.Element {
  const known = useSignal<Known | undefined>(undefined);
  useEffect(() => {
    const load = () =>
      get<OrderWhole>(path("orders", order.order_id)).then((whole) => known.value = whole.facts).catch(
        () => {},
      );
    void load();
    const timer = setInterval(load, PERIOD);
    return () => clearInterval(timer);
  }, [order.order_id]);
  const facts: Fact[] = [
    ["Symbol", order.symbol],
    ["Side", order.side.replaceAll("_", " ")],
    ["Quantity", String(order.quantity)],
    ["Price", order.order_type === "limit" ? `limit ${money(order.limit_price)}` : "market"],
    ...(order.replacement === undefined
      ? []
      : [["To become", replacementInWords(order.replacement)] as Fact]),
    ["Notional", money(order.replacement?.notional ?? order.notional)],
    ["Agent", order.submitter],
    ...(isPaper(order) ? [["Mode", "paper: nothing is sent"] as Fact] : []),
    ...(known.value === undefined ? [] : ofNow(order, known.value)),
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

function ofNow(order: Order, facts: Known): Fact[] {
  const all: Fact[] = [["Age", span(facts.age_ms)]];
  if (facts.expires_at !== undefined) {
    all.push(["Expires in", span(Math.max(0, Date.parse(facts.expires_at) - Date.now()))]);
  }
  all.push([
    "Quote now",
    facts.quote === undefined
      ? "none"
      : `${money(facts.quote.bid ?? undefined)} / ${money(facts.quote.ask ?? undefined)}`,
  ]);
  if (facts.distance !== undefined) {
    const percent = facts.distance_percent === undefined ? "" : ` (${facts.distance_percent} %)`;
    all.push([
      "Market to limit",
      `${facts.distance <= 0 ? "reached, " : ""}${money(facts.distance)}${percent}`,
    ]);
  }
  if (facts.cost !== undefined) {
    all.push([isBuy(order) ? "Cost" : "Proceeds", `${money(facts.cost)}, fees unknown`]);
  }
  const left = leftToday(facts);
  return left === "" ? all : [...all, ["Left today", left]];
}

function leftToday({ today }: Known): string {
  return [
    ...(today?.orders === undefined ? [] : [`${today.orders} orders`]),
    ...(today?.submitter_notional === undefined ? [] : [`${money(today.submitter_notional)} of its own`]),
    ...(today?.notional === undefined ? [] : [`${money(today.notional)} in all`]),
  ].join(", ");
}

/** The order of that id, for whoever is to decide on it elsewhere; nothing where there is none. */
export function OrderFacts({ id }: { id: string }): JSX.Element | null {
  const order = useOrder(id);
  return order === undefined ? null : <Facts order={order} />;
}

/** The order of that id, once it is known. */
export function useOrder(id: string): Order | undefined {
  const order = useSignal<Order | undefined>(undefined);
  useEffect(() => {
    get<Order>(path("orders", id)).then((found) => order.value = found).catch(() => {});
  }, [id]);
  return order.value;
}
