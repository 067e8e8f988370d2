#!/usr/bin/env bash
# Three readers of server-sent events (npm @microsoft/fetch-event-source 2.0.1 and eventsource-parser 3.1.1, PyPI sseclient-py 1.9.0) on a stream in
# which the first event has an id and the second none.
#
# Expected: the last event id is the stream's, so the second event has it too (WHATWG: an event without `id:` keeps the last one), as PyPI
# httpx-sse 0.4.3 gives it. Seen: the three give the second event no id. An application that stores event.id as its place to resume from
# stores nothing after such an event: a server that wants to be resumed from puts an id into every event.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund @microsoft/fetch-event-source@2.0.1 eventsource-parser@3.1.1
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check sseclient-py==1.9.0 httpx-sse==0.4.3 httpx==0.28.1
cat >ask.mjs <<'JS'
import http from 'node:http';
import { fetchEventSource } from '@microsoft/fetch-event-source';
import { createParser } from 'eventsource-parser';
const stream = 'id: 7\ndata: a\n\ndata: b\n\n';
const server = http.createServer((request, response) => response.writeHead(200, { 'content-type': 'text/event-stream' }).end(stream)).listen(0, '127.0.0.1');
await new Promise((ready) => server.once('listening', ready));
globalThis.window = { setTimeout, clearTimeout, fetch };
globalThis.document = { hidden: false, addEventListener() {}, removeEventListener() {} };
const ids = [];
await fetchEventSource(`http://127.0.0.1:${server.address().port}/`, { fetch, openWhenHidden: true, onmessage: (event) => ids.push(event.id || 'none') });
console.log('fetch-event-source', ids.join(' '));
server.close();
const parsed = [];
createParser({ onEvent: (event) => parsed.push(event.id ?? 'none') }).feed(stream);
console.log('eventsource-parser', parsed.join(' '));
JS
cat >ask.py <<'PY'
import httpx, httpx_sse, sseclient
stream = b"id: 7\ndata: a\n\ndata: b\n\n"
print("sseclient-py", *[event.id or "none" for event in sseclient.SSEClient(iter([stream])).events()])
answer = lambda request: httpx.Response(200, headers={"content-type": "text/event-stream"}, content=stream)
with httpx_sse.connect_sse(httpx.Client(transport=httpx.MockTransport(answer)), "GET", "http://localhost/") as source:
    print("httpx-sse", *[event.id or "none" for event in source.iter_sse()])
PY
{ node ask.mjs; venv/bin/python ask.py; } | tee seen
diff seen - <<'SEEN'
fetch-event-source 7 none
eventsource-parser 7 none
sseclient-py 7 none
httpx-sse 7 7
SEEN
echo 'as described'
