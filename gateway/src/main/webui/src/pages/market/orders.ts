import { signal } from "@preact/signals";
import { get, path, post } from "../../app/api.ts";
import { follow, oneAtATime } from "../../app/news.ts";
import type { Order, Orders, OrderStep, OrderWhole } from "../../app/rest_market.ts";

/** The latest orders, newest first; none known before they were loaded. */
export const orders = signal<Order[] | undefined>(undefined);
/** Those that wait for a person, however old. */
export const waiting = signal<Order[]>([]);
export const moreOrders = signal<string | undefined>(undefined);
/** What became of an order so far, where somebody wanted to know. */
export const histories = signal<ReadonlyMap<string, OrderStep[]>>(new Map());

const PAGE = 100;

async function refresh(): Promise<void> {
  const [latest, open] = await Promise.all([
    get<Orders>(`/api/orders?limit=${PAGE}`),
    get<Orders>(`/api/orders?status=needs_confirmation&limit=${PAGE}`),
  ]);
  orders.value = latest.orders;
  moreOrders.value = latest.cursor;
  waiting.value = open.orders;
}

export async function loadMoreOrders(): Promise<void> {
  const cursor = moreOrders.value;
  if (cursor !== undefined) {
    const page = await get<Orders>(`/api/orders?limit=${PAGE}&cursor=${encodeURIComponent(cursor)}`);
    orders.value = [...orders.value ?? [], ...page.orders];
    moreOrders.value = page.cursor;
  }
}

/** Keeps the orders as they are; the returned function ends that. */
export function followOrders(): () => void {
  // However many orders move at once, one question is under way.
  const soon = oneAtATime(refresh);
  return follow({
    refresh,
    onFrame: (frame) => {
      if (frame.type === "order_event") {
        soon();
        if (histories.value.has(frame.order_id)) {
          void loadHistory(frame.order_id).catch(() => {});
        }
      }
    },
  });
}

export async function loadHistory(id: string): Promise<void> {
  learned(await get<OrderWhole>(path("orders", id)));
}

function learned(order: OrderWhole): void {
  histories.value = new Map(histories.value).set(order.order_id, order.history);
}

export async function decide(id: string, decision: "confirm" | "reject", reason?: string): Promise<void> {
  try {
    await post<Order>(
      path("orders", id, decision),
      reason === undefined || reason === "" ? undefined : { reason },
    );
  } finally {
    // It may have been decided elsewhere meanwhile.
    await refresh().catch(() => {});
  }
}

/** Whether the upstream has it in the market, where it can be cancelled and replaced. */
export function works(order: Order): boolean {
  return ["submitted", "working", "partially_filled"].includes(order.status);
}

/** Whether there is something left to be cancelled. */
export function isCancellable(order: Order): boolean {
  return works(order) || order.status === "needs_confirmation" || order.status === "approved";
}

export async function cancel(id: string): Promise<void> {
  try {
    await post<Order>(path("orders", id, "cancel"));
  } finally {
    await refresh().catch(() => {});
  }
}

export async function replace(id: string, terms: { quantity: number; limit_price?: number }): Promise<Order> {
  try {
    return await post<Order>(path("orders", id, "replace"), terms);
  } finally {
    await refresh().catch(() => {});
  }
}
