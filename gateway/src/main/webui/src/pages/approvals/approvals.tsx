import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { get, messageOf, path, post } from "../../app/api.ts";
import { refresh, waiting } from "../../app/approvals.ts";
import type { Approval, Approvals } from "../../app/rest.ts";
import { span, tick } from "../../app/time.ts";
import { Ago } from "../../ui/ago.tsx";
import { Button } from "../../ui/button.tsx";
import { AGE, TIME } from "../../ui/moment.tsx";
import { Note } from "../../ui/note.tsx";
import { Nothing } from "../../ui/nothing.tsx";
import { type Keyed, PagedTable } from "../../ui/paged_table.tsx";
import { Pill } from "../../ui/pill.tsx";
import { type Column, Second } from "../../ui/table.tsx";
import { toast } from "../../ui/toast.tsx";
import { visible } from "../../ui/visible.ts";
import { Arguments, parsed } from "../chat/tool_card.tsx";
import { useOrder } from "../market/order_facts.tsx";
import { OrderAsk, Rejection } from "../market/waiting_orders.tsx";

const ASKS: Record<Approval["kind"], string> = {
  tool: "chat",
  order: "order",
  acp: "coding agent",
  mcp: "MCP client",
};

/** What waits for a person, whoever asks, and what was answered lately: one inbox. */
export function ApprovalsPage(): JSX.Element {
  const all = waiting.value ?? [];
  return (
    <div class="page">
      <div class="page-head">
        <h1>Approvals</h1>
      </div>
      {all.length === 0
        ? (
          <Nothing known={waiting.value !== undefined}>
            <p class="nothing">Nothing waits for you.</p>
          </Nothing>
        )
        : (
          <section class="board waiting" aria-labelledby="waiting-title">
            <div class="board-head">
              <h2 id="waiting-title">Waiting for you</h2>
              <span class="count">{all.length}</span>
            </div>
            <ul class="asks">
              {all.map((one) =>
                one.kind === "order"
                  ? <OrderThatWaits key={one.id} id={one.id} />
                  : <Ask key={one.id} approval={one} />
              )}
            </ul>
          </section>
        )}
      <Rejection />
      <PagedTable<Answered>
        label="Answered"
        about={all.map((one) => one.id).join()}
        load={answered}
        columns={COLUMNS}
        empty="Nothing was answered lately."
      />
    </div>
  );
}

/** An order goes by its facts, as on the market's page. */
function OrderThatWaits({ id }: { id: string }): JSX.Element | null {
  const order = useOrder(id);
  return order === undefined ? null : <OrderAsk order={order} />;
}

function Ask({ approval }: { approval: Approval }): JSX.Element {
  const { id, subject, session_id: session } = approval;
  const busy = useSignal(false);
  const failure = useSignal("");
  const decide = (verdict: "approve" | "deny", done: string) => async (event: MouseEvent) => {
    // The second click of a double one may meet what moved up when the first one was answered.
    if (event.detail > 1) {
      return;
    }
    busy.value = true;
    failure.value = "";
    let refusal = "";
    try {
      await post(path("approvals", id, verdict));
    } catch (e) {
      refusal = messageOf(e);
    }
    await refresh().catch(() => {});
    busy.value = false;
    if (waiting.value?.some((one) => one.id === id)) {
      failure.value = refusal;
      return;
    }
    // Where one clicked is gone, and with it the place to say what became of it.
    toast(refusal || `${done}: ${visible(subject)}`, refusal === "" ? "quiet" : "bad");
    document.getElementById("main")?.focus({ preventScroll: true });
  };
  return (
    <li class="ask">
      <div class="ask-what">
        <Pill tone="warn">{ASKS[approval.kind]}</Pill>
        <span class="ask-line">
          <b>{visible(subject)}</b>
        </span>
        <span class="ask-sub">
          Asked <Ago at={approval.created_at} /> · expires in{" "}
          {span(Date.parse(approval.expires_at) - tick.value)}
          {session !== undefined && approval.kind === "tool" && (
            <>
              {" "}· <a href={`/chat/${encodeURIComponent(session)}`}>in its chat</a>
            </>
          )}
        </span>
        <Arguments args={parsed(approval.detail)} facts />
        {failure.value !== "" && <Note>{failure.value}</Note>}
      </div>
      <div class="ask-actions">
        <Button label={`Deny ${visible(subject)}`} busy={busy.value} onClick={decide("deny", "Denied")}>
          Deny
        </Button>
        <Button
          kind="primary"
          label={`Approve ${visible(subject)}`}
          busy={busy.value}
          onClick={decide("approve", "Approved")}
        >
          Approve
        </Button>
      </div>
    </li>
  );
}

type Answered = Approval & { at: string };

async function answered(): Promise<{ entries: Answered[] }> {
  const { approvals } = await get<Approvals>("/api/approvals");
  return {
    entries: approvals.filter((one) => one.status !== "waiting").map((one) => ({
      ...one,
      at: one.created_at,
    })),
  };
}

const COLUMNS: Column<Keyed<Answered>>[] = [
  TIME,
  AGE,
  {
    id: "what",
    title: "What",
    cell: (row) => (
      <>
        <span class="name">{visible(row.subject)}</span>
        <Second>{ASKS[row.kind]}</Second>
      </>
    ),
  },
  { id: "kind", title: "From", desk: true, cell: (row) => ASKS[row.kind] },
  {
    id: "status",
    title: "Answer",
    cell: (row) => <Pill tone={row.status === "approved" ? "good" : "quiet"}>{row.status}</Pill>,
  },
];
