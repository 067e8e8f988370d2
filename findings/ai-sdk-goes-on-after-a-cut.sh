#!/usr/bin/env bash
# npm ai 7.0.173 with @ai-sdk/openai-compatible 3.0.92, streamText with a tool and up to three steps, on streams that the server ends without
# finish_reason and [DONE]: in a text, after a whole tool call, and in the middle of one.
#
# Expected: all three fail alike, as the first two do: finishReason "error", no tool is run, no further request. Seen: the stream that was cut
# in a tool call is reported to onError, then the half call is sent back to the model as a failed one, a second request is made of its own
# accord, and the whole ends with finishReason "stop", as if nothing had been. textStream ends without an exception in each case. So a
# server that lost its model counts on another request of the same run at once, and gives no half tool call out: whole ones, or none.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund ai@7.0.173 @ai-sdk/openai-compatible@3.0.92
cat >ask.mjs <<'JS'
import http from 'node:http';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { isStepCount, jsonSchema, streamText, tool } from 'ai';

const chunk = (delta, finish_reason = null) =>
    `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta, finish_reason }] })}\n\n`;
const call = (text) => chunk({ role: 'assistant', tool_calls: [{ index: 0, id: 'call_1', type: 'function', function: { name: 'remove', arguments: text } }] });
const answers = {
    'in a text': chunk({ role: 'assistant', content: 'The answer is' }),
    'after a tool call': call('{"folder": "/data/old"}'),
    'in a tool call': call('{"folder": "/data/ol'),
};
let requests;
const server = http.createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += part;
    const { model, messages } = JSON.parse(body);
    requests.push(messages.at(-1).role);
    const first = messages.at(-1).role === 'user';
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(first ? answers[model] : chunk({ role: 'assistant', content: 'Done.' }) + chunk({}, 'stop') + 'data: [DONE]\n\n');
}).listen(0, '127.0.0.1');
await new Promise((resolve) => server.once('listening', resolve));
const provider = createOpenAICompatible({ name: 'server', baseURL: `http://127.0.0.1:${server.address().port}/v1`, apiKey: 'none' });
for (const model of Object.keys(answers)) {
    requests = [];
    const removed = [];
    const heard = [];
    const inputSchema = jsonSchema({ type: 'object', properties: { folder: { type: 'string' } }, required: ['folder'] });
    const remove = tool({ description: 'Removes a folder', inputSchema, execute: async ({ folder }) => removed.push(folder) });
    const run = streamText({ model: provider(model), prompt: 'Tidy up.', tools: { remove }, stopWhen: isStepCount(3), onError: ({ error }) => heard.push(error) });
    for await (const _ of run.textStream);
    console.log(`cut ${model}: requests that end by ${requests.join(' and ')}, errors ${heard.length}, removed ${removed.length}, finishReason ${await run.finishReason}`);
}
process.exit(0);
JS
node ask.mjs | tee seen
diff seen - <<'SEEN'
cut in a text: requests that end by user, errors 1, removed 0, finishReason error
cut after a tool call: requests that end by user, errors 1, removed 0, finishReason error
cut in a tool call: requests that end by user and tool, errors 1, removed 0, finishReason stop
SEEN
echo 'as described'
