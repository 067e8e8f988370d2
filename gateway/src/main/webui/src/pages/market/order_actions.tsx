import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { messageOf } from "../../app/api.ts";
import type { Order } from "../../app/rest_market.ts";
import { Button } from "../../ui/button.tsx";
import { confirm, Dialog } from "../../ui/dialog.tsx";
import { Field, Form } from "../../ui/form.tsx";
import { Note } from "../../ui/note.tsx";
import { Facts } from "./order_facts.tsx";
import { inWords, isPaper } from "./order_words.ts";
import { cancel, isCancellable, replace, works } from "./orders.ts";

/** What a person can do with an order that is out, or about to be. */
export function OrderActions({ order }: { order: Order }): JSX.Element | null {
  const failure = useSignal("");
  const replacing = useSignal(false);
  if (!isCancellable(order)) {
    return null;
  }
  return (
    <div class="order-actions">
      {failure.value !== "" && <Note onDismiss={() => failure.value = ""}>{failure.value}</Note>}
      {works(order) && order.limit_price !== undefined && (
        <Button
          label={`Replace ${inWords(order)}`}
          onClick={() => replacing.value = true}
        >
          Replace…
        </Button>
      )}
      <Button
        label={`Cancel ${inWords(order)}`}
        onClick={() => askToCancel(order, (message) => failure.value = message)}
      >
        Cancel…
      </Button>
      {replacing.value && <Replace order={order} onClose={() => replacing.value = false} />}
    </div>
  );
}

function askToCancel(order: Order, fail: (message: string) => void): void {
  confirm({
    title: "Cancel this order?",
    body: (
      <div class="order-question">
        <Facts order={order} />
        <p>
          {works(order) && isPaper(order)
            ? "It is on paper: nothing is sent."
            : works(order)
            ? "The upstream is told once; what is filled before it hears of it stays filled."
            : "It was not sent yet, and is not sent any more."}
        </p>
      </div>
    ),
    action: "Cancel the order",
    danger: true,
    run: async () => {
      try {
        await cancel(order.order_id);
      } catch (e) {
        fail(messageOf(e));
        throw e;
      }
    },
  });
}

function Replace({ order, onClose }: { order: Order; onClose: () => void }): JSX.Element {
  return (
    <Dialog title="Replace this order?" onClose={onClose}>
      <Form
        action="Replace"
        onCancel={onClose}
        onSubmit={async (form) => {
          await replace(order.order_id, {
            quantity: Number(form.get("quantity")),
            limit_price: Number(form.get("limit_price")),
          });
          onClose();
        }}
      >
        <Facts order={order} />
        <Field label="Limit">
          <input
            name="limit_price"
            type="number"
            min="0"
            step="any"
            required
            defaultValue={String(order.limit_price)}
            autofocus
          />
        </Field>
        <Field label="Quantity" hint="In all, what is filled included">
          <input
            name="quantity"
            type="number"
            min="0"
            step="any"
            required
            defaultValue={String(order.quantity)}
          />
        </Field>
      </Form>
    </Dialog>
  );
}
