#!/usr/bin/env bash
# PyPI httpx-sse 0.4.3 (under the `mcp` package and many model clients) on blocks of server-sent events that carry no data: `retry:` alone,
# `event:` alone, `id:` alone, as servers send them to set the reconnection time or to keep a connection alive.
#
# Expected: nothing is dispatched for a block whose data is empty (WHATWG, "dispatch the event": return if the data buffer is empty), as npm
# eventsource-parser does. Seen: an event of empty data for each; a caller that parses the data as JSON fails at it. A comment line alone is
# the keepalive that no client stumbles over.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check httpx-sse==0.4.3 httpx==0.28.1
npm init -y >/dev/null
npm install --silent --no-audit --no-fund eventsource-parser@3.1.1
cat >ask.py <<'PY'
import httpx, httpx_sse
for block in (": alive", "retry: 10", "event: ping", "id: 7"):
    answer = lambda request: httpx.Response(200, headers={"content-type": "text/event-stream"}, content=f"{block}\n\n".encode())
    with httpx_sse.connect_sse(httpx.Client(transport=httpx.MockTransport(answer)), "GET", "http://localhost/") as source:
        print(f"httpx-sse: {block}: {len(list(source.iter_sse()))}")
PY
cat >ask.mjs <<'JS'
import { createParser } from 'eventsource-parser';
for (const block of [': alive', 'retry: 10', 'event: ping', 'id: 7']) {
    let events = 0;
    createParser({ onEvent: () => events++ }).feed(`${block}\n\n`);
    console.log(`eventsource-parser: ${block}: ${events}`);
}
JS
{ venv/bin/python ask.py; node ask.mjs; } | tee seen
diff seen - <<'SEEN'
httpx-sse: : alive: 0
httpx-sse: retry: 10: 1
httpx-sse: event: ping: 1
httpx-sse: id: 7: 1
eventsource-parser: : alive: 0
eventsource-parser: retry: 10: 0
eventsource-parser: event: ping: 0
eventsource-parser: id: 7: 0
SEEN
echo 'as described'
