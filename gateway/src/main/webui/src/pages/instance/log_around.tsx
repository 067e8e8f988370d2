import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { messageOf } from "../../app/api.ts";
import { setParams } from "../../app/router.ts";
import { wholeTime } from "../../app/time.ts";
import { Button } from "../../ui/button.tsx";
import { copyText } from "../../ui/copy.tsx";
import { Note } from "../../ui/note.tsx";
import type { LogFilter } from "./log_feed.ts";
import { type From, LogPlace } from "./log_place.ts";
import { BEGINS, LogLook, wrap } from "./log_look.tsx";

/** A log around a line or a moment: what a link to it shows. */
export function LogAround(
  { name, from, filter }: { name: string; from: From; filter: LogFilter },
): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const failure = useSignal("");
  const copied = useSignal(false);
  const place = useMemo(() => new LogPlace(name, from, filter), []);
  useEffect(() => {
    let left = false;
    let end = () => {};
    place.open(box.current!, list.current!).then((close) => left ? close() : end = close).catch((e) =>
      failure.value = messageOf(e)
    );
    return () => {
      left = true;
      end();
    };
  }, []);
  const copy = async () => {
    copied.value = await copyText(location.href);
    setTimeout(() => copied.value = false, 1600);
  };
  const begins = place.begins.value;
  return (
    <div class="logs">
      <div class="log-tools" role="toolbar" aria-label="Log">
        <strong class="log-where" role="status">{said(place.found.value, from)}</strong>
        <span class="log-buttons">
          <LogLook />
          <Button
            kind="ghost"
            icon={copied.value ? "check" : "copy"}
            label="Copy the link to this place"
            onClick={() => void copy()}
          />
          <Button icon="play" onClick={() => setParams({ line: "", at: "" })}>Follow the log</Button>
        </span>
      </div>
      <div
        ref={box}
        class={`log-box timed paused${wrap.value ? " wrapped" : ""}`}
        role="log"
        aria-label={`Log of ${name}`}
        aria-live="off"
        tabIndex={0}
      >
        <div class="log-top">
          {begins !== undefined && BEGINS[begins]}
          {failure.value !== "" && <Note onDismiss={() => failure.value = ""}>{failure.value}</Note>}
        </div>
        <div ref={list} class="log-list" />
      </div>
    </div>
  );
}

function said(found: LogPlace["found"]["value"], from: From): string {
  const what = "at" in from ? wholeTime(from.at) : "The line of the link";
  switch (found) {
    case "looking":
      return "Looking…";
    case "gone":
      return `${what} is no longer kept; these are the oldest lines there are`;
    case "later":
      return `Nothing has been written since ${what}`;
    case "found":
      return "at" in from ? `From ${what} on` : "The line of the link, and what stands around it";
  }
}
