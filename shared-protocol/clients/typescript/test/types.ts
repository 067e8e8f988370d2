// What is written with the client is checked by its types: this compiles, and would not without them.
import { Agent, type AgentsChannelFrame, Stream } from "@fairlead/client";

const agent = new Agent({ url: "ws://localhost:18800", name: "typed" })
  .onRequest("greet", async ({ data, from }) => ({ text: `Hello, ${data.who} of ${from ?? "the gateway"}` }))
  .onMessage(({ messageId, sentAt }) => `${messageId} ${sentAt.toISOString()}`)
  .onChat((turn) => {
    turn.chunk("…");
    return turn.content;
  });

export async function online(): Promise<string[]> {
  const { message_id, status } = await agent.send("other", "note", { n: 1 }, { ttlSeconds: 60 });
  // @ts-expect-error: there is no such status
  if (status === "lost") {
    return [message_id];
  }
  for await (const frame of new Stream<AgentsChannelFrame>({ url: "ws://localhost:18800/ws/agents" })) {
    if (frame.type === "snapshot") {
      return frame.agents.filter((each) => each.status === "online").map((each) => each.name);
    }
  }
  return [];
}
