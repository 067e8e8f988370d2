// npm's ai, which pages and editors are made with, asks the fleet over both APIs: framework_client.mjs BASE_URL KEY. Says itself whether
// all is well.
import assert from "node:assert/strict";
import { createOpenAI } from "@ai-sdk/openai";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { generateText, streamText } from "ai";

const [baseURL, apiKey] = process.argv.slice(2);
const compatible = createOpenAICompatible({ name: "fairlead", baseURL, apiKey, includeUsage: true });
const models = {
  "chat completions": compatible("fairlead/operator"),
  responses: createOpenAI({ baseURL, apiKey }).responses("fairlead/operator"),
};

for (const [name, model] of Object.entries(models)) {
  const { text, finishReason } = await generateText({ model, system: "Be brief.", prompt: "/help" });
  assert.match(text, /\/instances/);
  assert.equal(finishReason, "stop");
  let pieces = "";
  const streamed = streamText({ model, prompt: "/help" });
  for await (const piece of streamed.textStream) pieces += piece;
  assert.equal(pieces, text);
  assert.equal(await streamed.finishReason, "stop");
  const messages = [
    { role: "user", content: "/help" },
    { role: "assistant", content: text },
    { role: "user", content: "/agents" },
  ];
  assert.ok((await generateText({ model, messages })).text);
  console.log(name);
}
await assert.rejects(generateText({ model: compatible("gpt-4o"), prompt: "x", maxRetries: 0 }), (refusal) => {
  assert.equal(refusal.statusCode, 404);
  assert.match(refusal.message, /gpt-4o/);
  return true;
});
console.log("all well");
