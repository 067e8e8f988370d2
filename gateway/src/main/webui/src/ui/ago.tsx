import type { JSX } from "preact";
import { span, tick, wholeTime } from "../app/time.ts";

/** How long ago, kept true; the whole time is its tooltip. */
export function Ago({ at, short = false }: { at: string; short?: boolean }): JSX.Element {
  const age = tick.value - Date.parse(at);
  return (
    <time dateTime={at} title={wholeTime(at)}>
      {age < 1000 ? "now" : span(age) + (short ? "" : " ago")}
    </time>
  );
}

/** How long since, as an age. */
export function Since({ at }: { at: string }): JSX.Element {
  return <time dateTime={at} title={wholeTime(at)}>{span(tick.value - Date.parse(at))}</time>;
}
