import type { JSX } from "preact";
import { setParams } from "../../app/router.ts";
import { span, tick, timeOfDay } from "../../app/time.ts";
import { counted } from "../../app/words.ts";
import { Pill } from "../../ui/pill.tsx";
import type { MessageRow } from "./message_list.ts";
import { isSettled, messageTone, messageWord } from "./status.ts";

/** Messages of one correlation on a common scale of time: what followed what, and how long each took. */
export function Chain({ correlation, rows, onOpen }: {
  correlation: string;
  rows: MessageRow[];
  onOpen(row: MessageRow): void;
}): JSX.Element {
  const chain = [...rows].sort((a, b) => begin(a) - begin(b));
  const first = Math.min(...chain.map(begin));
  const last = Math.max(first + 1, ...chain.map((row) => end(row)));
  const share = (at: number) => ((at - first) / (last - first)) * 100;
  return (
    <section class="chain" aria-label="Correlation chain">
      <header>
        <h2>
          Chain <code>{correlation}</code>
        </h2>
        <span class="muted">
          {counted(chain.length, "message")}
          {chain.length > 0 && ` in ${exact(last - first)}`}
        </span>
        <button type="button" class="text-button" onClick={() => setParams({ correlation_id: "" })}>
          All messages
        </button>
      </header>
      <ol>
        {chain.map((row) => (
          <li key={row.id}>
            <button type="button" onClick={() => onOpen(row)}>
              <span class="chain-time">
                <time dateTime={iso(row)}>{timeOfDay(iso(row))}</time>
                <span class="faint">+{exact(begin(row) - first)}</span>
              </span>
              <span class="chain-what">
                <span class="route">
                  {row.from} <span class="faint">→</span> {row.to}
                </span>
                <span class="muted">{row.type}</span>
              </span>
              <span class="chain-bar" aria-hidden="true">
                <span
                  class={messageTone(row.status)}
                  style={{
                    left: `${share(begin(row))}%`,
                    width: `${Math.max(0.6, share(end(row)) - share(begin(row)))}%`,
                  }}
                />
              </span>
              <span class="chain-end">
                <Pill tone={messageTone(row.status)}>{messageWord(row.status)}</Pill>
                <span class="faint">
                  {isSettled(row.status) ? exact(end(row) - begin(row)) : span(end(row) - begin(row))}
                </span>
              </span>
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}

function iso(row: MessageRow): string {
  return row.whole?.accepted_at ?? row.at;
}

function begin(row: MessageRow): number {
  return Date.parse(iso(row));
}

/** One that has not ended lasts until now. */
function end(row: MessageRow): number {
  return isSettled(row.status)
    ? Math.max(begin(row), Date.parse(row.whole?.settled_at ?? row.at))
    : Math.max(begin(row), tick.value);
}

function exact(millis: number): string {
  return millis < 1_000
    ? `${Math.round(millis)} ms`
    : millis < 60_000
    ? `${(millis / 1000).toFixed(1)} s`
    : span(millis);
}
