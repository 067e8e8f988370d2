#!/usr/bin/env bash
# npm openai 7.59.0, npm ai 7.0.173 with @ai-sdk/openai-compatible 3.0.92 and PyPI openai 3.57.0 on a chat stream of chunks without a name (as
# OpenAI sends them), with one event of another name: `event: ping` or `event: tool.progress` between two chunks, each with a JSON of its own,
# or `event: error` at the end.
#
# Expected: names are what server-sent events have for this: a reader of the unnamed ones does not hear of others (WHATWG dispatches an event by
# its type; Anthropic's streams have pings of that kind), and an error is an error. Seen: names are not looked at, but for "error" in npm
# openai. Both packages of OpenAI hand the caller the JSON as a chunk that has no choices, at which `chunk.choices[0]`, as in every example,
# fails; the AI SDK tells of an error by onError, and reads on to finishReason "stop". In Python an error by name is such a chunk as well, and the
# stream then ends as if all were well. So a gateway keeps silent streams alive by comments, says progress in chunks that have
# choices, and an error as `data: {"error": ...}` without a name, which all three take for one.
set -euo pipefail
work=$(mktemp -d)
server=
trap 'kill $server 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund openai@7.59.0 ai@7.0.173 @ai-sdk/openai-compatible@3.0.92
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check uv
venv/bin/uv pip install --quiet --python venv/bin/python openai==3.57.0
cat >server.mjs <<'JS'
import http from 'node:http';
const chunk = (delta, finish_reason = null) =>
    `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta, finish_reason }] })}\n\n`;
const between = {
    nothing: '',
    comment: ': alive\n\n',
    ping: 'event: ping\ndata: {"type": "ping"}\n\n',
    'tool.progress': 'event: tool.progress\ndata: {"tool": "search", "done": 0.5}\n\n',
    error: 'event: error\ndata: {"message": "model lost"}\n\n',
    'data-error': 'data: {"error": {"message": "model lost", "type": "server_error"}}\n\n',
};
const server = http.createServer((request, response) => {
    request.resume();
    const middle = between[request.url.split('/')[1]];
    const rest = middle.includes('model lost') ? '' : chunk({ content: 'two' }) + chunk({}, 'stop') + 'data: [DONE]\n\n';
    const text = chunk({ role: 'assistant', content: 'one' }) + middle + rest;
    response.writeHead(200, { 'content-type': 'text/event-stream' }).end(text);
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
JS
node server.mjs >port &
server=$!
until [[ -s port ]]; do sleep 0.1; done
cat >ask.mjs <<'JS'
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { streamText } from 'ai';
import OpenAI from 'openai';
const [, , port, ...names] = process.argv;
for (const name of names) {
    const seen = [];
    try {
        const client = new OpenAI({ apiKey: 'k', baseURL: `http://127.0.0.1:${port}/${name}` });
        const stream = await client.chat.completions.create({ model: 'm', stream: true, messages: [{ role: 'user', content: 'Hello' }] });
        for await (const { choices } of stream) seen.push(choices ? (choices[0].delta.content ?? choices[0].finish_reason) : '(a chunk without choices)');
    } catch {
        seen.push('(exception)');
    }
    console.log(`npm openai: ${name}: ${seen.join(' ')}`);
}
for (const name of names) {
    const seen = [];
    const model = createOpenAICompatible({ name: 'p', baseURL: `http://127.0.0.1:${port}/${name}` })('m');
    const run = streamText({ model, prompt: 'Hello', onError: () => seen.push('(onError)') });
    for await (const text of run.textStream) seen.push(text);
    console.log(`npm ai: ${name}: ${seen.join(' ')} ${await run.finishReason}`);
}
JS
cat >ask.py <<'PY'
import sys, openai

for name in sys.argv[2:]:
    seen = []
    try:
        client = openai.OpenAI(api_key="k", base_url=f"http://127.0.0.1:{sys.argv[1]}/{name}")
        for chunk in client.chat.completions.create(model="m", stream=True, messages=[{"role": "user", "content": "Hello"}]):
            first = chunk.choices and chunk.choices[0]
            seen.append(first.delta.content or first.finish_reason if first else "(a chunk without choices)")
    except openai.APIError:
        seen.append("(exception)")
    print(f"PyPI openai: {name}:", *seen)
PY
names=(nothing comment ping tool.progress error data-error)
{
    node ask.mjs "$(<port)" "${names[@]}"
    venv/bin/python ask.py "$(<port)" "${names[@]}"
} | tee seen
diff seen - <<'SEEN'
npm openai: nothing: one two stop
npm openai: comment: one two stop
npm openai: ping: one (a chunk without choices) two stop
npm openai: tool.progress: one (a chunk without choices) two stop
npm openai: error: one (exception)
npm openai: data-error: one (exception)
npm ai: nothing: one two stop
npm ai: comment: one two stop
npm ai: ping: (onError) one two stop
npm ai: tool.progress: (onError) one two stop
npm ai: error: (onError) one error
npm ai: data-error: (onError) one error
PyPI openai: nothing: one two stop
PyPI openai: comment: one two stop
PyPI openai: ping: one (a chunk without choices) two stop
PyPI openai: tool.progress: one (a chunk without choices) two stop
PyPI openai: error: one (a chunk without choices)
PyPI openai: data-error: one (exception)
SEEN
echo 'as described'
