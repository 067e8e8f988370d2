#!/usr/bin/env bash
# An ACP agent that answers a prompt in three chunks of text and ends the turn, all at once, with three clients: npm @agentclientprotocol/sdk
# 2.4.0, PyPI agent-client-protocol 0.12.1 and Go github.com/coder/acp-go-sdk 0.13.0. The client's handler of session/update takes some time
# over each chunk (a write to a slow page, a row in a database), the most over the first.
#
# Expected: chunks carry no number, so that their order is the stream's, and a handler is given the next one when it is done with this one;
# what is read before the answer to session/prompt is handled before the prompt returns. Seen: that is Go. npm starts a handler for each chunk as it
# comes, and the prompt returns before any has ended; PyPI's prompt awaits them, but they run side by side as well: either way the text ends
# up as "two three one". With handlers that never wait all three are right, so that no test in memory finds it. An application appends to
# a queue of its own in the handler, without awaiting anything, and works on the queue elsewhere; an agent cannot help it.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund @agentclientprotocol/sdk@2.4.0
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check uv
venv/bin/uv pip install --quiet --python venv/bin/python agent-client-protocol==0.12.1
export GOPATH=$work/go GOFLAGS='-modcacherw -mod=mod'
cat >go.mod <<'MOD'
module ask

go 1.22

require github.com/coder/acp-go-sdk v0.13.0
MOD
cat >agent.mjs <<'JS'
import readline from 'node:readline';
const line = (message) => JSON.stringify({ jsonrpc: '2.0', ...message }) + '\n';
const chunk = (text) =>
    line({ method: 'session/update', params: { sessionId: 's', update: { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text } } } });
readline.createInterface({ input: process.stdin }).on('line', (text) => {
    const { id, method } = JSON.parse(text);
    if (method === 'initialize') process.stdout.write(line({ id, result: { protocolVersion: 1, agentCapabilities: {}, authMethods: [] } }));
    if (method === 'session/new') process.stdout.write(line({ id, result: { sessionId: 's' } }));
    if (method === 'session/prompt') process.stdout.write(['one ', 'two ', 'three '].map(chunk).join('') + line({ id, result: { stopReason: 'end_turn' } }));
});
JS
cat >ask.mjs <<'JS'
import { spawn } from 'node:child_process';
import { Readable, Writable } from 'node:stream';
import * as acp from '@agentclientprotocol/sdk';
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const agent = spawn('node', ['agent.mjs'], { stdio: ['pipe', 'pipe', 'inherit'] });
const stream = acp.ndJsonStream(Writable.toWeb(agent.stdin), Readable.toWeb(agent.stdout));
let slow, text;
const client = acp.client({ name: 'c' }).onNotification(acp.methods.client.session.update, async ({ params: { update } }) => {
    if (slow) await wait(update.content.text === 'one ' ? 1000 : 200);
    text += update.content.text;
});
await client.connectWith(stream, async (agent) => {
    await agent.request(acp.methods.agent.initialize, { protocolVersion: 1, clientCapabilities: {} });
    const { sessionId } = await agent.request(acp.methods.agent.session.new, { cwd: '/', mcpServers: [] });
    for (slow of [false, true]) {
        text = '';
        await agent.request(acp.methods.agent.session.prompt, { sessionId, prompt: [{ type: 'text', text: 'Count.' }] });
        const returned = text;
        await wait(1500);
        console.log(`npm: ${slow ? 'slow' : 'quick'} handler: "${returned}" when the prompt returns, "${text}" in the end`);
    }
});
agent.kill();
JS
cat >ask.py <<'PY'
import asyncio, acp

class Client(acp.Client):
    async def session_update(self, session_id, update, **more):
        if self.slow:
            await asyncio.sleep(1 if update.content.text == "one " else 0.2)
        self.text += update.content.text

async def main():
    client = Client()
    async with acp.spawn_agent_process(client, "node", "agent.mjs") as (agent, process):
        await agent.initialize(protocol_version=acp.PROTOCOL_VERSION)
        session = await agent.new_session(cwd="/", mcp_servers=[])
        for client.slow in (False, True):
            client.text = ""
            await agent.prompt(session_id=session.session_id, prompt=[acp.text_block("Count.")])
            returned = client.text
            await asyncio.sleep(1.5)
            print(f'PyPI: {"slow" if client.slow else "quick"} handler: "{returned}" when the prompt returns, "{client.text}" in the end')

asyncio.run(main())
PY
cat >main.go <<'GO'
package main

import (
	"context"
	"fmt"
	"log"
	"os/exec"
	"time"

	"github.com/coder/acp-go-sdk"
)

type client struct {
	acp.Client
	slow bool
	text string
}

func (c *client) SessionUpdate(_ context.Context, update acp.SessionNotification) error {
	text := update.Update.AgentMessageChunk.Content.Text.Text
	if c.slow && text == "one " {
		time.Sleep(time.Second)
	} else if c.slow {
		time.Sleep(200 * time.Millisecond)
	}
	c.text += text
	return nil
}

func must[T any](value T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return value
}

func main() {
	ctx := context.Background()
	command := exec.Command("node", "agent.mjs")
	input, output := must(command.StdinPipe()), must(command.StdoutPipe())
	must(0, command.Start())
	c := &client{}
	agent := acp.NewClientSideConnection(c, input, output)
	must(agent.Initialize(ctx, acp.InitializeRequest{ProtocolVersion: acp.ProtocolVersionNumber}))
	session := must(agent.NewSession(ctx, acp.NewSessionRequest{Cwd: "/", McpServers: []acp.McpServer{}}))
	for _, handler := range []string{"quick", "slow"} {
		c.slow, c.text = handler == "slow", ""
		must(agent.Prompt(ctx, acp.PromptRequest{SessionId: session.SessionId, Prompt: []acp.ContentBlock{acp.TextBlock("Count.")}}))
		returned := c.text
		time.Sleep(1500 * time.Millisecond)
		fmt.Printf("Go: %s handler: %q when the prompt returns, %q in the end\n", handler, returned, c.text)
	}
	must(0, command.Process.Kill())
}
GO
{
    node ask.mjs
    venv/bin/python ask.py
    go run . 2>go.log || { cat go.log >&2; exit 1; }
} | tee seen
diff seen - <<'SEEN'
npm: quick handler: "one two three " when the prompt returns, "one two three " in the end
npm: slow handler: "" when the prompt returns, "two three one " in the end
PyPI: quick handler: "one two three " when the prompt returns, "one two three " in the end
PyPI: slow handler: "two three one " when the prompt returns, "two three one " in the end
Go: quick handler: "one two three " when the prompt returns, "one two three " in the end
Go: slow handler: "one two three " when the prompt returns, "one two three " in the end
SEEN
echo 'as described'
