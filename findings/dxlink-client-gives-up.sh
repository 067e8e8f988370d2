#!/usr/bin/env bash
# npm @dxfeed/dxlink-api 0.3.0, dxFeed's own client of the quote feed that tastytrade and others serve, with reconnection unlimited
# (maxReconnectAttempts 0), against a server that is restarted: it closes with 1012, and once more soon after the client is back.
#
# Expected: the client tries until the server stays, wherever in the handshake the second close falls; the option's text says that attempts
# are not limited. Seen: it depends on one message. A server greets with SETUP and AUTH_STATE UNAUTHORIZED, and then awaits the token. A close
# before that greeting, or after AUTHORIZED, is retried; one between the two counts as a refused token: the client disconnects for good,
# with an error that has the type UNKNOWN and no text. At the first connection it is the same. Who serves dxLink refuses while starting before
# the greeting or not at all; who uses the client treats NOT_CONNECTED as his own to mend, with setAuthToken and connect.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund @dxfeed/dxlink-api@0.3.0 ws@8.23.0
cat >ask.mjs <<'JS'
import { WebSocket, WebSocketServer } from 'ws';
globalThis.WebSocket = WebSocket;
const { DXLinkWebSocketClient } = await import('@dxfeed/dxlink-api');
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function restart(...closes) {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    await new Promise((resolve) => server.once('listening', resolve));
    let connections = 0;
    server.on('connection', (socket) => {
        const close = closes[connections++];
        const send = (message) => socket.send(JSON.stringify({ channel: 0, ...message }));
        socket.on('message', (text) => {
            const { type } = JSON.parse(text);
            if (type === 'SETUP' && close === 'before the greeting') {
                socket.close(1012);
            } else if (type === 'SETUP') {
                send({ type: 'SETUP', version: '1.0', keepaliveTimeout: 60, acceptKeepaliveTimeout: 60 });
                send({ type: 'AUTH_STATE', state: 'UNAUTHORIZED' });
                if (close === 'after the greeting') socket.close(1012);
            } else if (type === 'AUTH' && close !== 'after the greeting') {
                send({ type: 'AUTH_STATE', state: 'AUTHORIZED' });
                if (close === 'when authorized') setTimeout(() => socket.close(1012), 200);
            }
        });
    });
    const client = new DXLinkWebSocketClient({ maxReconnectAttempts: 0 });
    const errors = [];
    client.addErrorListener((error) => errors.push(`${error.type} "${error.message}"`));
    client.setAuthToken('token');
    client.connect(`ws://127.0.0.1:${server.address().port}`);
    await wait(8000); // the attempts come after 1 s and 2 s
    return `closed ${closes.join(', ')}: ${connections} connections, ${client.getConnectionState()}, last error ${errors.at(-1)}`;
}
const cases = [
    restart('when authorized', 'when authorized'),
    restart('when authorized', 'before the greeting'),
    restart('when authorized', 'after the greeting'),
    restart('after the greeting'),
];
console.log((await Promise.all(cases)).join('\n'));
process.exit(0);
JS
node ask.mjs | tee seen
diff seen - <<'SEEN'
closed when authorized, when authorized: 3 connections, CONNECTED, last error UNKNOWN ""
closed when authorized, before the greeting: 3 connections, CONNECTED, last error UNKNOWN ""
closed when authorized, after the greeting: 2 connections, NOT_CONNECTED, last error UNKNOWN ""
closed after the greeting: 1 connections, NOT_CONNECTED, last error UNKNOWN ""
SEEN
echo 'as described'
