#!/usr/bin/env bash
# PyPI python-kraken-sdk 3.5.1, SpotWSClient, with candles of one pair subscribed at two intervals (1 and 60 minutes), against a server that
# closes with 1012 (service restart) after all subscriptions are acknowledged.
#
# Expected: after its own reconnection the client has all of its subscriptions again; Kraken's `interval` is a part of what is subscribed and
# of what is unsubscribed. Seen: the client keeps one subscription for each channel and symbol. The candles of one minute, subscribed first,
# never come again, and neither an exception nor a message to the callback says so. Who bridges this feed keeps its own list of
# subscriptions, and takes silence of one of them for a fault even while the connection is alive.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check uv
"$work/venv/bin/uv" pip install --quiet --python "$work/venv/bin/python" python-kraken-sdk==3.5.1 websockets==17.4
cat >"$work/ask.py" <<'PY'
import asyncio, json, logging
from kraken.spot import SpotWSClient
from websockets.asyncio.server import serve
from websockets.exceptions import ConnectionClosed

logging.disable(logging.CRITICAL)
wanted = [{"channel": "ohlc", "symbol": ["BTC/USD"], "interval": 1}, {"channel": "ohlc", "symbol": ["BTC/USD"], "interval": 60},
          {"channel": "ohlc", "symbol": ["ETH/USD"], "interval": 1}]

async def main():
    connections, back = [], asyncio.Event()
    async def exchange(socket):
        asked = []
        connections.append(asked)
        try:
            async for text in socket:
                message = json.loads(text)
                if message["method"] != "subscribe":
                    continue
                params = message["params"]
                asked.append(f"{params['symbol'][0]} {params['interval']}")
                result = {**params, "symbol": params["symbol"][0], "snapshot": True}
                await socket.send(json.dumps({"method": "subscribe", "success": True, "result": result}))
                if len(connections) == 1 and len(asked) == len(wanted):
                    await asyncio.sleep(0.5)
                    await socket.close(1012)
                if "ETH/USD 1" in asked and len(connections) == 2:
                    back.set()
        except ConnectionClosed:
            pass
    async def heard(message):
        if message.get("method") != "subscribe":
            print("callback heard", message)
    async with serve(exchange, "127.0.0.1", 0) as server:
        client = SpotWSClient(ws_url=f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}", callback=heard)
        await client.start()
        for params in wanted:
            await client.subscribe(params=params)
        await asyncio.wait_for(back.wait(), 30)
        await asyncio.sleep(1)  # for one that might come later
        for number, asked in enumerate(connections, 1):
            print(f"connection {number}:", ", ".join(asked))
        await client.close()

asyncio.run(main())
PY
"$work/venv/bin/python" "$work/ask.py" | tee "$work/seen"
diff "$work/seen" - <<'SEEN'
connection 1: BTC/USD 1, BTC/USD 60, ETH/USD 1
connection 2: BTC/USD 60, ETH/USD 1
SEEN
echo 'as described'
