import type { JSX } from "preact";
import { Button } from "../../ui/button.tsx";
import { Copy } from "../../ui/copy.tsx";
import { Icon } from "../../ui/icons.tsx";
import { Pill, type Tone } from "../../ui/pill.tsx";
import type { Conversation } from "./conversation.ts";
import { visible } from "../../ui/visible.ts";
import { OrderFacts } from "../market/order_facts.tsx";
import { memo } from "./memo.ts";
import type { Tool } from "./transcript.ts";

const STATES: Record<Tool["state"], { tone: Tone; word: string }> = {
  waiting: { tone: "warn", word: "needs approval" },
  running: { tone: "busy", word: "running" },
  answered: { tone: "good", word: "done" },
  ok: { tone: "good", word: "done" },
  failed: { tone: "bad", word: "failed" },
  denied: { tone: "quiet", word: "denied" },
  expired: { tone: "quiet", word: "expired" },
  unknown: { tone: "warn", word: "outcome unknown" },
};

/** A call of a tool: closed until somebody wants to know more, or must decide. */
export const ToolCard = memo(function ToolCard({ tool, conversation }: {
  tool: Tool;
  conversation: Conversation;
}): JSX.Element {
  const { tone, word } = STATES[tool.state];
  const brief = preview(tool.args);
  return (
    <div class={`tool ${tool.state}`}>
      <details open={tool.state === "waiting"}>
        <summary aria-label={`Tool ${tool.name}, ${word}`}>
          <Icon name="right" size={12} />
          <code class="tool-name">{visible(tool.name)}</code>
          <span class="tool-brief">{brief}</span>
          <Pill tone={tone}>{word}</Pill>
        </summary>
        <div class="tool-body">
          <Arguments args={tool.args} facts={tool.state === "waiting"} />
          {tool.output === undefined
            ? tool.state !== "waiting" && <p class="faint">No result yet</p>
            : <Piece title="Result" text={pretty(parsed(tool.output))} />}
        </div>
      </details>
      {tool.state === "waiting" && (
        <div class="tool-ask">
          <span>The agent asks to run this.</span>
          <Button
            label={`Deny ${tool.name}`}
            onClick={() => conversation.decide(tool.id, "deny")}
          >
            Deny
          </Button>
          <Button
            kind="primary"
            label={`Approve ${tool.name}`}
            onClick={() => conversation.decide(tool.id, "approve")}
          >
            Approve
          </Button>
        </div>
      )}
    </div>
  );
});

/** What a tool is called with; in place of an order's bare id its facts, for whoever decides. */
export function Arguments({ args, facts }: { args: unknown; facts: boolean }): JSX.Element | null {
  const order = orderOf(args);
  const text = pretty(args);
  return facts && order !== undefined
    ? <OrderFacts id={order} />
    : text === "{}" || text === ""
    ? null
    : <Piece title="Arguments" text={text} />;
}

function Piece({ title, text }: { title: string; text: string }): JSX.Element {
  return (
    <div class="tool-piece">
      <div class="tool-piece-head">
        <span>{title}</span>
        <Copy text={text} label={`Copy ${title.toLowerCase()}`} />
      </div>
      <pre tabIndex={0} role="group" aria-label={title}>{text}</pre>
    </div>
  );
}

/** JSON where it is that, else the text. */
export function parsed(output: string): unknown {
  try {
    return JSON.parse(output);
  } catch {
    return output;
  }
}

/** As it is: nothing in it may hide, or turn, what somebody approves. */
function pretty(value: unknown): string {
  return visible(typeof value === "string" ? value : JSON.stringify(value ?? {}, null, 2));
}

/** An order that a call is about: nobody should have to approve a bare id. */
function orderOf(args: unknown): string | undefined {
  const id = typeof args === "object" && args !== null && "order_id" in args ? args.order_id : undefined;
  return typeof id === "string" ? id : undefined;
}

/** The arguments on one line, as far as they fit. */
function preview(args: unknown): string {
  if (typeof args !== "object" || args === null) {
    return "";
  }
  const line = Object.entries(args)
    .map(([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join(" ")
    .slice(0, 160);
  return visible(line);
}
