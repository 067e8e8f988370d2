// npm's clients against /mcp: the older SDK, and the newer client in both eras.
//   node node_client.mjs URL KEY
import assert from 'node:assert/strict';
import { Client as Older } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as OlderTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';

const [url, key] = process.argv.slice(2);
const options = { requestInit: { headers: { Authorization: `Bearer ${key}` } } };
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

await goesRound('sdk 1.x', new Older(self), new OlderTransport(new URL(url), options));
await goesRound('client 2.x legacy', new Client(self), new StreamableHTTPClientTransport(new URL(url), options));
for (const mode of ['auto', { pin: '2026-07-28' }]) {
  const client = new Client(self, { versionNegotiation: { mode } });
  await goesRound(`client 2.x ${JSON.stringify(mode)}`, client, new StreamableHTTPClientTransport(new URL(url), options));
}
console.log('all well');
