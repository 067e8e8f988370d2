import { useComputed, useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { messageOf, path } from "../../app/api.ts";
import { download } from "../../app/download.ts";
import { param, setParams } from "../../app/router.ts";
import { remembered } from "../../app/settings.ts";
import { counted } from "../../app/words.ts";
import { Button } from "../../ui/button.tsx";
import { copyText } from "../../ui/copy.tsx";
import { Icon } from "../../ui/icons.tsx";
import { Note } from "../../ui/note.tsx";
import { Search } from "../../ui/search.tsx";
import { Finder } from "./find.ts";
import { MAX_LINES } from "./log_buffer.ts";
import { LogFeed } from "./log_feed.ts";
import { LogView } from "./log_view.ts";

const wrap = remembered<boolean>("logs.wrap", true);
const times = remembered<boolean>("logs.times", false);
const grep = param("grep");

const number = new Intl.NumberFormat("en");

/** An instance's log, followed; another filter is another log. */
export function Logs({ name }: { name: string }): JSX.Element {
  return <FilteredLogs key={`${name} ${grep.value}`} name={name} filter={grep.value} />;
}

function FilteredLogs({ name, filter }: { name: string; filter: string }): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const state = useSignal({ paused: false, fresh: 0, out: 0, shown: 0 });
  const wanted = useSignal("");
  const found = useSignal({ count: 0, position: 0 });
  const failure = useSignal("");
  const noOlder = useSignal(false);
  const copied = useSignal(false);

  const view = useMemo(() => {
    const made: LogView = new LogView(() => {
      const { paused, fresh, scrolledOut, shown } = made.buffer;
      const before = state.peek();
      if (
        before.paused !== paused || before.fresh !== fresh || before.out !== scrolledOut ||
        before.shown !== shown
      ) {
        state.value = { paused, fresh, out: scrolledOut, shown };
      }
    });
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
      noOlder.value = !await feed.older();
    } catch (e) {
      failure.value = messageOf(e);
    }
  };
  const save = async () => {
    try {
      await download(path("instances", name, "logs", "download"), `${name}.log`);
    } catch (e) {
      failure.value = messageOf(e);
    }
  };
  const copy = async () => {
    copied.value = await copyText(view.text());
    setTimeout(() => copied.value = false, 1600);
  };
  const link = feed.stream.link.value;
  const { paused, fresh, out, shown } = state.value;

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
            setParams({ grep: String(new FormData(event.currentTarget).get("grep") ?? "").trim() });
          }}
        >
          <Icon name="filter" size={14} />
          <input
            name="grep"
            type="text"
            aria-label="Only lines that contain"
            placeholder="Only lines with… (Enter)"
            defaultValue={filter}
            autocomplete="off"
            spellcheck={false}
          />
          {filter !== "" && (
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
        <span class="log-buttons">
          <Button
            kind="ghost"
            icon="wrap"
            label="Wrap long lines"
            pressed={wrap.value}
            onClick={() => wrap.value = !wrap.value}
          />
          <Button
            kind="ghost"
            icon="clock"
            label="Timestamps"
            title="When each line came here"
            pressed={times.value}
            onClick={() => times.value = !times.value}
          />
          <Button
            kind="ghost"
            icon={copied.value ? "check" : "copy"}
            label="Copy shown lines"
            onClick={copy}
          />
          <Button kind="ghost" icon="download" label="Download the log" onClick={() => void save()} />
          <Button
            kind="ghost"
            icon="clear"
            label="Clear"
            title="Clear what is shown"
            onClick={() => view.clear()}
          />
          <Button
            kind="ghost"
            icon={paused ? "play" : "pause"}
            label={paused ? "Follow" : "Pause"}
            pressed={paused}
            onClick={() => paused ? view.jumpToLive() : view.pause()}
          />
        </span>
      </div>
      <div
        ref={box}
        class={`log-box${wrap.value ? " wrapped" : ""}${times.value ? " timed" : ""}${
          paused ? " paused" : ""
        }`}
        role="log"
        aria-label={`Log of ${name}`}
        aria-live="off"
        tabIndex={0}
      >
        <div class="log-top">
          {shown > 0 && shown < MAX_LINES && !noOlder.value && !feed.whole.value && out === 0 && (
            <button
              type="button"
              class="text-button"
              onClick={() => void older()}
            >
              Older lines
            </button>
          )}
          {out > 0 && (
            <span>
              {counted(out, "line")} scrolled out of this page;{" "}
              <button type="button" class="text-button" onClick={() => void save()}>the download</button> has
              {out === 1 ? " it" : " them"}
            </span>
          )}
          {failure.value !== "" && <Note onDismiss={() => failure.value = ""}>{failure.value}</Note>}
        </div>
        <div ref={list} class="log-list" />
        {shown === 0 && (
          <p class="nothing">
            {link.kind === "stopped"
              ? link.reason
              : filter !== ""
              ? `No line with “${filter}” yet.`
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
        </span>
      </div>
    </div>
  );
}
