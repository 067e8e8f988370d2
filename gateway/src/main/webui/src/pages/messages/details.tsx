import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { get, messageOf, path, post } from "../../app/api.ts";
import type { MessageWhole } from "../../app/rest.ts";
import { setParams } from "../../app/router.ts";
import { afterLogin } from "../../app/session.tsx";
import { timeOfDay, wholeTime } from "../../app/time.ts";
import { Button } from "../../ui/button.tsx";
import { Copy } from "../../ui/copy.tsx";
import { Note } from "../../ui/note.tsx";
import { Pill } from "../../ui/pill.tsx";
import { Fact, Facts } from "../instance/facts.tsx";
import { canRetry, isSettled, messageTone, messageWord } from "./status.ts";

/** One message, whole: payload and attempts, and the operator's hand on it. */
export function Details({ id, changed, onClose }: {
  id: string;
  /** Another value, and it is fetched anew. */
  changed: string;
  onClose(): void;
}): JSX.Element {
  const message = useSignal<MessageWhole | undefined>(undefined);
  const failure = useSignal("");
  const acting = useSignal("");
  const actionFailure = useSignal("");
  const load = async () => {
    try {
      message.value = await get<MessageWhole>(path("messages", id));
      failure.value = "";
    } catch (e) {
      failure.value = messageOf(e);
    }
  };
  useEffect(() => {
    void load();
    return afterLogin(() => void load());
  }, [id, changed]);

  const act = async (verb: "retry" | "ack" | "fail") => {
    acting.value = verb;
    actionFailure.value = "";
    try {
      await post(
        path("messages", id, verb),
        verb === "fail" ? { reason: "failed by the operator" } : undefined,
      );
      await load();
    } catch (e) {
      actionFailure.value = messageOf(e);
    } finally {
      acting.value = "";
    }
  };
  const shown = message.value?.message_id === id ? message.value : undefined;
  return (
    <section class="details" aria-label={`Message ${id}`}>
      <header>
        <h2>{shown?.type ?? "Message"}</h2>
        {shown !== undefined && <Pill tone={messageTone(shown.status)}>{messageWord(shown.status)}</Pill>}
        <Button kind="ghost" icon="close" label="Close details" onClick={onClose} />
      </header>
      {failure.value !== "" && <Note>{failure.value}</Note>}
      {shown === undefined ? failure.value === "" && <p class="faint">Loading…</p> : (
        <>
          <div class="actions start">
            {canRetry(shown.status) && (
              <Button
                kind="primary"
                icon="restart"
                busy={acting.value === "retry"}
                onClick={() => void act("retry")}
              >
                Retry
              </Button>
            )}
            {!isSettled(shown.status) && (
              <>
                <Button icon="check" busy={acting.value === "ack"} onClick={() => void act("ack")}>
                  Acknowledge
                </Button>
                <Button icon="close" busy={acting.value === "fail"} onClick={() => void act("fail")}>
                  Fail
                </Button>
              </>
            )}
          </div>
          {actionFailure.value !== "" && (
            <Note onDismiss={() => actionFailure.value = ""}>{actionFailure.value}</Note>
          )}
          <Facts title="Delivery">
            <Fact name="From">
              <a class="name" href={`/instances/${shown.from}`}>{shown.from}</a>
            </Fact>
            <Fact name="To">
              <a class="name" href={`/instances/${shown.to}`}>{shown.to}</a>
            </Fact>
            <Fact name="Id">
              <code>{shown.message_id}</code> <Copy text={shown.message_id} label="Copy the id" />
            </Fact>
            {shown.correlation_id !== undefined && (
              <Fact name="Chain">
                <button
                  type="button"
                  class="text-button"
                  onClick={() => setParams({ correlation_id: shown.correlation_id ?? "", id: "" })}
                >
                  {shown.correlation_id}
                </button>
              </Fact>
            )}
            <Fact name="Accepted">{wholeTime(shown.accepted_at)}</Fact>
            <Fact name="Settled">{shown.settled_at && wholeTime(shown.settled_at)}</Fact>
            <Fact name="Next try">
              {!isSettled(shown.status) && shown.due_at ? wholeTime(shown.due_at) : null}
            </Fact>
            <Fact name="Expires">{!isSettled(shown.status) ? wholeTime(shown.expires_at) : null}</Fact>
            <Fact name="Waits for">{shown.requires}</Fact>
          </Facts>
          <section class="facts">
            <h2>Attempts</h2>
            {shown.attempts.length === 0 ? <p class="faint">None yet.</p> : (
              <ol class="attempts">
                {shown.attempts.map((attempt) => (
                  <li key={attempt.attempt}>
                    <span class="numeric">{attempt.attempt}</span>
                    <time dateTime={attempt.delivered_at} title={wholeTime(attempt.delivered_at)}>
                      {timeOfDay(attempt.delivered_at)}
                    </time>
                    {attempt.outcome === undefined
                      ? <Pill tone="busy">leased</Pill>
                      : <Pill tone={messageTone(attempt.outcome)}>{messageWord(attempt.outcome)}</Pill>}
                    {attempt.detail !== undefined && <span class="muted">{attempt.detail}</span>}
                  </li>
                ))}
              </ol>
            )}
          </section>
          <section class="facts">
            <h2>
              Payload <Copy text={JSON.stringify(shown.payload, null, 2)} label="Copy the payload" />
            </h2>
            <pre class="payload" tabIndex={0}>{JSON.stringify(shown.payload, null, 2)}</pre>
          </section>
        </>
      )}
    </section>
  );
}
