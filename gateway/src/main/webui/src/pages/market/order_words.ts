import type { Order, OrderReplacement, OrderStatus } from "../../app/rest_market.ts";
import type { Tone } from "../../ui/pill.tsx";

export function toneOf(status: OrderStatus): Tone {
  switch (status) {
    case "submitted":
    case "working":
    case "partially_filled":
    case "filled":
      return "good";
    case "needs_confirmation":
    case "unknown":
      return "warn";
    case "rejected":
    case "expired":
    case "cancelled":
      return "quiet";
    case "failed":
      return "bad";
    default:
      return "busy";
  }
}

export function wordOf(status: OrderStatus): string {
  return status.replaceAll("_", " ");
}

export function money(value: number | undefined): string {
  return value === undefined
    ? "–"
    : value.toLocaleString("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}

/** `buy 2 SPX at 5,000.00`. */
export function inWords(order: Order): string {
  const at = order.order_type === "limit" ? `at ${money(order.limit_price)}` : "at the market";
  return `${order.side.replaceAll("_", " ")} ${order.quantity} ${order.symbol} ${at}`;
}

/** What it is to be once it is replaced: `10 at 99.50`. */
export function replacementInWords(next: OrderReplacement): string {
  return `${next.quantity} ${
    next.limit_price === undefined ? "at the market" : `at ${money(next.limit_price)}`
  }`;
}

export function isBuy(order: Order): boolean {
  return order.side.startsWith("buy");
}

/** Whether nothing of it is ever sent. */
export function isPaper(order: Order): boolean {
  return order.mode === "paper";
}
