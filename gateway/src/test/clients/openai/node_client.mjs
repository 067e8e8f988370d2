// npm's openai asks the fleet: node_client.mjs BASE_URL KEY. Says itself whether all is well.
import assert from "node:assert/strict";
import OpenAI from "openai";

const [baseURL, apiKey] = process.argv.slice(2);
const client = new OpenAI({ baseURL, apiKey });
const model = "fairlead/operator";

const models = [];
for await (const one of client.models.list()) models.push(one.id);
assert.ok(models.includes(model), models);
assert.equal((await client.models.retrieve(model)).id, model);
await assert.rejects(
  client.chat.completions.create({ model: "gpt-4o", messages: [{ role: "user", content: "x" }] }),
  (refusal) => refusal.status === 404 && refusal.code === "model_not_found" && refusal.param === "model",
);

const messages = [{ role: "user", content: "/help" }];
const whole = await client.chat.completions.create({ model, messages });
const said = whole.choices[0].message.content;
assert.match(said, /\/instances/);
const stream = client.chat.completions.stream({ model, messages, stream_options: { include_usage: true } });
assert.equal(await stream.finalContent(), said);
assert.notEqual(await stream.totalUsage(), undefined);
console.log("chat completions");

const response = await client.responses.create({ model, input: "/help" });
assert.equal(response.output_text, said);
const events = client.responses.stream({ model, input: "/agents", previous_response_id: response.id });
const types = [];
for await (const event of events) types.push(event.type);
assert.equal(types.at(-1), "response.completed");
const final = await events.finalResponse();
assert.ok(final.output_text);
const again = client.responses.stream({ response_id: final.id, starting_after: 2 });
assert.equal((await again.finalResponse()).output_text, final.output_text);
const background = await client.responses.create({ model, input: "/help", background: true });
let now = background;
for (let tries = 0; tries < 100 && now.status !== "completed"; tries++) now = await client.responses.retrieve(background.id);
assert.equal(now.output_text, said);
await client.responses.delete(background.id);
await assert.rejects(client.responses.retrieve(background.id), { status: 404 });
console.log("responses");
console.log("all well");
