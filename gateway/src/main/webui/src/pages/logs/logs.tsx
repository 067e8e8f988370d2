import type { JSX } from "preact";
import { param } from "../../app/router.ts";
import { query } from "../../app/api.ts";
import { LogLook, LogTimes } from "../instance/log_look.tsx";
import { LiveLogs } from "./live.tsx";
import { LogSearch } from "./search.tsx";

const instances = param("instances");
const selector = param("l");

/** All logs at once: searched, or followed as they are written. */
export function LogsPage({ params }: { params: Record<string, string> }): JSX.Element {
  const live = params["view"] === "live";
  // Which logs are meant stays as one goes to the other.
  const where = query({ instances: instances.value, l: selector.value });
  return (
    <div class="page">
      <div class="page-head">
        <h1>Logs</h1>
        <nav class="choices" aria-label="What to do with them">
          <a href={`/logs${where}`} aria-current={live ? undefined : "page"}>Search</a>
          <a href={`/logs/live${where}`} aria-current={live ? "page" : undefined}>Follow</a>
        </nav>
        <div class="page-tools">
          <LogLook />
          {live && <LogTimes />}
        </div>
      </div>
      {live ? <LiveLogs /> : <LogSearch />}
    </div>
  );
}
