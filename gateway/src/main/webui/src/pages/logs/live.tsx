import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { get, path, query } from "../../app/api.ts";
import { known, type Member, members } from "../../app/fleet.ts";
import { param, place, setParams } from "../../app/router.ts";
import { counted } from "../../app/words.ts";
import { FieldError } from "../../ui/field_error.ts";
import { Field, Form } from "../../ui/form.tsx";
import { Note } from "../../ui/note.tsx";
import { parseSelector } from "../fleet/selector.ts";
import { boxClass, ClearAndPause, CopyShown } from "../instance/log_buttons.tsx";
import type { LogFilter } from "../instance/log_feed.ts";
import { LogView } from "../instance/log_view.ts";
import { ManyLogs, MOST_LOGS } from "./many_logs.ts";
import { checkWhere, names } from "./wanted.ts";

const FIELDS = ["instances", "l", "grep", "grep_mode", "case"] as const;

const instances = param("instances");
const selector = param("l");
const grep = param("grep");
const grepMode = param("grep_mode");
const letters = param("case");

/** Several logs at once, followed. */
export function LiveLogs(): JSX.Element {
  const filter: LogFilter = {
    text: grep.value,
    regex: grepMode.value === "regex",
    caseSensitive: letters.value === "sensitive",
  };
  const meant = meantBy(instances.value, selector.value, members.value);
  return (
    <>
      <Wanted filter={filter} />
      {meant !== undefined && known.value.instances && known.value.agents && (
        <Followed key={JSON.stringify(filter)} meant={meant} filter={filter} />
      )}
    </>
  );
}

/** The names of the logs that are meant; missing where that says none. */
function meantBy(listed: string, labels: string, all: Member[]): string[] | undefined {
  if (listed !== "") {
    return names(listed);
  }
  const chosen = parseSelector(labels);
  return chosen && all
    .filter((one) => one.instance?.archived_at == null)
    .filter((one) => labels === "" || (one.instance !== undefined && chosen(one.instance.labels ?? {})))
    .map((one) => one.name)
    .sort();
}

/** Which logs and which of their lines, as the address has it. */
function Wanted({ filter }: { filter: LogFilter }): JSX.Element {
  const own = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // What is wrong in an address is said as if it had been typed.
    place.peek().query.size > 0 && own.current!.querySelector("form")!.requestSubmit();
  }, []);
  const follow = async (form: FormData) => {
    const wanted = Object.fromEntries(FIELDS.map((name) => [name, String(form.get(name) ?? "").trim()]));
    const { instances = "", l = "", grep = "", grep_mode, case: letters } = wanted;
    checkWhere(instances, l);
    const listed = names(instances);
    const unknown = listed.find((name) => !members.value.some((one) => one.name === name));
    if (unknown !== undefined && known.value.instances && known.value.agents) {
      throw new FieldError("instances", `No instance or agent is named '${unknown}'`);
    }
    const any = listed[0] ?? members.value[0]?.name;
    if (grep !== "" && any !== undefined) { // the gateway knows whether it is an expression
      await get(path("instances", any, "logs") + query({ lines: 0, grep, grep_mode, case: letters }));
    }
    setParams(wanted);
  };
  const text = (name: string, value: string, placeholder: string, search = false) => (
    <input
      name={name}
      class="mono"
      type="text"
      data-search={search || undefined}
      placeholder={placeholder}
      defaultValue={value}
      maxLength={search ? 200 : 2_000}
      autocomplete="off"
      spellcheck={false}
    />
  );
  return (
    <div class="log-search" role="search" ref={own}>
      <Form action="Show" onSubmit={follow}>
        <Field label="Instances">{text("instances", instances.value, "all, or a, b…")}</Field>
        <Field label="Labels">{text("l", selector.value, "team=a, !web")}</Field>
        <Field label="Only lines with">{text("grep", filter.text, "any", true)}</Field>
        <div class="checks">
          <label class="check">
            <input type="checkbox" name="case" value="sensitive" defaultChecked={filter.caseSensitive} />
            <span>Match case</span>
          </label>
          <label class="check">
            <input type="checkbox" name="grep_mode" value="regex" defaultChecked={filter.regex} />
            <span>Regular expression</span>
          </label>
        </div>
      </Form>
    </div>
  );
}

function Followed({ meant, filter }: { meant: string[]; filter: LogFilter }): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const state = useSignal({ paused: false, fresh: 0, out: 0, shown: 0 });
  const view = useMemo(() => {
    const made: LogView = new LogView(() => {
      const { paused, fresh, scrolledOut: out, shown } = made.buffer;
      const before = state.peek();
      if (
        before.paused !== paused || before.fresh !== fresh || before.out !== out || before.shown !== shown
      ) {
        state.value = { paused, fresh, out, shown };
      }
    });
    return made;
  }, []);
  const logs = useMemo(() => new ManyLogs(filter, view), []);
  useEffect(() => {
    const detach = view.attach(box.current!, list.current!);
    return () => {
      logs.end();
      detach();
    };
  }, []);
  const followed = meant.slice(0, MOST_LOGS);
  useEffect(() => void logs.follow(followed), [followed.join()]);
  const { paused, fresh, out, shown } = state.value;
  return (
    <div class="logs">
      <div class="search-state">
        <span role="status">
          {counted(followed.length, "log")} followed{followed.length <= 6 && followed.length > 0 &&
            `: ${followed.join(", ")}`}
        </span>
        {meant.length > MOST_LOGS && (
          <Note>
            {`${MOST_LOGS} of ${meant.length}, by name: no more are followed at once. Name those you mean.`}
          </Note>
        )}
        <span class="log-buttons" role="toolbar" aria-label="Log">
          <CopyShown view={view} />
          <ClearAndPause view={view} paused={paused} />
        </span>
      </div>
      <div
        ref={box}
        class={boxClass(paused)}
        role="log"
        aria-label="Lines of all these logs"
        aria-live="off"
        tabIndex={0}
      >
        <div ref={list} class="log-list" />
        {shown === 0 && (
          <p class="nothing">
            {filter.text === ""
              ? "No lines yet. They appear here as they are written."
              : `No line with “${filter.text}” yet.`}
          </p>
        )}
      </div>
      <div class="log-foot">
        {paused && (
          <button type="button" class="jump-live" onClick={() => view.jumpToLive()}>
            {`Paused · ${fresh.toLocaleString("en")} new · Jump to live`}
          </button>
        )}
        <span class="faint">
          {counted(shown, "line")}
          {out > 0 && ` · ${out.toLocaleString("en")} scrolled out`}
        </span>
      </div>
    </div>
  );
}
