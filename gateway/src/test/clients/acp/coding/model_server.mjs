// What Claude Code and Codex take for their model: Anthropic's Messages and OpenAI's Responses, as far as those two use them. It repeats
// what it is told; where that begins with "run " it has the rest run as a command first. Prints its port.
import { createServer } from "node:http";

let ids = 0;

const usage = { input_tokens: 1, output_tokens: 1 };

function send(response, event) {
  response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
}

const texts = (content) => (typeof content === "string" ? [content] : content.flatMap((part) => part.text ?? []));

// What the person said last; agents put instructions of their own around it, in tags.
const question = (messages) =>
  messages
    .filter((message) => message.role === "user")
    .flatMap((message) => texts(message.content))
    .map((text) => text.trim())
    .filter((text) => text !== "" && !text.startsWith("<"))
    .at(-1) ?? "";

function messages(asked, response) {
  const said = question(asked.messages);
  const last = asked.messages.findLast((message) => message.role === "user").content;
  const result = last instanceof Array && last.find((part) => part.type === "tool_result");
  const runs = said.startsWith("run ") && !result && asked.tools?.some((tool) => tool.name === "Bash");
  const input = JSON.stringify({ command: said.slice(4), description: "Does what was asked" });
  const word = result ? (result.is_error ? "was refused" : "did") : "heard";
  send(response, {
    type: "message_start",
    message: { id: `msg_${++ids}`, type: "message", role: "assistant", model: asked.model, content: [], usage },
  });
  send(response, {
    type: "content_block_start",
    index: 0,
    content_block: runs ? { type: "tool_use", id: `toolu_${++ids}`, name: "Bash", input: {} } : { type: "text", text: "" },
  });
  send(response, {
    type: "content_block_delta",
    index: 0,
    delta: runs
      ? { type: "input_json_delta", partial_json: input }
      : { type: "text_delta", text: `the model ${word} ${said}` },
  });
  send(response, { type: "content_block_stop", index: 0 });
  send(response, { type: "message_delta", delta: { stop_reason: runs ? "tool_use" : "end_turn" }, usage });
  send(response, { type: "message_stop" });
}

function responses(asked, response) {
  const said = question(asked.input);
  const result = asked.input.at(-1).type === "function_call_output" && asked.input.at(-1).output;
  const runs = said.startsWith("run ") && !result && asked.tools?.some((tool) => tool.name === "exec_command");
  const word = result ? (JSON.stringify(result).includes("rejected") ? "was refused" : "did") : "heard";
  const item = runs
    ? {
        type: "function_call",
        id: `fc_${++ids}`,
        call_id: `call_${ids}`,
        name: "exec_command",
        arguments: JSON.stringify({
          cmd: said.slice(4),
          sandbox_permissions: "require_escalated",
          justification: "It was asked for",
        }),
      }
    : {
        type: "message",
        id: `msg_${++ids}`,
        role: "assistant",
        content: [{ type: "output_text", text: `the model ${word} ${said}`, annotations: [] }],
      };
  const id = `resp_${++ids}`;
  send(response, { type: "response.created", response: { id, status: "in_progress", output: [] } });
  send(response, { type: "response.output_item.added", output_index: 0, item });
  if (!runs) {
    send(response, {
      type: "response.output_text.delta",
      item_id: item.id,
      output_index: 0,
      content_index: 0,
      delta: item.content[0].text,
    });
  }
  send(response, { type: "response.output_item.done", output_index: 0, item });
  send(response, {
    type: "response.completed",
    response: { id, status: "completed", output: [item], usage: { ...usage, total_tokens: 2 } },
  });
}

const answers = { "/v1/messages": messages, "/v1/responses": responses };

createServer((request, response) => {
  let body = "";
  request.on("data", (data) => (body += data));
  request.on("end", () => {
    const path = request.url.split("?")[0];
    console.error(request.method, path, body);
    if (request.method === "POST" && answers[path]) {
      response.setHeader("content-type", "text/event-stream");
      answers[path](JSON.parse(body), response);
    } else {
      response.statusCode = 404;
    }
    response.end();
  });
}).listen(0, "127.0.0.1", function () {
  console.log(this.address().port);
});
