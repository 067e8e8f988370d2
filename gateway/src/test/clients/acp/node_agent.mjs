// An agent written with the protocol's TypeScript SDK: it repeats what it hears, and asks before it edits.
import { agent, methods, ndJsonStream, PROTOCOL_VERSION } from "@agentclientprotocol/sdk";
import { Readable, Writable } from "node:stream";

const options = [
  { optionId: "always", name: "Always", kind: "allow_always" },
  { optionId: "yes", name: "Yes", kind: "allow_once" },
  { optionId: "no", name: "No", kind: "reject_once" },
];

async function prompted({ params, client }) {
  const { sessionId, prompt } = params;
  const update = (one) => client.notify(methods.client.session.update, { sessionId, update: one });
  let text = prompt.at(-1).text;
  if (text === "edit") {
    const content = [{ type: "diff", path: "/w/a.txt", oldText: "1\n", newText: "2\n" }];
    const toolCall = { toolCallId: "t1", title: "Edit a.txt", kind: "edit", status: "pending", content };
    await update({ sessionUpdate: "tool_call", ...toolCall });
    const { outcome } = await client.request(methods.client.session.requestPermission, { sessionId, toolCall, options });
    const chosen = outcome.optionId ?? outcome.outcome;
    await update({ sessionUpdate: "tool_call_update", toolCallId: "t1", status: chosen === "yes" ? "completed" : "failed" });
    text = `chosen ${chosen}`;
  }
  await update({ sessionUpdate: "agent_message_chunk", content: { type: "text", text: `node heard ${text}` } });
  return { stopReason: "end_turn" };
}

agent({ name: "repeater" })
  .onRequest(methods.agent.initialize, () => ({ protocolVersion: PROTOCOL_VERSION, agentCapabilities: {} }))
  .onRequest(methods.agent.session.new, () => ({ sessionId: "only" }))
  .onRequest(methods.agent.session.prompt, prompted)
  .onNotification(methods.agent.session.cancel, () => {})
  .connect(ndJsonStream(Writable.toWeb(process.stdout), Readable.toWeb(process.stdin)));
