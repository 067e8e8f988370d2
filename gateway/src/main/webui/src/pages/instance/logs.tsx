import { useComputed, useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { messageOf, path, query } from "../../app/api.ts";
import { download } from "../../app/download.ts";
import { go, param, place, setParams } from "../../app/router.ts";
import { counted } from "../../app/words.ts";
import { Button } from "../../ui/button.tsx";
import { Icon } from "../../ui/icons.tsx";
import { Note } from "../../ui/note.tsx";
import { Search } from "../../ui/search.tsx";
import { Finder } from "./find.ts";
import { LogAround } from "./log_around.tsx";
import { boxClass, ClearAndPause, CopyShown } from "./log_buttons.tsx";
import { LogFeed, type LogFilter, parameters } from "./log_feed.ts";
import { BEGINS, LogLook, LogTimes } from "./log_look.tsx";
import type { From } from "./log_place.ts";
import { LogView } from "./log_view.ts";

const grep = param("grep");
const grepMode = param("grep_mode");
const letters = param("case");
const lineParam = param("line");
const atParam = param("at");

const number = new Intl.NumberFormat("en");

/** An instance's log, followed; another filter is another log. */
export function Logs({ name }: { name: string }): JSX.Element {
  const filter: LogFilter = {
    text: grep.value,
    regex: grepMode.value === "regex",
    caseSensitive: letters.value === "sensitive",
  };
  const from: From | undefined = lineParam.value !== ""
    ? { after: lineParam.value }
    : atParam.value !== ""
    ? { at: atParam.value }
    : undefined;
  if (from !== undefined) {
    // What stands around a line is all of it.
    const shown = "at" in from ? filter : { text: "", regex: false, caseSensitive: false };
    return (
      <LogAround key={`${name} ${JSON.stringify([from, shown])}`} name={name} from={from} filter={shown} />
    );
  }
  return <FilteredLogs key={`${name} ${JSON.stringify(filter)}`} name={name} filter={filter} />;
}

function FilteredLogs({ name, filter }: { name: string; filter: LogFilter }): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const state = useSignal({ paused: false, fresh: 0, out: 0, shown: 0, older: 0, first: 0 });
  const wanted = useSignal("");
  const found = useSignal({ count: 0, position: 0 });
  const failure = useSignal("");

  const view = useMemo(() => {
    const made: LogView = new LogView(() => {
      const { paused, fresh, scrolledOut, shown, first } = made.buffer;
      const before = state.peek();
      if (
        before.paused !== paused || before.fresh !== fresh || before.out !== scrolledOut ||
        before.shown !== shown || before.older !== made.older || before.first !== first
      ) {
        state.value = { paused, fresh, out: scrolledOut, shown, older: made.older, first };
      }
    }, () => void older());
    return made;
  }, []);
  const feed = useMemo(() => new LogFeed(name, filter, view), []);
  const finder = useMemo(() => new Finder(), []);

  useEffect(() => {
    const detach = view.attach(box.current!, list.current!);
    const end = feed.stream.use();
    return () => {
      end();
      detach();
      finder.end();
    };
  }, []);

  // What is found changes with what is shown, but looking takes time: at most a few times a second.
  const search = useComputed(() =>
    `${wanted.value} ${wanted.value === "" ? "" : state.value.shown + state.value.out}`
  );
  useEffect(() => {
    const timer = setTimeout(() => {
      finder.find(list.current!, wanted.peek());
      found.value = { count: finder.count, position: finder.position };
    }, 150);
    return () => clearTimeout(timer);
  }, [search.value]);

  const step = (by: 1 | -1) => {
    view.pause();
    finder.step(by);
    found.value = { count: finder.count, position: finder.position };
  };
  const older = async () => {
    failure.value = "";
    view.pause();
    try {
      await feed.older();
    } catch (e) {
      failure.value = messageOf(e);
    }
  };
  const save = async () => {
    try {
      await download(
        path("instances", name, "logs", "download") + query(parameters(filter)),
        `${name}.log`,
      );
    } catch (e) {
      failure.value = messageOf(e);
    }
  };
  /** A click on the time of a line goes to where its link leads. */
  const linked = async (clicked: Element) => {
    const row = clicked.closest("time")?.closest(".log-line");
    if (row != null) {
      try {
        const line = await feed.cursorOf(row);
        line !== undefined && openAt({ line });
      } catch (e) {
        failure.value = messageOf(e);
      }
    }
  };
  const link = feed.stream.link.value;
  const { paused, fresh, out, shown, older: readBack, first } = state.value;
  const whole = feed.whole.value;
  const begins = readBack > 0 ? feed.begins.value : whole?.first === first ? whole.begins : undefined;

  return (
    <div class="logs">
      <div class="log-tools" role="toolbar" aria-label="Log">
        <Search
          label="Find in the log"
          placeholder="Find"
          value={wanted.value}
          onChange={(text) => wanted.value = text}
          onEnter={(back) => step(back ? 1 : -1)}
        />
        {wanted.value !== "" && (
          <span class="log-found" role="status">
            {found.value.count === 0 ? "none" : `${found.value.position} of ${found.value.count}`}
            <Button kind="ghost" icon="up" label="Previous match" onClick={() => step(-1)} />
            <Button kind="ghost" icon="down" label="Next match" onClick={() => step(1)} />
          </span>
        )}
        <form
          class="search filter"
          role="search"
          onSubmit={(event) => {
            event.preventDefault();
            setParams({ grep: typed(event.currentTarget) });
          }}
        >
          <Icon name="filter" size={14} />
          <input
            name="grep"
            type="text"
            aria-label="Only lines that contain"
            placeholder="Only lines with… (Enter)"
            defaultValue={filter.text}
            aria-invalid={link.kind === "stopped" && link.code === "bad_query" || undefined}
            autocomplete="off"
            spellcheck={false}
          />
          <Switch
            text="Aa"
            label="Upper and lower case differ"
            on={filter.caseSensitive}
            toggle={(on, form) => setParams({ grep: typed(form), case: on ? "sensitive" : "" })}
          />
          <Switch
            text=".*"
            label="A regular expression"
            on={filter.regex}
            toggle={(on, form) => setParams({ grep: typed(form), grep_mode: on ? "regex" : "" })}
          />
          {filter.text !== "" && (
            <button
              type="button"
              class="copy"
              aria-label="No filter"
              onClick={() => setParams({ grep: "" })}
            >
              <Icon name="close" size={14} />
            </button>
          )}
        </form>
        <form
          class="moment"
          onSubmit={(event) => {
            event.preventDefault();
            const moment = String(new FormData(event.currentTarget).get("moment") ?? "");
            moment !== "" && openAt({ at: new Date(moment).toISOString() });
          }}
        >
          <input
            name="moment"
            type="datetime-local"
            step="1"
            aria-label="Jump to a moment (Enter)"
            title="Jump to a moment (Enter)"
            required
          />
          <Button type="submit" kind="ghost" icon="clock" label="Jump to that moment" />
        </form>
        <span class="log-buttons">
          <LogLook />
          <LogTimes title="When each line was written; one of them opens a link to its line" />
          <CopyShown view={view} />
          <Button
            kind="ghost"
            icon="download"
            label={filter.text === "" ? "Download the log" : "Download these lines of the log"}
            onClick={() => void save()}
          />
          <ClearAndPause view={view} paused={paused} />
        </span>
      </div>
      <div
        ref={box}
        class={boxClass(paused)}
        role="log"
        aria-label={`Log of ${name}`}
        aria-live="off"
        tabIndex={0}
        onClick={(event) => void linked(event.target as Element)}
      >
        <div class="log-top">
          {begins !== undefined
            ? BEGINS[begins]
            : shown > 0 && (
              <button type="button" class="text-button" onClick={() => void older()}>Older lines</button>
            )}
          {failure.value !== "" && <Note onDismiss={() => failure.value = ""}>{failure.value}</Note>}
        </div>
        <div ref={list} class="log-list" />
        {shown === 0 && (
          <p class="nothing">
            {link.kind === "stopped"
              ? link.reason
              : filter.text !== ""
              ? `No line with “${filter.text}” yet.`
              : "No lines yet. They appear here as they are written."}
          </p>
        )}
      </div>
      <div class="log-foot">
        {paused && (
          <button type="button" class="jump-live" onClick={() => view.jumpToLive()}>
            {`Paused · ${number.format(fresh)} new · Jump to live`}
          </button>
        )}
        <span class="faint">
          {counted(shown, "line")}
          {out > 0 && ` · ${number.format(out)} scrolled out`}
          {readBack > 0 && ` · ${number.format(readBack)} read back`}
        </span>
      </div>
    </div>
  );
}

/** A step of the history, so that one gets back to what was followed. */
function openAt(where: Record<string, string>): void {
  const asked = new URLSearchParams(place.value.query);
  Object.entries(where).forEach(([name, value]) => asked.set(name, value));
  go(`${place.value.path}?${asked}`);
}

function typed(form: HTMLFormElement): string {
  return String(new FormData(form).get("grep") ?? "").trim();
}

/** One of the ways to read the filter. */
function Switch({ text, label, on, toggle }: {
  text: string;
  label: string;
  on: boolean;
  toggle(on: boolean, form: HTMLFormElement): void;
}): JSX.Element {
  return (
    <button
      type="button"
      class="switch"
      aria-label={label}
      title={label}
      aria-pressed={on}
      onClick={(event) => toggle(!on, event.currentTarget.form!)}
    >
      {text}
    </button>
  );
}
