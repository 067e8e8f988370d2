#!/usr/bin/env bash
# PyPI tastytrade 13.2.3 (DXLinkStreamer) and npm @dxfeed/dxlink-api 0.3.0 with dxLink's compact format, against a server that announces the fields of a
# quote in FEED_CONFIG in the order the client asked for, and against one that announces its own order: the offer before the bid.
#
# Expected: what a client asks for in FEED_SETUP is a wish ("acceptEventFields"), what the server answers in FEED_CONFIG is how the
# arrays after it are to be read; a client reads them by that, as dxFeed's own does. Seen: tastytrade logs FEED_CONFIG and reads by what it
# had asked for. The types fit, so there is no error: bid and offer are swapped, in price and size, and each quote looks like a crossed market. If a
# server leaves out a field that it does not know, the streamer ends with TastytradeError. So who serves dxLink (a bridge, a replay, a
# test) sends the fields the client asked for, all and in its order; who reads it goes by FEED_CONFIG and watches for crossed quotes.
set -euo pipefail
work=$(mktemp -d)
server=
trap 'kill $server 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check uv
venv/bin/uv pip install --quiet --python venv/bin/python tastytrade==13.2.3
npm init -y >/dev/null
npm install --silent --no-audit --no-fund @dxfeed/dxlink-api@0.3.0 ws@8.23.0
cat >server.mjs <<'JS'
import { WebSocketServer } from 'ws';
const quote = { eventType: 'Quote', eventSymbol: 'X', bidExchangeCode: 'Q', askExchangeCode: 'Q', bidPrice: 1.5, askPrice: 1.6, bidSize: 10, askSize: 20 };
const swap = { bidPrice: 'askPrice', askPrice: 'bidPrice', bidSize: 'askSize', askSize: 'bidSize' };
const order = {
    '/asked': (fields) => fields,
    '/own': (fields) => fields.map((field) => swap[field] ?? field),
    '/fewer': (fields) => fields.filter((field) => field !== 'timeNanoPart'),
};
const server = new WebSocketServer({ port: 0, host: '127.0.0.1' }, () => console.log(server.address().port));
server.on('connection', (socket, { url }) => {
    let fields;
    socket.on('message', (text) => {
        const { type, channel, service, parameters, acceptEventFields } = JSON.parse(text);
        const send = (message) => socket.send(JSON.stringify({ channel, ...message }));
        if (type === 'SETUP') {
            send({ type, version: '1.0', keepaliveTimeout: 60, acceptKeepaliveTimeout: 60 });
            send({ type: 'AUTH_STATE', state: 'AUTHORIZED' });
        } else if (type === 'CHANNEL_REQUEST') {
            send({ type: 'CHANNEL_OPENED', service, parameters });
        } else if (type === 'FEED_SETUP') {
            if (acceptEventFields) fields = order[url](acceptEventFields.Quote);
            send({ type: 'FEED_CONFIG', aggregationPeriod: 0.1, dataFormat: 'COMPACT', eventFields: fields && { Quote: fields } });
        } else if (type === 'FEED_SUBSCRIPTION') {
            send({ type: 'FEED_DATA', data: ['Quote', fields.map((field) => quote[field] ?? 0)] });
        }
    });
});
JS
node server.mjs >port &
server=$!
until [[ -s port ]]; do sleep 0.1; done
cat >ask.py <<'PY'
import asyncio, sys
from tastytrade import DXLinkStreamer
from tastytrade.dxfeed import Quote
from tastytrade.utils import TastytradeError

class Session:
    client_kwargs = {}
    def __init__(self, url):
        self.url = url
    async def _get(self, path):
        return {"token": "t", "dxlink-url": self.url}

async def main():
    for order in ("asked", "own", "fewer"):
        try:
            async with DXLinkStreamer(Session(f"ws://127.0.0.1:{sys.argv[1]}/{order}")) as streamer:
                await streamer.subscribe(Quote, ["X"])
                quote = await asyncio.wait_for(streamer.get_event(Quote), 20)
            print(f"tastytrade: {order}: bid {quote.bid_price} x {quote.bid_size}, offer {quote.ask_price} x {quote.ask_size}")
        except* TastytradeError:
            print(f"tastytrade: {order}: TastytradeError")

asyncio.run(main())
PY
cat >ask.mjs <<'JS'
import { WebSocket } from 'ws';
globalThis.WebSocket = WebSocket;
const { DXLinkFeed, DXLinkWebSocketClient } = await import('@dxfeed/dxlink-api');
const Quote = ['eventType', 'eventSymbol', 'timeNanoPart', 'bidPrice', 'askPrice', 'bidSize', 'askSize'];
setTimeout(() => process.exit(1), 30000).unref();
for (const order of ['asked', 'own', 'fewer']) {
    const client = new DXLinkWebSocketClient();
    client.connect(`ws://127.0.0.1:${process.argv[2]}/${order}`);
    const feed = new DXLinkFeed(client, 'AUTO');
    feed.configure({ acceptDataFormat: 'COMPACT', acceptEventFields: { Quote } });
    const events = new Promise((resolve) => feed.addEventListener(resolve));
    feed.addSubscriptions({ type: 'Quote', symbol: 'X' });
    const [{ bidPrice, bidSize, askPrice, askSize }] = await events;
    console.log(`dxlink-api: ${order}: bid ${bidPrice} x ${bidSize}, offer ${askPrice} x ${askSize}`);
    client.close();
}
process.exit();
JS
{
    venv/bin/python -W ignore ask.py "$(<port)"
    node ask.mjs "$(<port)"
} | tee seen
diff seen - <<'SEEN'
tastytrade: asked: bid 1.5 x 10, offer 1.6 x 20
tastytrade: own: bid 1.6 x 20, offer 1.5 x 10
tastytrade: fewer: TastytradeError
dxlink-api: asked: bid 1.5 x 10, offer 1.6 x 20
dxlink-api: own: bid 1.5 x 10, offer 1.6 x 20
dxlink-api: fewer: bid 1.5 x 10, offer 1.6 x 20
SEEN
echo 'as described'
