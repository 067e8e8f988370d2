// npm's clients against /mcp: the older SDK, and the newer client in both eras.
//   node node_client.mjs URL LINK     with a key that may look in KEY, one that may change things in OPERATE, and one that is the operator's in PASSWORD
import assert from 'node:assert/strict';
import { Client as Older } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as OlderTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';

import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';

const [url, link] = process.argv.slice(2);
const options = (credential) => ({ requestInit: { headers: { Authorization: `Bearer ${credential}` } } });
const { KEY, OPERATE, PASSWORD } = process.env;
const self = { name: 'trial', version: '1' };

async function goesRound(name, client, transport) {
  const faults = [];
  client.onerror = (fault) => faults.push(fault);
  await client.connect(transport);
  const { tools } = await client.listTools();
  assert(tools.some((tool) => tool.name === 'start_instance' && tool.annotations.readOnlyHint === false));
  const instance = await client.callTool({ name: 'get_instance', arguments: { name: 'counter' } });
  assert.equal(instance.structuredContent.status, 'running');
  const wrong = await client.callTool({ name: 'get_instance', arguments: {} });
  assert(wrong.isError && wrong.content[0].text.includes("'name'"), JSON.stringify(wrong));
  const { resources } = await client.listResources();
  const { uri } = resources.find((one) => one.uri.endsWith('/counter/log'));
  assert.equal(new URL(uri).href, uri);
  const log = await client.readResource({ uri });
  assert(log.contents[0].text.includes('counting'));
  const { prompts } = await client.listPrompts();
  const prompt = await client.getPrompt({ name: prompts[0].name, arguments: { name: 'counter' } });
  assert.equal(prompt.messages.length, 2);
  await assert.rejects(client.readResource({ uri: 'fairlead://instances/nobody/log' }), /nobody/);
  await client.close();
  assert.deepEqual(faults, []);
  console.log(name, tools.length, 'tools');
}

// What changes something waits; the answer about it comes whole, though the link breaks while it is waited for.
async function waits(name, client, transport, call) {
  await client.connect(transport);
  const waiting = await client.callTool({ name: 'restart_instance', arguments: { name: 'counter' } });
  assert.equal(waiting.structuredContent.status, 'waiting');
  const heard = [];
  const approval = { approval_id: waiting.structuredContent.approval_id, wait_seconds: 2 };
  const told = await call({ name: 'get_approval', arguments: approval }, { onprogress: (word) => heard.push(word) });
  assert.equal(told.structuredContent.status, 'waiting');
  assert(heard.length > 0);
  await client.close();
  console.log(name, 'heard the rest after a cut');
}

// A client that asks its person: what that one says is what is done.
async function asks(name, client, transport, schema) {
  const asked = [];
  client.setRequestHandler(schema, (request) => {
    asked.push(request.params.message);
    return { action: 'accept', content: { approve: true } };
  });
  await client.connect(transport);
  const other = { arguments: { name: 'other' } };
  while ((await client.callTool({ name: 'get_instance', ...other })).structuredContent.status !== 'running') {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const done = await client.callTool({ name: 'restart_instance', ...other });
  assert.equal(done.structuredContent?.name, 'other', JSON.stringify(done));
  assert.equal(asked.length, 1);
  await client.close();
  console.log(name, 'asked its person');
}

// Who listens is told what changed.
async function listens(name, client, transport) {
  const log = 'fairlead://instances/counter/log';
  let told;
  const grown = new Promise((resolve) => { told = resolve; });
  client.setNotificationHandler('notifications/resources/updated', ({ params }) => told(params.uri));
  await client.connect(transport);
  const changes = await client.listen({ resourcesListChanged: true, resourceSubscriptions: [log] });
  assert.deepEqual(changes.honoredFilter, { resourcesListChanged: true, resourceSubscriptions: [log] });
  await client.callTool({ name: 'restart_instance', arguments: { name: 'counter' } });
  assert.equal(await grown, log);
  await changes.close();
  await client.close();
  console.log(name, 'was told what changed');
}

const capabilities = { capabilities: { elicitation: {} } };

{
  const transport = (to, credential) => new OlderTransport(new URL(to), options(credential));
  await goesRound('sdk 1.x', new Older(self), transport(url, KEY));
  const client = new Older(self);
  await waits('sdk 1.x', client, transport(link, KEY), (params, more) => client.callTool(params, undefined, more));
  await asks('sdk 1.x', new Older(self, capabilities), transport(url, PASSWORD), ElicitRequestSchema);
}
for (const mode of [undefined, 'auto', { pin: '2026-07-28' }]) {
  const name = `client 2.x ${JSON.stringify(mode ?? 'legacy')}`;
  const transport = (to, credential) => new StreamableHTTPClientTransport(new URL(to), options(credential));
  const era = mode ? { versionNegotiation: { mode } } : {};
  await goesRound(name, new Client(self, era), transport(url, KEY));
  const client = new Client(self, era);
  await waits(name, client, transport(link, KEY), (params, more) => client.callTool(params, more));
  await asks(name, new Client(self, { ...era, ...capabilities }), transport(url, PASSWORD), 'elicitation/create');
  if (mode) {
    await listens(name, new Client(self, era), transport(url, OPERATE));
  }
}
console.log('all well');
