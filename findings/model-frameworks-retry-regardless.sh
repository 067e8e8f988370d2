#!/usr/bin/env bash
# One question, asked by defaults, of an OpenAI-compatible server that refuses it: PyPI openai 2.54.0, llama-index-llms-openai-like 0.8.1 (on that),
# npm ai 7.0.173 with @ai-sdk/openai-compatible 3.0.92. How many POSTs come, with and without the header `x-should-retry: false`, by which a
# server tells OpenAI's packages not to repeat?
#
# Expected: three at 429 and 503, as the openai package documents (two retries), and one with the header, which that package obeys. Seen:
# LlamaIndex repeats what its openai client has repeated, 12 POSTs in all. With the header, LlamaIndex still sends 3, and the AI SDK sends
# its 3 at 409, 429 and 503 as if there were none. So a turn that is refused for good (a session that is busy) is refused by a status that
# nobody repeats, as 423, and a server counts on meeting the same question a dozen times.
set -euo pipefail
work=$(mktemp -d)
server=
trap 'kill $server 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check uv
venv/bin/uv pip install --quiet --python venv/bin/python openai==2.54.0 llama-index-llms-openai-like==0.8.1 llama-index-llms-openai==0.8.3 llama-index-core==0.14.25
npm init -y >/dev/null
npm install --silent --no-audit --no-fund ai@7.0.173 @ai-sdk/openai-compatible@3.0.92
cat >server.mjs <<'JS'
import http from 'node:http';
const asked = {};
http.createServer((request, response) => {
    if (request.url === '/asked') return response.end(JSON.stringify(asked));
    const [, key, status, header] = request.url.split('/');
    asked[`${key} ${status} ${header}`] = (asked[`${key} ${status} ${header}`] ?? 0) + 1;
    request.resume().on('end', () => {
        const headers = { 'content-type': 'application/json', 'retry-after-ms': '10', ...(header === 'header' && { 'x-should-retry': 'false' }) };
        response.writeHead(status, headers).end('{"error":{"message":"Not now","type":"server_error","code":null}}');
    });
}).listen(0, '127.0.0.1', function () {
    console.log(`http://127.0.0.1:${this.address().port}`);
});
JS
cat >cases <<'CASES'
409/header
423/header
429/header
503/header
503/none
CASES
cat >ask.py <<'PY'
import logging, sys
import openai
from llama_index.core.llms import ChatMessage as Message
from llama_index.llms.openai_like import OpenAILike
logging.disable(logging.CRITICAL)
for case in open("cases").read().split():
    for ask in (
        lambda: openai.OpenAI(base_url=f"{sys.argv[1]}/openai/{case}", api_key="none").chat.completions.create(
            model="m", messages=[{"role": "user", "content": "Hi"}]),
        lambda: OpenAILike(model="m", api_base=f"{sys.argv[1]}/llama-index/{case}", api_key="none", is_chat_model=True).chat(
            [Message(role="user", content="Hi")]),
    ):
        try:
            ask()
        except openai.APIStatusError:
            pass
PY
cat >ask.mjs <<'JS'
import { readFileSync } from 'node:fs';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { generateText } from 'ai';
for (const path of readFileSync('cases', 'utf8').trim().split('\n')) {
    const provider = createOpenAICompatible({ name: 'server', baseURL: `${process.argv[2]}/ai/${path}`, apiKey: 'none' });
    await generateText({ model: provider('m'), prompt: 'Hi' }).catch((error) => error);
}
JS
node server.mjs >url &
server=$!
while [[ ! -s url ]]; do sleep 0.1; done
node ask.mjs "$(cat url)" &
venv/bin/python ask.py "$(cat url)"
wait $!
curl -s "$(cat url)/asked" >asked
node -e '
const asked = JSON.parse(require("fs").readFileSync("asked"));
for (const client of ["openai", "llama-index", "ai"]) {
    const posts = ["409 header", "423 header", "429 header", "503 header", "503 none"].map((c) => `${c} ${asked[`${client} ${c}`]}`);
    console.log(`${client}: ${posts.join(", ")}`);
}' | tee seen
diff seen - <<'SEEN'
openai: 409 header 1, 423 header 1, 429 header 1, 503 header 1, 503 none 3
llama-index: 409 header 1, 423 header 1, 429 header 3, 503 header 3, 503 none 12
ai: 409 header 3, 423 header 1, 429 header 3, 503 header 3, 503 none 3
SEEN
echo 'as described'
