/** A text in quotes, a sign, or a number or word. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s"{}[\],:]+/g;
const STEP = "  ";

/**
 * A line that is a JSON object, laid out with a line for each of its parts. Its values stand as they were written: a number
 * no program can hold keeps its digits. Missing where the line is none.
 */
export function laidOut(line: string): string | undefined {
  const text = line.trim();
  if (!text.startsWith("{") || !isJson(text)) {
    return undefined;
  }
  const tokens = text.match(TOKEN) ?? [];
  let depth = 0;
  let out = "";
  tokens.forEach((token, i) => {
    const opens = token === "{" || token === "[";
    const closes = token === "}" || token === "]";
    const empty = closes && isOpening(tokens[i - 1]);
    if (closes) {
      depth--;
    }
    if (closes && !empty) {
      out += `\n${STEP.repeat(depth)}`;
    }
    out += token === ":" ? ": " : token;
    if (opens) {
      depth++;
    }
    const next = tokens[i + 1];
    if (token === "," || (opens && next !== "}" && next !== "]")) {
      out += `\n${STEP.repeat(depth)}`;
    }
  });
  return out;
}

function isOpening(token: string | undefined): boolean {
  return token === "{" || token === "[";
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
