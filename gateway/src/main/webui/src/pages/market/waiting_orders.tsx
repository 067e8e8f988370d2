import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { messageOf } from "../../app/api.ts";
import type { Order } from "../../app/rest_market.ts";
import { Ago } from "../../ui/ago.tsx";
import { Button } from "../../ui/button.tsx";
import { confirm, Dialog } from "../../ui/dialog.tsx";
import { Field, Form } from "../../ui/form.tsx";
import { Note } from "../../ui/note.tsx";
import { visible } from "../../ui/visible.ts";
import { Facts } from "./order_facts.tsx";
import { inWords, isBuy, isPaper, money, replacementInWords } from "./order_words.ts";
import { decide, waiting } from "./orders.ts";
import { Paper } from "./paper.tsx";

const rejecting = signal<Order | undefined>(undefined);
const failures = signal<ReadonlyMap<string, string>>(new Map());

/** Orders that wait for a person: they come before all else. */
export function WaitingOrders(): JSX.Element {
  if (waiting.value.length === 0) {
    return <Rejection />;
  }
  return (
    <section class="board waiting" aria-labelledby="waiting-title">
      <div class="board-head">
        <h2 id="waiting-title">Waiting for you</h2>
        <span class="count">{waiting.value.length}</span>
      </div>
      <ul class="asks">
        {waiting.value.map((order) => <OrderAsk key={order.order_id} order={order} />)}
      </ul>
      <Rejection />
    </section>
  );
}

/** An order that waits, as an item of a list of them. */
export function OrderAsk({ order }: { order: Order }): JSX.Element {
  const failure = failures.value.get(order.order_id);
  return (
    <li class="ask">
      <div class="ask-what">
        <strong class={`order-side ${isBuy(order) ? "buy" : "sell"}`}>
          {visible(order.side.replaceAll("_", " "))}
        </strong>
        <span class="ask-line">
          <b>{order.quantity}</b> <b>{visible(order.symbol)}</b>{" "}
          {order.order_type === "limit" ? `at ${money(order.limit_price)}` : "at the market"}{" "}
          <Paper mode={order.mode} />
        </span>
        <span class="ask-sub">
          {order.replacement !== undefined && (
            <>
              to become <b>{replacementInWords(order.replacement)}</b> ·{" "}
            </>
          )}
          Notional <b>{money(order.replacement?.notional ?? order.notional)}</b> · from{" "}
          {visible(order.submitter)} · <Ago at={order.received_at} />
        </span>
        {failure !== undefined && <Note onDismiss={() => fail(order.order_id)}>{failure}</Note>}
      </div>
      <div class="ask-actions">
        <Button label={`Reject ${inWords(order)}`} onClick={() => rejecting.value = order}>Reject</Button>
        <Button kind="primary" label={`Confirm ${inWords(order)}`} onClick={() => askToConfirm(order)}>
          Confirm…
        </Button>
      </div>
    </li>
  );
}

function fail(id: string, message?: string): void {
  const next = new Map(failures.value);
  message === undefined ? next.delete(id) : next.set(id, message);
  failures.value = next;
}

function askToConfirm(order: Order): void {
  fail(order.order_id);
  confirm({
    title: order.replacement !== undefined
      ? "Replace this order?"
      : isPaper(order)
      ? "Place this paper order?"
      : "Send this order?",
    body: (
      <div class="order-question">
        <Facts order={order} />
        <p>
          {isPaper(order) ? "It is on paper: nothing is sent." : "It goes to the upstream at once."}
        </p>
      </div>
    ),
    action: isPaper(order) ? "Confirm on paper" : "Confirm and send",
    danger: false,
    typed: visible(order.symbol),
    run: async () => {
      try {
        await decide(order.order_id, "confirm");
      } catch (e) {
        fail(order.order_id, messageOf(e));
        throw e;
      }
    },
  });
}

/** Where the reason of a rejection is asked for; once on a page. */
export function Rejection(): JSX.Element | null {
  return rejecting.value === undefined ? null : <Reject order={rejecting.value} />;
}

function Reject({ order }: { order: Order }): JSX.Element {
  const close = () => rejecting.value = undefined;
  return (
    <Dialog title="Reject this order?" onClose={close}>
      <Form
        action="Reject"
        onCancel={close}
        cancelFirst
        onSubmit={async (form) => {
          await decide(order.order_id, "reject", String(form.get("reason") ?? "").trim());
          close();
        }}
      >
        <Facts order={order} />
        <Field label="Reason" hint="For the agent; may be left empty">
          <input name="reason" maxLength={200} autocomplete="off" />
        </Field>
      </Form>
    </Dialog>
  );
}
