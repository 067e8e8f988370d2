#!/usr/bin/env bash
# A server that refuses with 503 and Retry-After of 3600 (it is down for an hour, as planned), asked once by npm openai 7.59.0, npm ai 7.0.173 with
# @ai-sdk/openai-compatible 3.0.92, npm @anthropic-ai/sdk 1.14.0 and PyPI openai 3.57.0, by their defaults, and watched for 12 s.
#
# Expected: a client that will not wait so long gives up and says so, or waits; the two packages of OpenAI do the same, and to
# be told an hour never makes a client come sooner than to be told a minute. Seen: what is longer than a minute is as good as not there for npm
# openai and the AI SDK: two more POSTs within 2 s, or 6 s, where 30 is waited out. PyPI openai does not repeat at all, and @anthropic-ai/sdk
# sleeps in the caller's await, for as long as it is told. So a server under load names no more than 60 (55, against clocks and rounding), and
# names it anew each time; how long a longer pause is, the error's text says.
set -euo pipefail
work=$(mktemp -d)
server=
trap 'kill $server 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund openai@7.59.0 ai@7.0.173 @ai-sdk/openai-compatible@3.0.92 @anthropic-ai/sdk@1.14.0
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check uv
venv/bin/uv pip install --quiet --python venv/bin/python openai==3.57.0
cat >server.mjs <<'JS'
import http from 'node:http';
const asked = {};
const server = http.createServer((request, response) => {
    if (request.url === '/asked') return response.end(JSON.stringify(asked));
    const [, key, seconds] = request.url.split('/');
    asked[`${key}/${seconds}`] = (asked[`${key}/${seconds}`] ?? 0) + 1;
    response.writeHead(503, { 'content-type': 'application/json', 'retry-after': seconds }).end('{"error": {"message": "down for maintenance"}}');
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
JS
node server.mjs >port &
server=$!
until [[ -s port ]]; do sleep 0.1; done
cat >ask.mjs <<'JS'
import Anthropic from '@anthropic-ai/sdk';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { generateText } from 'ai';
import OpenAI from 'openai';
const base = `http://127.0.0.1:${process.argv[2]}`;
const messages = [{ role: 'user', content: 'Hello' }];
const ask = {
    'npm openai': (baseURL) => new OpenAI({ apiKey: 'k', baseURL }).chat.completions.create({ model: 'm', messages }),
    'npm ai': (baseURL) => generateText({ model: createOpenAICompatible({ name: 'p', baseURL })('m'), messages }),
    'npm @anthropic-ai/sdk': (baseURL) => new Anthropic({ apiKey: 'k', baseURL }).messages.create({ model: 'm', max_tokens: 9, messages }),
};
const ended = {};
for (const seconds of [30, 3600]) {
    for (const [name, call] of Object.entries(ask)) {
        const key = name.replace(/\W/g, '');
        call(`${base}/${key}/${seconds}`).catch(() => (ended[`${key}/${seconds}`] = true));
    }
}
await new Promise((resolve) => setTimeout(resolve, 12000));
const asked = await (await fetch(`${base}/asked`)).json();
for (const name of Object.keys(ask)) {
    for (const seconds of [30, 3600]) {
        const key = `${name.replace(/\W/g, '')}/${seconds}`;
        console.log(`${name}: Retry-After ${seconds}: ${asked[key]} requests in 12 s, ${ended[key] ? 'given up' : 'waiting'}`);
    }
}
process.exit();
JS
cat >ask.py <<'PY'
import asyncio, json, sys, urllib.request, openai

async def main():
    base = f"http://127.0.0.1:{sys.argv[1]}"
    call = lambda seconds: openai.AsyncOpenAI(api_key="k", base_url=f"{base}/pypi/{seconds}").chat.completions.create(
        model="m", messages=[{"role": "user", "content": "Hello"}])
    calls = {seconds: asyncio.create_task(call(seconds)) for seconds in (30, 3600)}
    await asyncio.wait(calls.values(), timeout=12)
    asked = json.load(urllib.request.urlopen(f"{base}/asked"))
    for seconds, task in calls.items():
        print(f"PyPI openai: Retry-After {seconds}: {asked[f'pypi/{seconds}']} requests in 12 s, {'given up' if task.done() else 'waiting'}")
        task.cancel()
    await asyncio.wait(calls.values())

asyncio.run(main())
PY
{
    node ask.mjs "$(<port)"
    venv/bin/python ask.py "$(<port)"
} | tee seen
diff seen - <<'SEEN'
npm openai: Retry-After 30: 1 requests in 12 s, waiting
npm openai: Retry-After 3600: 3 requests in 12 s, given up
npm ai: Retry-After 30: 1 requests in 12 s, waiting
npm ai: Retry-After 3600: 3 requests in 12 s, given up
npm @anthropic-ai/sdk: Retry-After 30: 1 requests in 12 s, waiting
npm @anthropic-ai/sdk: Retry-After 3600: 1 requests in 12 s, waiting
PyPI openai: Retry-After 30: 1 requests in 12 s, waiting
PyPI openai: Retry-After 3600: 1 requests in 12 s, given up
SEEN
echo 'as described'
