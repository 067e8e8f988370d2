import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { ApiError, query } from "../../app/api.ts";
import { place, setParams } from "../../app/router.ts";
import { counted } from "../../app/words.ts";
import { Button } from "../../ui/button.tsx";
import { FieldError } from "../../ui/field_error.ts";
import { Note } from "../../ui/note.tsx";
import { wrap } from "../instance/log_look.tsx";
import { SearchForm } from "./search_form.tsx";
import { ResultList } from "./result_list.ts";
import { MAX_FOUND, SearchRun, type SearchState } from "./search_run.ts";
import { asked, FIELDS, requested } from "./wanted.ts";

/** Kept while one is on another page: who opened a line comes back to the others. */
const current = signal<{ key: string; run: SearchRun } | undefined>(undefined);

/** Lines of all logs, or of some, in which something stands. */
export function LogSearch(): JSX.Element {
  const key = asked(place.value.query);
  const own = useRef({ key, form: 0 });
  if (own.current.key !== key) { // the address was changed from outside: another search
    own.current = { key, form: own.current.form + 1 };
  }
  const search = async (form: FormData) => {
    const values = Object.fromEntries(FIELDS.map((name) => [name, String(form.get(name) ?? "").trim()]));
    const path = "/api/logs/search" + query(requested(values, new Date()));
    current.value?.run.stop();
    own.current.key = asked(new URLSearchParams(Object.entries(values)));
    setParams(values);
    const run = new SearchRun(path);
    try {
      await run.start();
      current.value = { key: own.current.key, run };
    } catch (e) {
      current.value = undefined;
      const unknown = e instanceof ApiError && e.code === "instance_not_found";
      throw unknown ? new FieldError("instances", e.message) : e;
    }
  };
  const kept = current.value?.key === key ? current.value.run : undefined;
  return (
    <>
      <SearchForm key={own.current.form} search={search} begin={kept === undefined && key !== ""} />
      {kept === undefined ? <Nowhere /> : <Results run={kept} />}
    </>
  );
}

function Nowhere(): JSX.Element {
  return (
    <p class="nothing">
      Looks through the logs of all instances and agents at once, rotated ones and those of archived instances
      too. Log after log, each oldest first.
    </p>
  );
}

function Results({ run }: { run: SearchRun }): JSX.Element {
  const list = useRef<HTMLOListElement>(null);
  const results = useMemo(() => ({ shown: undefined as ResultList | undefined }), []);
  useEffect(() => {
    const text = () =>
      place.peek().query.get("grep_mode") === "regex" ? "" : place.peek().query.get("q") ?? "";
    results.shown = new ResultList(list.current!, text);
    results.shown.show(run);
    results.shown.comeBack();
  }, []);
  const found = run.found.value;
  useEffect(() => results.shown?.show(run), [run, found]);
  const state = run.state.value;
  const running = state.kind === "running";
  return (
    <>
      <div class="search-state">
        {state.kind === "broken"
          ? <Note>{said(state, found)}</Note>
          : (
            <span role="status" class={state.kind === "bounded" || state.kind === "full" ? "cut-short" : ""}>
              {said(state, found)}
            </span>
          )}
        {running && <Button icon="stop" onClick={() => run.stop()}>Stop</Button>}
        {found > 0 && <Button kind="ghost" onClick={() => results.shown?.begin()}>To the first line</Button>}
      </div>
      <div class={`log-box results${wrap.value ? " wrapped" : ""}`} role="region" aria-label="Lines found">
        <ol ref={list} />
      </div>
    </>
  );
}

/** What there is, and whether it is all of it. */
function said(state: SearchState, found: number): string {
  const lines = counted(found, "line");
  switch (state.kind) {
    case "running":
      return `Searching… ${lines} so far`;
    case "through":
      return `${lines} in ${bytes(state.scanned)} of logs`;
    case "bounded":
      return `${lines}, and not all was searched: the gateway ended it after ${bytes(state.scanned)} ` +
        "(logs.search_time, logs.search_bytes and logs.search_lines bound it). Narrow it by time, instance or text.";
    case "full":
      return `The first ${
        counted(MAX_FOUND, "line")
      }, and there are more. Narrow it by time, instance or text.`;
    case "stopped":
      return `Stopped. ${lines} until then`;
    case "broken":
      return `${state.why}. ${lines} until then, and not all was searched`;
  }
}

function bytes(count: number): string {
  const units = ["bytes", "KiB", "MiB", "GiB", "TiB"];
  const unit = count < 1_024 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(count) / 10));
  return `${(count / 2 ** (unit * 10)).toFixed(unit === 0 ? 0 : 1)} ${units[unit]}`;
}
