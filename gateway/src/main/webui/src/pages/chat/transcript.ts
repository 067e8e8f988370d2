import type { ChatFrameUnion, Usage } from "wire";
import type { ChatMessage, ChatMessages, ToolStatus } from "../../app/rest.ts";

/** A call of a tool. `waiting`: for a person; `answered`: a result came, and the stream does not say of which kind. */
export interface Tool {
  id: string;
  name: string;
  args: unknown;
  state: "waiting" | "running" | "answered" | "ok" | "failed" | "denied" | "expired" | "unknown";
  output?: string;
  /** Until when it can be approved. */
  expiresAt?: string;
}

/** `sent`: by this page, and not heard of yet. */
export type TurnState = "sent" | "queued" | "running" | "done" | "aborted" | "failed" | "interrupted";

/** A question and all that came of it. */
export interface Turn {
  /** Stays the same for as long as the page shows it. */
  key: string;
  turnId?: string;
  /** Of a message this page sent: the same again starts no second turn. */
  idempotencyKey?: string;
  content: string;
  at?: string;
  state: TurnState;
  thinking: string;
  /** In the order of the server. */
  tools: Tool[];
  text: string;
  status?: { phase: string; detail: string };
  /** Where it leaves the budget of language models, where there is one. */
  budget?: string;
  failure?: { code: string; message: string };
  usage?: Usage;
}

/** A session's turns, oldest first. Each change makes a new one; turns that did not change stay the same objects. */
export interface Transcript {
  turns: Turn[];
  /** For the turns before these; none, where these are all. */
  cursor?: string;
}

export const EMPTY: Transcript = { turns: [] };

const OPEN: ReadonlySet<TurnState> = new Set<TurnState>(["sent", "queued", "running"]);

export function isOpen(turn: Turn): boolean {
  return OPEN.has(turn.state);
}

/** The turn that runs, or is the next to. */
export function current(transcript: Transcript): Turn | undefined {
  return transcript.turns.find((turn) => turn.state === "running") ?? transcript.turns.find(isOpen);
}

/** A message as it leaves this page. */
export function asked(
  transcript: Transcript,
  content: string,
  idempotencyKey: string,
  at: string,
): Transcript {
  const state = current(transcript) === undefined ? "sent" : "queued";
  return {
    ...transcript,
    turns: [...transcript.turns, {
      key: idempotencyKey,
      idempotencyKey,
      content,
      at,
      state,
      thinking: "",
      tools: [],
      text: "",
    }],
  };
}

/** What the gateway told changes the transcript. */
export function told(transcript: Transcript, frame: ChatFrameUnion): Transcript {
  switch (frame.type) {
    case "thinking":
      return inTurn(transcript, (turn) => ({ thinking: turn.thinking + frame.content }));
    case "chunk":
      return inTurn(transcript, (turn) => ({ text: turn.text + frame.content }));
    case "chunk_reset":
      return current(transcript) === undefined ? transcript : inTurn(transcript, () => ({ text: "" }));
    case "operator_status":
      return frame.phase === "budget"
        ? inTurn(transcript, () => ({ budget: frame.detail }))
        : inTurn(transcript, () => ({ status: { phase: frame.phase, detail: frame.detail } }));
    case "tool_call": {
      const state = frame.approval === "required" ? "waiting" : "running";
      const call: Tool = { id: frame.id, name: frame.name, args: frame.args, state };
      return withTool(transcript, frame.id, (known) => ({ ...known, ...call })) ??
        inTurn(transcript, (turn) => ({ tools: [...turn.tools, call] }));
    }
    case "tool_result": {
      const result = { state: "answered", output: frame.output } as const;
      return withTool(transcript, frame.id, (known) => ({ ...known, ...result })) ??
        inTurn(transcript, (turn) => ({
          tools: [...turn.tools, { id: frame.id, name: frame.name, args: {}, ...result }],
        }));
    }
    case "agent_event":
      return heardOf(transcript, frame.event);
    case "done":
      return ended(transcript, "done", {
        text: frame.full_response,
        ...(frame.usage == null ? {} : { usage: frame.usage }),
      });
    case "aborted":
      // Without text it may as well answer an abort that came too late for any turn.
      return ended(
        transcript,
        "aborted",
        frame.partial_response === "" ? {} : { text: frame.partial_response },
      );
    case "error":
      return failed(transcript, frame.code, frame.message);
    default:
      return transcript;
  }
}

