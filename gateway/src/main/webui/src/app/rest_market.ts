import type { Quote } from "wire";

/** What REST tells of quotes, orders and the account; see /api/openapi.json. */

export interface Quotes {
  quotes: Quote[];
}

/** paper: filled by the gateway against the live quote; nothing is sent. */
export type OrderMode = "live" | "paper";

export interface Order {
  order_id: string;
  submitter: string;
  client_order_id: string;
  symbol: string;
  side: string;
  quantity: number;
  order_type: "market" | "limit";
  limit_price?: number;
  notional?: number;
  status: OrderStatus;
  reason?: string;
  filled_quantity?: number;
  average_price?: number;
  /** What it is being replaced by, or will be once a person confirms it. */
  replacement?: OrderReplacement;
  upstream_order_id?: string;
  upstream_status?: string;
  received_at: string;
  changed_at: string;
  mode: OrderMode;
}

export interface Positions {
  positions: {
    symbol: string;
    quantity: number;
    average_price?: number;
    mark?: number;
    unrealized_pnl?: number;
    realized_pnl?: number;
  }[];
  as_of: string;
  mode: OrderMode;
}

export interface Balances {
  balances: { name: string; currency: string; amount: number }[];
  as_of: string;
  mode: OrderMode;
}

export interface OrderReplacement {
  quantity: number;
  limit_price?: number;
  notional: number;
}

export type OrderStatus =
  | "received"
  | "rejected"
  | "needs_confirmation"
  | "approved"
  | "submitting"
  | "submitted"
  | "working"
  | "partially_filled"
  | "failed"
  | "unknown"
  | "expired"
  | "cancelling"
  | "replacing"
  | "cancelled"
  | "filled";

export interface OrderStep {
  status: OrderStatus;
  reason?: string;
  at: string;
}

/** What a person has to know who is to decide on an order, or on its replacement, now. */
export interface OrderFacts {
  age_ms: number;
  expires_at?: string;
  quote?: Quote;
  /** How far the price the market takes has to come to the limit; 0 or below where it is there. */
  distance?: number;
  distance_percent?: number;
  /** Without fees, which only the upstream knows. */
  cost?: number;
  /** What the bounds of the day leave without it. */
  today?: { orders?: number; submitter_notional?: number; notional?: number };
}

export interface OrderWhole extends Order {
  history: OrderStep[];
  facts?: OrderFacts;
}

export interface Orders {
  orders: Order[];
  cursor?: string;
}
