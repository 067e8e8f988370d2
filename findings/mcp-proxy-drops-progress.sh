#!/usr/bin/env bash
# PyPI mcp-proxy 0.13.0 between an MCP server at its stdin and npm @modelcontextprotocol/sdk 1.32.2 over streamable HTTP, compared with the same
# client and server without it. The call takes 2 s and is reported on each 0.3 s; the client waits 1 s for the next sign of life
# (resetTimeoutOnProgress), as it waits 60 s by default.
#
# Expected: a proxy passes on what it does not end itself; who passes a progressToken on answers for the progress (MCP, "progress").
# Seen: the token reaches the server, its progress comes back no further than the proxy, and the client gives the call up while the work
# is done. Log messages and list changes are kept back as well (listChanged is declared false), an error's code and data are lost for a result
# with isError, and the capability completions is declared, which the server does not have. So a tool of a gateway that may be behind such a
# proxy answers within 60 s, with a thing to ask for later, and says in the result's text what a client is to do about an error.
set -euo pipefail
work=$(mktemp -d)
proxy=
trap 'kill $proxy 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check uv
venv/bin/uv pip install --quiet --python venv/bin/python mcp-proxy==0.13.0 mcp==1.30.0
npm init -y >/dev/null
npm install --silent --no-audit --no-fund @modelcontextprotocol/sdk@1.32.2
cat >server.mjs <<'JS'
import { createInterface } from 'node:readline';
const send = (message) => console.log(JSON.stringify({ jsonrpc: '2.0', ...message }));
createInterface({ input: process.stdin }).on('line', async (line) => {
    const { id, method, params } = JSON.parse(line);
    if (method === 'initialize') {
        const capabilities = { tools: { listChanged: true }, logging: {} };
        send({ id, result: { protocolVersion: params.protocolVersion, capabilities, serverInfo: { name: 's', version: '1' } } });
    } else if (method === 'tools/list') {
        send({ id, result: { tools: ['work', 'fail'].map((name) => ({ name, inputSchema: { type: 'object' } })) } });
    } else if (method === 'tools/call' && params.name === 'fail') {
        send({ id, error: { code: -32050, message: 'Busy', data: { after: 3 } } });
    } else if (method === 'tools/call') {
        const progressToken = params._meta?.progressToken;
        send({ method: 'notifications/tools/list_changed' });
        send({ method: 'notifications/message', params: { level: 'info', data: 'at work' } });
        for (let progress = 1; progress < 7; progress++) {
            await new Promise((resolve) => setTimeout(resolve, 300));
            if (progressToken !== undefined) send({ method: 'notifications/progress', params: { progressToken, progress } });
        }
        send({ id, result: { content: [{ type: 'text', text: 'done' }] } });
    } else if (id !== undefined) {
        send({ id, error: { code: -32601, message: 'Method not found' } });
    }
});
JS
cat >ask.mjs <<'JS'
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
const ways = {
    direct: new StdioClientTransport({ command: 'node', args: ['server.mjs'] }),
    'mcp-proxy': new StreamableHTTPClientTransport(new URL(process.argv[2])),
};
for (const [way, transport] of Object.entries(ways)) {
    const client = new Client({ name: 'c', version: '1' });
    const notes = [];
    client.fallbackNotificationHandler = async ({ method }) => notes.push(method);
    await client.connect(transport);
    await client.listTools();
    let progress = 0;
    const ask = (name) =>
        client.callTool({ name }, undefined, { timeout: 1000, resetTimeoutOnProgress: true, onprogress: () => progress++ }).then(
            (result) => `${result.isError ? 'isError ' : ''}${result.content[0].text}`,
            (error) => `error ${error.code} ${JSON.stringify(error.data)}`,
        );
    const { tools, completions } = client.getServerCapabilities();
    console.log(`${way}: listChanged ${tools.listChanged}, completions ${completions !== undefined}`);
    console.log(`${way}: work: ${await ask('work')}, progress ${progress > 0}, notifications ${notes.length}`);
    console.log(`${way}: fail: ${await ask('fail')}`);
}
process.exit(0);
JS
port=$(node -e 'const s=require("net").createServer().listen(0,()=>{console.log(s.address().port);s.close()})')
venv/bin/mcp-proxy --host 127.0.0.1 --port "$port" -- node server.mjs >log 2>&1 &
proxy=$!
for _ in $(seq 200); do
    curl -s -o /dev/null "http://127.0.0.1:$port/status" && break
    sleep 0.2
done
node ask.mjs "http://127.0.0.1:$port/mcp" | tee seen
diff seen - <<'SEEN'
direct: listChanged true, completions false
direct: work: done, progress true, notifications 2
direct: fail: error -32050 {"after":3}
mcp-proxy: listChanged false, completions true
mcp-proxy: work: error -32001 {"timeout":1000}, progress false, notifications 0
mcp-proxy: fail: isError Busy
SEEN
echo 'as described'
