#!/usr/bin/env bash
# PyPI langchain 1.5.2 with langchain-openai 1.7.4, an agent made by create_agent, against a model whose answer meets its limit of tokens in the
# middle of a tool call's arguments: `{"folder": "/data/old`, then finish_reason "length".
#
# Expected: arguments that are no JSON are an invalid call, which no tool is run for; that is what becomes of the same answer without
# streaming. Seen: with streaming=True the cut JSON is completed by guess, the call counts as valid, and the tool is run with "/data/old", which
# the model may have wanted to be "/data/older-than-a-year". A gateway that relays an answer which was cut in a tool call does not pass on
# the half call as such and an end: it ends by an error.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check uv
"$work/venv/bin/uv" pip install --quiet --python "$work/venv/bin/python" langchain==1.5.2 langchain-core==1.8.3 langchain-openai==1.7.4 openai==3.57.0
cat >"$work/ask.py" <<'PY'
import http.server, json, threading
from langchain.agents import create_agent
from langchain_openai import ChatOpenAI

class Model(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if request["messages"][-1]["role"] == "user":
            call = {"index": 0, "id": "call_1", "type": "function", "function": {"name": "remove", "arguments": '{"folder": "/data/old'}}
            message, reason = {"role": "assistant", "content": None, "tool_calls": [call]}, "length"
        else:
            message, reason = {"role": "assistant", "content": "Done."}, "stop"
        answer = {"id": "c", "created": 1, "model": "m"}
        if request.get("stream"):
            chunks = [{**answer, "object": "chat.completion.chunk", "choices": [{"index": 0, "delta": delta, "finish_reason": end}]}
                      for delta, end in ((message, None), ({}, reason))]
            kind, body = "text/event-stream", "".join(f"data: {json.dumps(chunk)}\n\n" for chunk in chunks) + "data: [DONE]\n\n"
        else:
            answer |= {"object": "chat.completion", "choices": [{"index": 0, "message": message, "finish_reason": reason}]}
            kind, body = "application/json", json.dumps(answer)
        self.send_response(200)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())
    def log_message(self, *_):
        pass

server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Model)
threading.Thread(target=server.serve_forever, daemon=True).start()
for streaming in (False, True):
    removed = []
    def remove(folder: str) -> str:
        """Removes a folder."""
        removed.append(folder)
        return "removed"
    model = ChatOpenAI(model="m", base_url=f"http://127.0.0.1:{server.server_port}/v1", api_key="none", streaming=streaming)
    create_agent(model, [remove]).invoke({"messages": [{"role": "user", "content": "Tidy up."}]})
    print(f"streaming={streaming}: removed {removed}")
PY
"$work/venv/bin/python" "$work/ask.py" | tee "$work/seen"
diff "$work/seen" - <<'SEEN'
streaming=False: removed []
streaming=True: removed ['/data/old']
SEEN
echo 'as described'
