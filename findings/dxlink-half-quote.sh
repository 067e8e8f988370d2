#!/usr/bin/env bash
# A quote with a bid and no offer (an option far out of the money), as dxLink's compact format writes it: "NaN" for the price and
# size that are not there. Read by PyPI tastytrade 13.2.3 and by npm @dxfeed/dxlink-api 0.3.0.
#
# Expected: an event in which the offer is absent, so that whoever shows or trades the symbol sees the offer go; a quote is a snapshot
# that replaces the one before. Seen: tastytrade drops the whole event, with a line at debug level, though it keeps one that lacks
# only a size (as 0): the last full quote stands for as long as the market has one side. npm gives it with the string 'NaN', which is truthy
# and a type of its own, and not Number's NaN. A gateway reads dxLink itself, carries a missing side as missing, and has an age on each quote.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check uv
venv/bin/uv pip install --quiet --python venv/bin/python tastytrade==13.2.3
npm init -y >/dev/null
npm install --silent --no-audit --no-fund @dxfeed/dxlink-api@0.3.0 ws@8.23.0
cat >quotes.json <<'JSON'
{
    "fields": ["eventSymbol", "eventTime", "sequence", "timeNanoPart", "bidTime", "bidExchangeCode", "askTime", "askExchangeCode", "bidPrice", "askPrice",
               "bidSize", "askSize"],
    "both sides": ["X", 0, 0, 0, 0, "Q", 0, "Q", 1.5, 1.6, 10, 20],
    "no size": ["X", 0, 0, 0, 0, "Q", 0, "Q", 1.5, 1.6, 10, "NaN"],
    "no offer": ["X", 0, 0, 0, 0, "Q", 0, "Q", 1.5, "NaN", 10, "NaN"]
}
JSON
cat >ask.py <<'PY'
import json
from tastytrade.dxfeed import Quote
quotes = json.load(open("quotes.json"))
fields = quotes.pop("fields")
assert [field.alias for field in Quote.model_fields.values()] == fields
for what, quote in quotes.items():
    print(f"tastytrade: {what}:", [f"{event.bid_price} {event.ask_price} {event.ask_size}" for event in Quote.from_stream(quote)])
PY
cat >ask.mjs <<'JS'
import { readFileSync } from 'node:fs';
import { WebSocket, WebSocketServer } from 'ws';
globalThis.WebSocket = WebSocket;
const { DXLinkFeed, DXLinkWebSocketClient } = await import('@dxfeed/dxlink-api');
const { fields, ...quotes } = JSON.parse(readFileSync('quotes.json'));
const names = Object.keys(quotes);
const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
await new Promise((resolve) => server.once('listening', resolve));
server.on('connection', (socket) => {
    const send = (message) => socket.send(JSON.stringify(message));
    socket.on('message', (text) => {
        const { type, channel, service, parameters } = JSON.parse(text);
        if (type === 'SETUP') {
            send({ type, channel, version: '1.0', keepaliveTimeout: 60, acceptKeepaliveTimeout: 60 });
            send({ type: 'AUTH_STATE', channel, state: 'AUTHORIZED' });
        } else if (type === 'CHANNEL_REQUEST') {
            send({ type: 'CHANNEL_OPENED', channel, service, parameters });
        } else if (type === 'FEED_SETUP') {
            send({ type: 'FEED_CONFIG', channel, aggregationPeriod: 0.1, dataFormat: 'COMPACT', eventFields: { Quote: ['eventType', ...fields] } });
        } else if (type === 'FEED_SUBSCRIPTION') {
            send({ type: 'FEED_DATA', channel, data: ['Quote', Object.values(quotes).flatMap((quote) => ['Quote', ...quote])] });
        }
    });
});
const client = new DXLinkWebSocketClient();
client.connect(`ws://127.0.0.1:${server.address().port}`);
const feed = new DXLinkFeed(client, 'AUTO');
feed.configure({ acceptDataFormat: 'COMPACT', acceptEventFields: { Quote: ['eventType', ...fields] } });
feed.addEventListener((events) => {
    events.forEach((event, i) => console.log(`dxlink-api: ${names[i]}:`, event.bidPrice, event.askPrice, typeof event.askPrice, event.askSize));
    process.exit(0);
});
feed.addSubscriptions({ type: 'Quote', symbol: 'X' });
setTimeout(() => process.exit(1), 20000);
JS
{ venv/bin/python ask.py; node ask.mjs; } | tee seen
diff seen - <<'SEEN'
tastytrade: both sides: ['1.5 1.6 20']
tastytrade: no size: ['1.5 1.6 0']
tastytrade: no offer: []
dxlink-api: both sides: 1.5 1.6 number 20
dxlink-api: no size: 1.5 1.6 number NaN
dxlink-api: no offer: 1.5 NaN string NaN
SEEN
echo 'as described'