/** Whether a frame ends a turn: what the gateway keeps of it can be asked for now. */
export function endsTurn(frame: ChatFrameUnion): boolean {
  return frame.type === "done" || frame.type === "aborted" || frame.type === "error";
}

/** A person answered a call that waited. */
export function decided(transcript: Transcript, callId: string): Transcript {
  return withTool(transcript, callId, (tool) => ({ ...tool, state: "running" })) ?? transcript;
}

/** A tool's result came, or it is gone. */
function withTool(transcript: Transcript, id: string, change: (tool: Tool) => Tool): Transcript | undefined {
  const at = transcript.turns.findLastIndex((turn) => turn.tools.some((tool) => tool.id === id));
  return at < 0 ? undefined : replaced(transcript, at, (turn) => ({
    ...turn,
    tools: turn.tools.map((tool) => tool.id === id ? change(tool) : tool),
  }));
}

function replaced(transcript: Transcript, at: number, change: (turn: Turn) => Turn): Transcript {
  return { ...transcript, turns: transcript.turns.map((turn, i) => i === at ? change(turn) : turn) };
}

/** Changes the turn that runs. One nobody here has heard of began elsewhere. */
function inTurn(transcript: Transcript, change: (turn: Turn) => Partial<Turn>): Transcript {
  const turn = current(transcript);
  if (turn === undefined) {
    const unheard: Turn = {
      key: `unheard-${transcript.turns.length}`,
      content: "",
      state: "running",
      thinking: "",
      tools: [],
      text: "",
    };
    return { ...transcript, turns: [...transcript.turns, { ...unheard, ...change(unheard) }] };
  }
  return replaced(
    transcript,
    transcript.turns.indexOf(turn),
    (before) => ({ ...before, state: "running", ...change(before) }),
  );
}

/** The turn that runs is over; the one after it may begin. */
function ended(transcript: Transcript, state: TurnState, last: Partial<Turn>): Transcript {
  const turn = current(transcript);
  if (turn === undefined) {
    return transcript;
  }
  return replaced(transcript, transcript.turns.indexOf(turn), (before) => {
    const { status: _, ...rest } = before;
    return { ...rest, ...last, state };
  });
}

/** Codes of what was wrong with a message, rather than with a turn. */
const REFUSALS: ReadonlySet<string> = new Set([
  "EMPTY_CONTENT",
  "INVALID_JSON",
  "UNKNOWN_MESSAGE_TYPE",
  "SESSION_BUSY",
]);

function failed(transcript: Transcript, code: string, message: string): Transcript {
  const failure = { code, message };
  const refused = REFUSALS.has(code)
    ? transcript.turns.findLastIndex((turn) => turn.state === "queued" || turn.state === "sent")
    : -1;
  return refused >= 0
    ? replaced(transcript, refused, (turn) => ({ ...turn, state: "failed", failure }))
    : ended(transcript, "failed", { failure });
}

/** What was said on another page of the same session. */
function heardOf(transcript: Transcript, event: unknown): Transcript {
  const said = event as { type?: unknown; turn_id?: unknown; content?: unknown; queued?: unknown };
  if (said?.type !== "user_message" || typeof said.turn_id !== "string") {
    return transcript;
  }
  const turnId = said.turn_id;
  if (transcript.turns.some((turn) => turn.turnId === turnId)) {
    return transcript;
  }
  return {
    ...transcript,
    turns: [...transcript.turns, {
      key: turnId,
      turnId,
      content: String(said.content ?? ""),
      state: said.queued === true ? "queued" : "running",
      thinking: "",
      tools: [],
      text: "",
    }],
  };
}

/** What the gateway keeps, as turns. */
export function turnsOf(page: ChatMessages): Turn[] {
  const turns: Turn[] = [];
  for (const message of page.messages) {
    let turn = turns.at(-1);
    if (turn?.turnId !== message.turn_id) {
      turn = {
        key: message.turn_id,
        turnId: message.turn_id,
        content: "",
        at: message.created_at,
        state: "queued",
        thinking: "",
        tools: [],
        text: "",
      };
      turns.push(turn);
    }
    add(turn, message);
  }
  const running = page.session.state === "running" ? page.session.turn_id : undefined;
  for (const turn of turns) {
    if (turn.turnId === running) {
      turn.state = "running";
    } else if (turn.state === "queued" && page.session.state !== "running") {
      turn.state = "aborted"; // before there was anything of an answer
    }
  }
  return turns;
}

