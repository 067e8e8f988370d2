#!/usr/bin/env bash
# PyPI websockets 17.4 and aiohttp 3.14.5, clients, while the application waits for something else (await, the event loop is free) and does not
# read: when does a ping of the server get its pong?
#
# Expected: at once, by the library (RFC 6455, 5.5.3: "as soon as is practical"); a ping asks whether the peer lives, not whether it
# reads. Seen: aiohttp answers within the application's next receive(), never before. websockets answers by itself until 16
# messages are unread, then no more, until some are read. A server that closes after a missed pong thus drops the very agent that is busy
# with what it was sent, and has it come back to the same messages. So: an unanswered ping is no death while the peer's acknowledgements
# or other frames come, its deadline is longer than a piece of work, and no more is sent unacknowledged than fits the queue.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check websockets==17.4 aiohttp==3.14.5
cat >"$work/ask.py" <<'PY'
import asyncio, aiohttp
from websockets.asyncio.client import connect
from websockets.asyncio.server import serve

async def main():
    async def measure(client, unread):
        seen = []
        done = asyncio.Event()
        async def ping(socket):
            for _ in range(1 + unread):
                await socket.send("work")
            pong = await socket.ping()
            await asyncio.wait([asyncio.ensure_future(pong)], timeout=2)
            seen.append("answered" if pong.done() else "not answered")
            done.set()
            await pong
            seen.append("answered once it reads on")
            await socket.close()
        async with serve(ping, "127.0.0.1", 0, ping_interval=None) as server:
            await client(f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}", done)
        if seen[0] == "answered":
            del seen[1]
        print(f"{client.__name__}, {unread} unread: {', '.join(seen)}")

    async def websockets_client(url, done):
        async with connect(url) as socket:
            await socket.recv()
            await done.wait()  # at work
            async for _ in socket:
                pass

    async def aiohttp_client(url, done):
        async with aiohttp.ClientSession() as session, session.ws_connect(url) as socket:
            await socket.receive()
            await done.wait()
            async for _ in socket:
                pass

    for client in (websockets_client, aiohttp_client):
        for unread in (0, 10, 50):
            await measure(client, unread)

asyncio.run(main())
PY
"$work/venv/bin/python" "$work/ask.py" | tee "$work/seen"
diff "$work/seen" - <<'SEEN'
websockets_client, 0 unread: answered
websockets_client, 10 unread: answered
websockets_client, 50 unread: not answered, answered once it reads on
aiohttp_client, 0 unread: not answered, answered once it reads on
aiohttp_client, 10 unread: not answered, answered once it reads on
aiohttp_client, 50 unread: not answered, answered once it reads on
SEEN
echo 'as described'
