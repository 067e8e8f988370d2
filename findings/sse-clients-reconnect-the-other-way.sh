#!/usr/bin/env bash
# npm @microsoft/fetch-event-source 2.0.1 and Go github.com/r3labs/sse 2.10.0, by their defaults, against a server that answers 204, 401 or 500,
# or a stream that ends, or breaks off, after one event.
#
# Expected: a stream that ended is asked for again, 204 means to stop, and so does any status but 200 (WHATWG, "server-sent events": reestablish
# the connection, fail the connection), as npm eventsource 4.1.0 does. Seen: the other way round in both. An ended stream counts as
# done; 204, 401 and 500 are asked for again and again. So a server can
# neither send these clients away by a status, nor rotate connections by ending them: it ends for good by an event of its own that
# the application obeys, and for a while by breaking the connection.
set -euo pipefail
work=$(mktemp -d)
server=
trap 'kill $server 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund @microsoft/fetch-event-source@2.0.1 eventsource@4.1.0
cat >server.mjs <<'JS'
import http from 'node:http';
const asked = {};
http.createServer((request, response) => {
    if (request.url === '/asked') return response.end(JSON.stringify(asked));
    const [, , status] = request.url.split('/');
    asked[request.url] = (asked[request.url] ?? 0) + 1;
    if (status === 'ended' || status === 'broken') {
        response.writeHead(200, { 'content-type': 'text/event-stream' }).write('retry: 500\ndata: one\n\n');
        setTimeout(() => (status === 'ended' ? response.end() : response.destroy()), 200);
    } else {
        response.writeHead(status).end();
    }
}).listen(0, '127.0.0.1', function () {
    console.log(`http://127.0.0.1:${this.address().port}`);
});
JS
cat >ask.mjs <<'JS'
import { fetchEventSource } from '@microsoft/fetch-event-source';
import { EventSource } from 'eventsource';
globalThis.window = { setTimeout, clearTimeout, fetch };
globalThis.document = { hidden: false, addEventListener() {}, removeEventListener() {} };
for (const status of ['ended', 'broken', '204', '401', '500']) {
    new EventSource(`${process.argv[2]}/eventsource/${status}`);
    fetchEventSource(`${process.argv[2]}/fetch-event-source/${status}`, { fetch, openWhenHidden: true });
}
setTimeout(() => process.exit(0), 5000);
JS
cat >go.mod <<'MOD'
module ask

go 1.21

require github.com/r3labs/sse/v2 v2.10.0
MOD
cat >main.go <<'GO'
package main

import (
	"os"
	"time"

	"github.com/r3labs/sse/v2"
)

func main() {
	for _, status := range []string{"ended", "broken", "204", "401", "500"} {
		go sse.NewClient(os.Args[1] + "/r3labs/" + status).SubscribeRaw(func(*sse.Event) {})
	}
	time.Sleep(5 * time.Second)
}
GO
GOPATH=$work/go GOFLAGS='-modcacherw -mod=mod' go build -o ask . 2>log
node server.mjs >url &
server=$!
while [[ ! -s url ]]; do sleep 0.1; done
node ask.mjs "$(cat url)" &
./ask "$(cat url)"
wait $!
curl -s "$(cat url)/asked" >asked
node -e '
const asked = JSON.parse(require("fs").readFileSync("asked"));
for (const client of ["eventsource", "fetch-event-source", "r3labs"]) {
    const again = ["ended", "broken", "204", "401", "500"].map((status) => `${status} ${asked[`/${client}/${status}`] > 1 ? "again" : "once"}`);
    console.log(`${client}: ${again.join(", ")}`);
}' | tee seen
diff seen - <<'SEEN'
eventsource: ended again, broken again, 204 once, 401 once, 500 once
fetch-event-source: ended once, broken again, 204 again, 401 again, 500 again
r3labs: ended once, broken again, 204 again, 401 again, 500 again
SEEN
echo 'as described'
