#!/usr/bin/env bash
# npm @modelcontextprotocol/sdk 1.32.2, client, against a tool whose outputSchema uses JSON Schema 2020-12.
#
# Since revision 2025-11-25 a schema without $schema is 2020-12. Expected: a client of that revision checks structuredContent by it.
# Seen: the 1.x line checks by draft-07 whatever $schema says. A tuple written with prefixItems and "items": false, met by the result, is
# refused with -32602 after the tool has done its work; unevaluatedProperties, prefixItems and dependentRequired are not checked at all.
# @modelcontextprotocol/client 2.4.0 checks all of them. So a server that serves both lines keeps its output schemas to what the two
# dialects share.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund @modelcontextprotocol/sdk@1.32.2 @modelcontextprotocol/client@2.4.0 @modelcontextprotocol/server@2.4.0
cat >ask.mjs <<'JS'
import { Client as Client1 } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport as Transport1 } from '@modelcontextprotocol/sdk/inMemory.js';
import { Server as Server1 } from '@modelcontextprotocol/sdk/server/index.js';
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { Client as Client2, InMemoryTransport as Transport2 } from '@modelcontextprotocol/client';
import { Server as Server2 } from '@modelcontextprotocol/server';

const lines = [
    { name: 'sdk 1.32.2', Client: Client1, Transport: Transport1, Server: Server1, list: ListToolsRequestSchema, call: CallToolRequestSchema },
    { name: 'client 2.4.0', Client: Client2, Transport: Transport2, Server: Server2, list: 'tools/list', call: 'tools/call' },
];
const dialect = 'https://json-schema.org/draft/2020-12/schema';
const cases = [
    ['a tuple that fits', { $schema: dialect, type: 'object', properties: { at: { prefixItems: [{ type: 'string' }], items: false } } }, { at: ['x'] }],
    ['a tuple that does not', { $schema: dialect, type: 'object', properties: { at: { prefixItems: [{ type: 'string' }] } } }, { at: [1] }],
    ['an unevaluated property', { $schema: dialect, type: 'object', allOf: [{ properties: { a: {} } }], unevaluatedProperties: false }, { a: 1, b: 2 }],
    ['a missing dependent', { $schema: dialect, type: 'object', dependentRequired: { a: ['b'] } }, { a: 1 }],
];
for (const line of lines) {
    for (const [what, outputSchema, structuredContent] of cases) {
        const server = new line.Server({ name: 's', version: '1' }, { capabilities: { tools: {} } });
        server.setRequestHandler(line.list, () => ({ tools: [{ name: 't', inputSchema: { type: 'object' }, outputSchema }] }));
        server.setRequestHandler(line.call, () => ({ content: [{ type: 'text', text: JSON.stringify(structuredContent) }], structuredContent }));
        const [near, far] = line.Transport.createLinkedPair();
        const client = new line.Client({ name: 'c', version: '1' });
        await Promise.all([server.connect(far), client.connect(near)]);
        await client.listTools();
        const answer = await client.callTool({ name: 't', arguments: {} }).then(() => 'taken', () => 'refused');
        console.log(`${line.name}: ${what}: ${answer}`);
        await client.close();
    }
}
JS
node ask.mjs | tee seen
diff seen - <<'SEEN'
sdk 1.32.2: a tuple that fits: refused
sdk 1.32.2: a tuple that does not: taken
sdk 1.32.2: an unevaluated property: taken
sdk 1.32.2: a missing dependent: taken
client 2.4.0: a tuple that fits: taken
client 2.4.0: a tuple that does not: refused
client 2.4.0: an unevaluated property: refused
client 2.4.0: a missing dependent: refused
SEEN
echo 'as described'
