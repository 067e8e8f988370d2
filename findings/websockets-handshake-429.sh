#!/usr/bin/env bash
# PyPI websockets 17.4, the reconnecting form `async for connection in connect(...)`, against servers that are busy for a moment.
#
# Expected: 429 (and 408, 425) with Retry-After at the upgrade is waited out like 503, after as long as the header says.
# Seen: only 500, 502, 503 and 504 are retried, by a backoff of its own that does not read Retry-After; 429 raises InvalidStatus and ends
# the loop, and with it an agent that was to reconnect for ever. A server that paces a mass return answers 503 to be asked again.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check websockets==17.4
cat >"$work/ask.py" <<'PY'
import asyncio, http
from websockets.asyncio.client import connect
from websockets.asyncio.server import serve

async def once_busy(status):
    tries = 0
    def answer(connection, request):
        nonlocal tries
        tries += 1
        if tries == 1:
            response = connection.respond(http.HTTPStatus(status), "busy\n")
            response.headers["Retry-After"] = "1"
            return response
    async def hold(socket):
        await socket.wait_closed()
    async with serve(hold, "127.0.0.1", 0, process_request=answer) as server:
        port = server.sockets[0].getsockname()[1]
        try:
            async with asyncio.timeout(30):
                async for socket in connect(f"ws://127.0.0.1:{port}"):
                    await socket.close()
                    return f"{status}: connected at try {tries}"
        except Exception as e:
            return f"{status}: {type(e).__name__} after try {tries}"

async def main():
    for status in (503, 429, 408, 425):
        print(await once_busy(status))

asyncio.run(main())
PY
"$work/venv/bin/python" "$work/ask.py" | tee "$work/seen"
diff "$work/seen" - <<'SEEN'
503: connected at try 2
429: InvalidStatus after try 1
408: InvalidStatus after try 1
425: InvalidStatus after try 1
SEEN
echo 'as described'
