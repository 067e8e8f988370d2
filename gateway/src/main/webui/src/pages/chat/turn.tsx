import type { JSX } from "preact";
import { Button } from "../../ui/button.tsx";
import { Copy } from "../../ui/copy.tsx";
import { Icon } from "../../ui/icons.tsx";
import { Note } from "../../ui/note.tsx";
import { timeOfDay, wholeTime } from "../../app/time.ts";
import type { Conversation } from "./conversation.ts";
import { Markdown } from "./markdown.tsx";
import { memo } from "./memo.ts";
import { ToolCard } from "./tool_card.tsx";
import type { Turn } from "./transcript.ts";

/** A question and its answer. */
export const TurnView = memo(function TurnView({ turn, conversation }: {
  turn: Turn;
  conversation: Conversation;
}): JSX.Element {
  return (
    <article class="turn" aria-label={turn.content.slice(0, 80) || "Turn"}>
      {turn.content !== "" && (
        <div class="asked">
          <p>{turn.content}</p>
          {turn.state === "queued" && (
            <span class="asked-note">
              <Icon name="clock" size={12} /> Waits for its turn
            </span>
          )}
        </div>
      )}
      {(turn.state !== "queued" || turn.tools.length > 0) && (
        <Answer turn={turn} conversation={conversation} />
      )}
    </article>
  );
});

function Answer({ turn, conversation }: { turn: Turn; conversation: Conversation }): JSX.Element {
  const running = turn.state === "running" || turn.state === "sent";
  return (
    <div class="answer">
      {turn.thinking !== "" && (
        <details class="thinking">
          <summary>
            <Icon name="right" size={12} /> {running && turn.text === "" ? "Thinking…" : "Thinking"}
          </summary>
          <p>{turn.thinking}</p>
        </details>
      )}
      {turn.tools.map((tool) => <ToolCard key={tool.id} tool={tool} conversation={conversation} />)}
      {turn.text !== "" && <Markdown text={turn.text} />}
      {running && turn.tools.every((tool) => tool.state !== "waiting") && <Working turn={turn} />}
      {turn.failure !== undefined && <Failure turn={turn} conversation={conversation} />}
      {turn.state === "aborted" && <p class="ended">Stopped{turn.text === "" ? " before it answered" : ""}
      </p>}
      {turn.state === "interrupted" && turn.failure === undefined && <p class="ended">Interrupted</p>}
      {!running && turn.text !== "" && <Foot turn={turn} />}
    </div>
  );
}

function Working({ turn }: { turn: Turn }): JSX.Element {
  const { status } = turn;
  return (
    <p class="at-work">
      <span class="dots" aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
      {status !== undefined && <span>{status.detail || status.phase}</span>}
      {status === undefined && turn.text === "" && <span class="hidden">Working</span>}
    </p>
  );
}

const REMEDIES: Record<string, string> = {
  AUTH_ERROR: "The model's provider refused the key: see llm.api_key in the gateway's settings.",
  SESSION_BUSY: "Wait for an answer, or stop the turn that runs; then send it again.",
};

function Failure({ turn, conversation }: { turn: Turn; conversation: Conversation }): JSX.Element {
  const failure = turn.failure!;
  const remedy = REMEDIES[failure.code];
  return (
    <div class="turn-failure">
      <Note>
        {failure.message}
        {remedy !== undefined && !failure.message.includes("llm.") && <span class="remedy">{remedy}</span>}
      </Note>
      <Button
        icon="restart"
        onClick={() => {
          if (conversation.send(turn.content) && turn.turnId === undefined) {
            conversation.discard(turn.key);
          }
        }}
      >
        Ask again
      </Button>
    </div>
  );
}

function Foot({ turn }: { turn: Turn }): JSX.Element {
  return (
    <footer class="turn-foot">
      <Copy text={turn.text} label="Copy answer" />
      {turn.at !== undefined && (
        <time dateTime={turn.at} title={wholeTime(turn.at)}>{timeOfDay(turn.at).slice(0, 5)}</time>
      )}
      {turn.usage !== undefined && (
        <span title="Tokens of the model: read, written">
          {turn.usage.input_tokens} in, {turn.usage.output_tokens} out
        </span>
      )}
      {turn.budget !== undefined && <span title="Budget of language models">{turn.budget}</span>}
    </footer>
  );
}
