#!/usr/bin/env bash
# One MCP server at stdin/stdout that writes three notifications of progress and the result of the call at once (a tool that is quick at its
# end), asked by npm @modelcontextprotocol/sdk 1.32.2 and @modelcontextprotocol/client 2.4.0, PyPI mcp 2.3.0 and Go
# github.com/modelcontextprotocol/go-sdk 1.8.0.
#
# Expected: what stands before the result in the stream reaches the application before the result does, in each language; progress stops
# after completion, and this comes before. Seen: only Python does so. Both npm lines take the result first, forget the token with it and then
# refuse the progress as of "an unknown token": none of the three is ever seen, not even the last, 3 of 3. Go gives all three, but after CallTool
# has returned. Over streamable HTTP npm gives them, and at stdin too when the writes are apart. A server says nothing in its last
# progress that the result does not say again, and an application in Go does not close its list of progress when the call returns.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund @modelcontextprotocol/sdk@1.32.2 @modelcontextprotocol/client@2.4.0
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check uv
venv/bin/uv pip install --quiet --python venv/bin/python mcp==2.3.0
export GOPATH=$work/go GOFLAGS='-modcacherw -mod=mod'
cat >go.mod <<'MOD'
module ask

go 1.25.0

require github.com/modelcontextprotocol/go-sdk v1.8.0
MOD
cat >server.mjs <<'JS'
import readline from 'node:readline';
const line = (message) => JSON.stringify({ jsonrpc: '2.0', ...message }) + '\n';
const wait = () => new Promise((resolve) => setTimeout(resolve, 200));
readline.createInterface({ input: process.stdin }).on('line', async (text) => {
    const { id, method, params } = JSON.parse(text);
    if (id === undefined) return;
    const progressToken = params?._meta?.progressToken;
    const lines = [1, 2, 3].map((progress) => line({ method: 'notifications/progress', params: { progressToken, progress, total: 3 } }));
    const result = {
        initialize: { protocolVersion: params?.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 's', version: '1' } },
        'tools/list': { tools: [{ name: 't', inputSchema: { type: 'object' } }] },
        'tools/call': { content: [{ type: 'text', text: 'done' }] },
    }[method];
    if (result === undefined) return process.stdout.write(line({ id, error: { code: -32601, message: 'no such method' } }));
    if (method !== 'tools/call') return process.stdout.write(line({ id, result }));
    lines.push(line({ id, result }));
    if (params.arguments.how === 'at once') return process.stdout.write(lines.join(''));
    for (const one of lines) {
        process.stdout.write(one);
        await wait();
    }
});
JS
cat >ask.mjs <<'JS'
import { Client as Client1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as Stdio1 } from '@modelcontextprotocol/sdk/client/stdio.js';
import { Client as Client2 } from '@modelcontextprotocol/client';
import { StdioClientTransport as Stdio2 } from '@modelcontextprotocol/client/stdio';
for (const [name, Client, Stdio] of [['sdk 1.32.2', Client1, Stdio1], ['client 2.4.0', Client2, Stdio2]]) {
    const client = new Client({ name: 'c', version: '1' });
    const errors = [];
    client.onerror = (error) => errors.push(error.message.split(':')[0]);
    await client.connect(new Stdio({ command: 'node', args: ['server.mjs'] }));
    for (const how of ['apart', 'at once']) {
        const seen = [];
        const options = { onprogress: ({ progress }) => seen.push(progress) };
        const call = { name: 't', arguments: { how } };
        errors.length = 0;
        await (Client === Client1 ? client.callTool(call, undefined, options) : client.callTool(call, options));
        const before = seen.length;
        await new Promise((resolve) => setTimeout(resolve, 300));
        console.log(`npm ${name}: ${how}: ${before} before the result, ${seen.length - before} after; ${errors.length} times: ${errors[0] ?? 'nothing'}`);
    }
    await client.close();
}
JS
cat >ask.py <<'PY'
import asyncio
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client

async def main():
    async with stdio_client(StdioServerParameters(command="node", args=["server.mjs"])) as (read, write), ClientSession(read, write) as session:
        await session.initialize()
        for how in ("apart", "at once"):
            seen = []
            async def note(progress, total, message):
                seen.append(progress)
            await session.call_tool("t", {"how": how}, progress_callback=note)
            before = len(seen)
            await asyncio.sleep(0.3)
            print(f"PyPI mcp 2.3.0: {how}: {before} before the result, {len(seen) - before} after")

asyncio.run(main())
PY
cat >main.go <<'GO'
package main

import (
	"context"
	"fmt"
	"log"
	"os/exec"
	"sync/atomic"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

func main() {
	ctx := context.Background()
	var seen atomic.Int64
	note := func(context.Context, *mcp.ProgressNotificationClientRequest) { seen.Add(1) }
	client := mcp.NewClient(&mcp.Implementation{Name: "c", Version: "1"}, &mcp.ClientOptions{ProgressNotificationHandler: note})
	session, err := client.Connect(ctx, &mcp.CommandTransport{Command: exec.Command("node", "server.mjs")}, nil)
	if err != nil {
		log.Fatal(err)
	}
	defer session.Close()
	for _, how := range []string{"apart", "at once"} {
		times, early, lost := 1, 0, 0
		if how == "at once" {
			times = 20
		}
		for n := range times {
			seen.Store(0)
			params := &mcp.CallToolParams{Name: "t", Arguments: map[string]any{"how": how}}
			params.SetProgressToken(fmt.Sprint(how, n))
			if _, err := session.CallTool(ctx, params); err != nil {
				log.Fatal(err)
			}
			if seen.Load() < 3 {
				early++
			}
			time.Sleep(100 * time.Millisecond)
			lost += int(3 - seen.Load())
		}
		fmt.Printf("Go go-sdk 1.8.0: %s: returned before its progress: %v; lost: %d\n", how, early > 0, lost)
	}
}
GO
{
    node ask.mjs
    venv/bin/python ask.py
    go run . 2>go.log || { cat go.log >&2; exit 1; }
} | tee seen
diff seen - <<'SEEN'
npm sdk 1.32.2: apart: 3 before the result, 0 after; 0 times: nothing
npm sdk 1.32.2: at once: 0 before the result, 0 after; 3 times: Received a progress notification for an unknown token
npm client 2.4.0: apart: 3 before the result, 0 after; 0 times: nothing
npm client 2.4.0: at once: 0 before the result, 0 after; 3 times: Received a progress notification for an unknown token
PyPI mcp 2.3.0: apart: 3 before the result, 0 after
PyPI mcp 2.3.0: at once: 3 before the result, 0 after
Go go-sdk 1.8.0: apart: returned before its progress: false; lost: 0
Go go-sdk 1.8.0: at once: returned before its progress: true; lost: 0
SEEN
echo 'as described'
