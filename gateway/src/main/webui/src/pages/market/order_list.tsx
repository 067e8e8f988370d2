import { useSignal } from "@preact/signals";
import { Fragment, type JSX } from "preact";
import { useEffect } from "preact/hooks";
import { get, messageOf } from "../../app/api.ts";
import type { Health } from "../../app/rest.ts";
import type { Order } from "../../app/rest_market.ts";
import { param, setParams } from "../../app/router.ts";
import { timeOfDay, wholeTime } from "../../app/time.ts";
import { Ago } from "../../ui/ago.tsx";
import { Button } from "../../ui/button.tsx";
import { Command } from "../../ui/copy.tsx";
import { Icon } from "../../ui/icons.tsx";
import { Note } from "../../ui/note.tsx";
import { Nothing } from "../../ui/nothing.tsx";
import { Pill } from "../../ui/pill.tsx";
import { serve } from "../../ui/shell.ts";
import { OrderActions } from "./order_actions.tsx";
import { isBuy, money, replacementInWords, toneOf, wordOf } from "./order_words.ts";
import { histories, loadHistory, loadMoreOrders, moreOrders, orders } from "./orders.ts";
import { Paper } from "./paper.tsx";

const opened = param("order");

/** All orders, the newest first; one opens to show what became of it. */
export function OrderList({ stale }: { stale: boolean }): JSX.Element {
  const failure = useSignal("");
  const all = orders.value;
  return (
    <section class="board" aria-labelledby="orders-title">
      <div class="board-head">
        <h2 id="orders-title">Orders</h2>
      </div>
      {failure.value !== "" && <Note onDismiss={() => failure.value = ""}>{failure.value}</Note>}
      {all === undefined || all.length === 0
        ? (
          <Nothing known={all !== undefined}>
            <NoOrders />
          </Nothing>
        )
        : (
          <div class="board-scroll" tabIndex={0} role="group" aria-label="Table of orders">
            <table class={`table orders${stale ? " stale" : ""}`}>
              <thead>
                <tr>
                  <th scope="col">Order</th>
                  <th scope="col">Status</th>
                  <th scope="col" class="wide">From</th>
                  <th scope="col" class="wide numeric">Notional</th>
                  <th scope="col" class="numeric">When</th>
                </tr>
              </thead>
              <tbody>
                {all.map((order) => (
                  <Fragment key={order.order_id}>
                    <OrderRow order={order} open={opened.value === order.order_id} />
                    {opened.value === order.order_id && (
                      <tr class="order-more">
                        <td colSpan={5}>
                          <Steps order={order} />
                        </td>
                      </tr>
                    )}
                  </Fragment>
                ))}
              </tbody>
            </table>
          </div>
        )}
      {moreOrders.value !== undefined && (
        <div class="board-foot">
          <Button onClick={() => void loadMoreOrders().catch((e) => failure.value = messageOf(e))}>
            Show earlier orders
          </Button>
        </div>
      )}
    </section>
  );
}

function OrderRow({ order, open }: { order: Order; open: boolean }): JSX.Element {
  const toggle = () => setParams({ order: open ? "" : order.order_id });
  return (
    <tr
      class="opens"
      onClick={(event) => (event.target as Element).closest("button") === null && toggle()}
    >
      <td>
        <button type="button" class="order-open" aria-expanded={open} onClick={toggle}>
          <Icon name={open ? "down" : "right"} size={12} />
          <span class={`order-side ${isBuy(order) ? "buy" : "sell"}`}>{order.side.replaceAll("_", " ")}</span>
          <span class="order-what">
            {order.quantity} {order.symbol}
            <span class="faint">
              {" "}
              {order.order_type === "limit" ? `@ ${money(order.limit_price)}` : "market"}
            </span>
          </span>
        </button>
      </td>
      <td>
        <Pill tone={toneOf(order.status)} title={order.reason}>{wordOf(order.status)}</Pill>{" "}
        <Paper mode={order.mode} />
      </td>
      <td class="wide">{order.submitter}</td>
      <td class="wide numeric">{money(order.notional)}</td>
      <td class="numeric">
        <Ago at={order.received_at} short />
      </td>
    </tr>
  );
}

function Steps({ order }: { order: Order }): JSX.Element {
  const failure = useSignal("");
  const steps = histories.value.get(order.order_id);
  useEffect(() => {
    loadHistory(order.order_id).catch((e) => failure.value = messageOf(e));
  }, [order.order_id, order.status]);
  return (
    <div class="order-detail">
      {failure.value !== "" && <Note>{failure.value}</Note>}
      <ol class="order-steps" aria-label="What became of it">
        {steps?.map((step, i) => (
          <li key={i} class={toneOf(step.status)}>
            <span class="step-word">{wordOf(step.status)}</span>
            <time dateTime={step.at} title={wholeTime(step.at)}>{timeOfDay(step.at)}</time>
            {step.reason !== undefined && <span class="step-reason">{step.reason}</span>}
          </li>
        ))}
      </ol>
      <OrderActions order={order} />
      <dl class="order-facts">
        <div>
          <dt>Client order id</dt>
          <dd class="mono">{order.client_order_id}</dd>
        </div>
        <div>
          <dt>Order id</dt>
          <dd class="mono">{order.order_id}</dd>
        </div>
        {order.upstream_order_id !== undefined && (
          <div>
            <dt>Upstream</dt>
            <dd class="mono">{order.upstream_order_id} {order.upstream_status}</dd>
          </div>
        )}
        {order.filled_quantity !== undefined && (
          <div>
            <dt>Filled</dt>
            <dd>
              {order.filled_quantity} of {order.quantity} at {money(order.average_price)}
            </dd>
          </div>
        )}
        {order.replacement !== undefined && (
          <div>
            <dt>To become</dt>
            <dd>{replacementInWords(order.replacement)}</dd>
          </div>
        )}
        <div>
          <dt>From</dt>
          <dd>{order.submitter}</dd>
        </div>
        <div>
          <dt>Notional</dt>
          <dd>{money(order.notional)}</dd>
        </div>
      </dl>
    </div>
  );
}

/** Why there are none, and how there come to be some. */
function NoOrders(): JSX.Element {
  const off = useSignal<boolean | undefined>(undefined);
  useEffect(() => {
    get<Health>("/api/health")
      .then((health) => off.value = health.checks["orders"]?.detail === "switched off")
      .catch(() => {});
  }, []);
  return (
    <div class="board-empty">
      {off.value === true
        ? (
          <>
            <p>Orders are switched off. To let agents place them, each one confirmed here:</p>
            <Command>{serve("--set orders.enabled=true --set orders.account=ACCOUNT")}</Command>
          </>
        )
        : (
          <>
            <p>No orders yet. An agent places one with order.submit; by hand:</p>
            <Command>
              {`curl -s ${location.origin}/api/orders -H 'Content-Type: application/json' -d '{"client_order_id":"try-1","symbol":"AAPL","side":"buy","quantity":1,"order_type":"limit","limit_price":100}'`}
            </Command>
          </>
        )}
    </div>
  );
}
