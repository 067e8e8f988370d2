#!/usr/bin/env bash
# The device grant (RFC 8628) as polled by Go golang.org/x/oauth2 0.38.0 (DeviceAccessToken) and npm openid-client 6.9.0
# (pollDeviceAuthorizationGrant), while the server is restarted for a moment: one poll is cut off, or answered 502 or 503 by the proxy in
# front, between "authorization_pending" before and the token after.
#
# Expected: the loop goes on until the code expires; polls repeat anyway, a user is typing the code meanwhile, and RFC 8628 (3.5) tells a
# client that meets a connection timeout to poll on, more slowly. Seen: a cut ends the login in both, and with it the code that the user
# has just entered. A 5xx ends it in Go, with Retry-After or without; npm goes on after 503 with Retry-After only, and ends at 502.
# So a server that logs agents in this way keeps device codes over a restart, and yet has the user begin again: a proxy in front
# of it answers 503 with Retry-After, or better 400 with slow_down, which both obey.
set -euo pipefail
work=$(mktemp -d)
server=
trap 'kill $server 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund openid-client@6.9.0
export GOPATH=$work/go GOFLAGS='-modcacherw -mod=mod'
cat >go.mod <<'MOD'
module ask

go 1.25.0

require golang.org/x/oauth2 v0.38.0
MOD
cat >server.mjs <<'JS'
import http from 'node:http';
const polls = {};
const server = http.createServer((request, response) => {
    const answer = (status, what, headers = {}) =>
        response.writeHead(status, { 'content-type': 'application/json', connection: 'close', ...headers }).end(JSON.stringify(what));
    const [, between, , what] = request.url.split('/');
    if (what === 'device') {
        polls[request.url] = 0;
        return answer(200, { device_code: 'd', user_code: 'ABCD', verification_uri: 'https://login.example/device', expires_in: 600, interval: 1 });
    }
    const poll = (polls[request.url] = (polls[request.url] ?? 0) + 1);
    if (poll === 1) return answer(400, { error: 'authorization_pending' });
    if (poll > 2) return answer(200, { access_token: 'a', token_type: 'Bearer', expires_in: 60 });
    if (between === 'pending') return answer(400, { error: 'authorization_pending' });
    if (between === 'slow_down') return answer(400, { error: 'slow_down' });
    if (between === 'cut') return request.socket.destroy();
    const [status, seconds] = between.split('-');
    response.writeHead(Number(status), { 'content-type': 'text/plain', connection: 'close', ...(seconds && { 'retry-after': seconds }) }).end('restarting\n');
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
JS
node server.mjs >port &
server=$!
until [[ -s port ]]; do sleep 0.1; done
cat >ask.mjs <<'JS'
import * as oidc from 'openid-client';
for (const between of process.argv.slice(3)) {
    const base = `http://127.0.0.1:${process.argv[2]}/${between}/npm/`;
    const server = { issuer: base, token_endpoint: `${base}token`, device_authorization_endpoint: `${base}device` };
    const configuration = new oidc.Configuration(server, 'agent', undefined, oidc.None());
    oidc.allowInsecureRequests(configuration);
    const device = await oidc.initiateDeviceAuthorization(configuration, {});
    const end = await oidc.pollDeviceAuthorizationGrant(configuration, device).then(() => 'logged in', () => 'given up');
    console.log(`openid-client: ${between}: ${end}`);
}
JS
cat >main.go <<'GO'
package main

import (
	"context"
	"fmt"
	"log"
	"os"

	"golang.org/x/oauth2"
)

func main() {
	ctx := context.Background()
	for _, between := range os.Args[2:] {
		base := fmt.Sprintf("http://127.0.0.1:%s/%s/go/", os.Args[1], between)
		config := oauth2.Config{ClientID: "agent", Endpoint: oauth2.Endpoint{
			TokenURL: base + "token", DeviceAuthURL: base + "device", AuthStyle: oauth2.AuthStyleInParams}}
		device, err := config.DeviceAuth(ctx)
		if err != nil {
			log.Fatal(err)
		}
		end := "logged in"
		if _, err := config.DeviceAccessToken(ctx, device); err != nil {
			end = "given up"
		}
		fmt.Printf("x/oauth2: %s: %s\n", between, end)
	}
}
GO
all=(pending slow_down cut 502 503 503-1)
{
    node ask.mjs "$(<port)" "${all[@]}"
    go run . "$(<port)" "${all[@]}" 2>go.log || { cat go.log >&2; exit 1; }
} | tee seen
diff seen - <<'SEEN'
openid-client: pending: logged in
openid-client: slow_down: logged in
openid-client: cut: given up
openid-client: 502: given up
openid-client: 503: given up
openid-client: 503-1: logged in
x/oauth2: pending: logged in
x/oauth2: slow_down: logged in
x/oauth2: cut: given up
x/oauth2: 502: given up
x/oauth2: 503: given up
x/oauth2: 503-1: given up
SEEN
echo 'as described'
