#!/usr/bin/env bash
# npm @dwmkerr/mock-llm 0.1.29 (an OpenAI-compatible server for tests) with a rule that answers with an error status, asked with and without
# `"stream": true`.
#
# Expected: the rule's status, 429, either way, as OpenAI's API refuses a streamed request before its stream begins. Seen: 429 without
# streaming; with it 200, `text/event-stream`, and the error as an event without `[DONE]`. A client that looks at the status alone takes it
# for an answer of nothing, and one that retries a 429 never does.
set -euo pipefail
work=$(mktemp -d)
server=
trap 'kill $server 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund @dwmkerr/mock-llm@0.1.29
cat >mock-llm.yaml <<'YAML'
rules:
  - path: "/v1/chat/completions"
    match: "@"
    response:
      status: 429
      content: |
        {"error":{"message":"Rate limit"}}
YAML
port=$(node -e 'const s=require("net").createServer().listen(0,()=>{console.log(s.address().port);s.close()})')
PORT=$port node_modules/.bin/mock-llm >log 2>&1 &
server=$!
for _ in $(seq 300); do
    curl -s -o /dev/null "http://localhost:$port/health" && break
    sleep 0.2
done
for stream in false true; do
    answer=$(curl -s -m 20 -w ' (%{http_code})' "http://localhost:$port/v1/chat/completions" -H 'Content-Type: application/json' \
        -d "{\"model\":\"m\",\"stream\":$stream,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}" | tr -s '\n' ' ')
    echo "stream $stream: $answer"
done | tee seen
diff seen - <<'SEEN'
stream false: {"error":{"message":"Rate limit"}} (429)
stream true: data: {"error":{"message":"Rate limit"}} (200)
SEEN
echo 'as described'
