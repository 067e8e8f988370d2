#!/usr/bin/env bash
# npm @agentclientprotocol/codex-acp 2.6.0 (on npm node 22.23.3) as an ACP agent, with a model on this machine that calls exec_command with
# sandbox_permissions "require_escalated", and a client that allows whatever session/request_permission asks. The configuration says
# approval_policy = "on-request" and approvals_reviewer = "user".
#
# Expected: the person is asked, by session/request_permission, as the configuration has it. Seen: in the mode a session begins in nobody is
# asked; a review of Codex' own asks the model once more whether the command is to run and, where that gives no verdict, the command is denied
# and the turn ends as if all were well. With INITIAL_AGENT_MODE=workspace-write the client is asked once and the command runs. Who wants an
# inbox of approvals for Codex sets the mode, not the policy.
set -euo pipefail
work=$(mktemp -d)
model=
# Codex writes on for a moment after its end.
trap '[[ -z $model ]] || kill "$model"; for _ in 1 2 3 4 5; do rm -rf "$work" 2>/dev/null && break; sleep 1; done' EXIT
cd "$work"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund @agentclientprotocol/codex-acp@2.6.0 node@22.23.3
export PATH=$work/node_modules/node/bin:$PATH
cat >model.mjs <<'JS'
// What Codex takes for its model: each turn asks to have one command run outside the sandbox, then says so.
import { createServer } from 'node:http';
const event = (response, one) => response.write(`event: ${one.type}\ndata: ${JSON.stringify(one)}\n\n`);
createServer((request, response) => {
    let body = '';
    request.on('data', (data) => (body += data));
    request.on('end', () => {
        if (!request.url.startsWith('/v1/responses')) { response.statusCode = 404; return response.end(); }
        const { input, tools } = JSON.parse(body);
        const may = tools?.some((tool) => tool.name === 'exec_command') && input.at(-1).type !== 'function_call_output';
        const item = may
            ? { type: 'function_call', id: 'fc_1', call_id: 'call_1', name: 'exec_command',
                arguments: JSON.stringify({ cmd: 'touch made', sandbox_permissions: 'require_escalated', justification: 'asked for' }) }
            : { type: 'message', id: 'msg_1', role: 'assistant', content: [{ type: 'output_text', text: 'over', annotations: [] }] };
        response.setHeader('content-type', 'text/event-stream');
        event(response, { type: 'response.created', response: { id: 'resp_1', status: 'in_progress', output: [] } });
        event(response, { type: 'response.output_item.added', output_index: 0, item });
        event(response, { type: 'response.output_item.done', output_index: 0, item });
        event(response, { type: 'response.completed', response: { id: 'resp_1', status: 'completed', output: [item],
            usage: { input_tokens: 1, output_tokens: 1, total_tokens: 2 } } });
        response.end();
    });
}).listen(0, '127.0.0.1', function () { console.log(this.address().port); });
JS
cat >ask.mjs <<'JS'
// One prompt by a client that allows what it is asked.
import { spawn } from 'node:child_process';
import readline from 'node:readline';
import { mkdtempSync, existsSync } from 'node:fs';
const [mode, agentFile] = process.argv.slice(2);
const cwd = mkdtempSync(process.cwd() + '/at-');
const agent = spawn(process.execPath, [agentFile], {
    cwd, stdio: ['pipe', 'pipe', 'ignore'],
    env: { ...process.env, ...(mode === 'default' ? {} : { INITIAL_AGENT_MODE: mode }) } });
const send = (message) => agent.stdin.write(JSON.stringify({ jsonrpc: '2.0', ...message }) + '\n');
const waiting = new Map();
let ids = 0, asked = 0;
const call = (method, params) => new Promise((resolve) => { waiting.set(++ids, resolve); send({ id: ids, method, params }); });
readline.createInterface({ input: agent.stdout }).on('line', (line) => {
    const message = JSON.parse(line);
    if (message.method === 'session/request_permission') {
        asked++;
        const { optionId } = message.params.options.find((option) => option.kind === 'allow_once') ?? message.params.options[0];
        send({ id: message.id, result: { outcome: { outcome: 'selected', optionId } } });
    } else if (!message.method) waiting.get(message.id)?.(message.result ?? message.error);
});
await call('initialize', { protocolVersion: 1, clientCapabilities: {} });
const session = await call('session/new', { cwd, mcpServers: [] });
await call('session/prompt', { sessionId: session.sessionId, prompt: [{ type: 'text', text: 'Make it.' }] });
console.log(`${mode} mode: permission asked for ${asked} times, the command ${existsSync(cwd + '/made') ? 'was run' : 'was not run'}`);
agent.kill();
process.exit();
JS
node model.mjs >port &
model=$!
until [[ -s port ]]; do sleep 0.1; done
mkdir home
cat >home/config.toml <<TOML
model = "test-model"
model_provider = "ours"
approval_policy = "on-request"
approvals_reviewer = "user"
[model_providers.ours]
name = "ours"
base_url = "http://127.0.0.1:$(<port)/v1"
wire_api = "responses"
env_key = "OPENAI_API_KEY"
TOML
export CODEX_HOME=$work/home OPENAI_API_KEY=sk-none
for mode in default workspace-write; do
    timeout 120 node ask.mjs "$mode" "$work"/node_modules/@agentclientprotocol/codex-acp/dist/index.js
done | tee seen
diff seen - <<'SEEN'
default mode: permission asked for 0 times, the command was not run
workspace-write mode: permission asked for 1 times, the command was run
SEEN
echo 'as described'