function add(turn: Turn, message: ChatMessage): void {
  switch (message.role) {
    case "user":
      turn.content = message.content;
      turn.at = message.created_at;
      break;
    case "assistant":
      turn.text = message.content;
      turn.state = message.status === "aborted"
        ? "aborted"
        : message.status === "interrupted"
        ? "interrupted"
        : message.status === "error"
        ? "failed"
        : "done";
      break;
    case "tool_call":
      turn.tools.push({
        id: message.tool_call_id ?? "",
        name: message.tool_name ?? "",
        args: message.args ?? {},
        state: toolState(message.status as ToolStatus | undefined),
        ...(message.expires_at === undefined ? {} : { expiresAt: message.expires_at }),
      });
      break;
    case "tool_result": {
      const call = turn.tools.find((tool) => tool.id === message.tool_call_id);
      if (call !== undefined) {
        call.output = message.content;
      }
      break;
    }
    case "error":
      turn.failure = { code: message.status ?? "", message: message.content };
      turn.state = turn.state === "interrupted" ? "interrupted" : "failed";
      break;
  }
}

function toolState(status: ToolStatus | undefined): Tool["state"] {
  return status === "pending" ? "waiting" : status ?? "unknown";
}

/**
 * What the gateway keeps takes the place of what was heard; what it does not keep (thinking, a message it has not seen
 * yet) stays. `fresh`: the turn that runs is about to be told again from its beginning.
 */
export function merged(before: Transcript, page: ChatMessages, fresh: boolean): Transcript {
  const kept = turnsOf(page);
  const unmatched = before.turns.filter((turn) => turn.turnId === undefined);
  const turns = kept.map((turn): Turn => {
    let known = before.turns.find((other) => other.turnId === turn.turnId);
    if (known === undefined) {
      const at = unmatched.findIndex((other) => other.content === turn.content || other.content === "");
      known = at < 0 ? undefined : unmatched.splice(at, 1)[0];
    }
    if (known === undefined) {
      return turn;
    }
    const { key, thinking } = known;
    if (isOpen(turn) && fresh) {
      return { ...turn, key };
    }
    // What was heard may be newer than what was read; a turn that is about to begin looks like one that never did.
    const unanswered = isOpen(turn) || (turn.state === "aborted" && turn.text === "");
    if (isOpen(known) && unanswered && !fresh) {
      return { ...known, ...identity(turn), tools: newest(turn.tools, known.tools) };
    }
    return { ...turn, key, thinking, ...(known.usage && { usage: known.usage }) };
  });
  // The page is only the end of a long session: what was loaded of its beginning stays.
  const first = turns[0]?.turnId;
  const from = before.turns.findIndex((turn) => turn.turnId !== undefined && turn.turnId === first);
  const earlier = from > 0 ? before.turns.slice(0, from) : [];
  const cursor = from > 0 ? before.cursor : page.cursor;
  const unseen = unmatched.filter((turn) => turn.idempotencyKey !== undefined);
  return {
    turns: [...earlier, ...turns, ...unseen],
    ...(cursor === undefined ? {} : { cursor }),
  };
}

function identity({ turnId, content, at }: Turn): Partial<Turn> {
  return { content, ...(turnId && { turnId }), ...(at && { at }) };
}

function newest(kept: Tool[], heard: Tool[]): Tool[] {
  const later = heard.filter((tool) => kept.every((other) => other.id !== tool.id));
  return [
    ...kept.map((tool) => heard.find((other) => other.id === tool.id && other.output !== undefined) ?? tool),
    ...later,
  ];
}

/** Without a turn that was refused, and is said again or given up. */
export function without(transcript: Transcript, key: string): Transcript {
  return { ...transcript, turns: transcript.turns.filter((turn) => turn.key !== key) };
}

/** The turns before those there are. */
export function withEarlier(transcript: Transcript, page: ChatMessages): Transcript {
  const earlier = turnsOf(page);
  const seam = earlier.at(-1);
  const next = transcript.turns[0];
  // A page may end in the midst of a turn.
  const joined = seam !== undefined && next !== undefined && seam.turnId === next.turnId
    ? [...earlier.slice(0, -1), {
      ...next,
      content: next.content || seam.content,
      tools: [...seam.tools, ...next.tools],
      ...(seam.at === undefined ? {} : { at: seam.at }),
    }, ...transcript.turns.slice(1)]
    : [...earlier, ...transcript.turns];
  return { turns: joined, ...(page.cursor === undefined ? {} : { cursor: page.cursor }) };
}
