/**
 * The part of Markdown that answers are written in: paragraphs, headings, lists, code, bold, emphasis, links. Anything
 * else, HTML above all, is plain text.
 */
export type Block =
  | { kind: "paragraph"; lines: Inline[][] }
  | { kind: "heading"; level: number; text: Inline[] }
  | { kind: "list"; ordered: boolean; start: number; items: Item[] }
  | { kind: "code"; language: string; text: string }
  | { kind: "quote"; blocks: Block[] };

export interface Item {
  text: Inline[];
  /** A list within. */
  inner: Block[];
}

export type Inline =
  | { kind: "text"; text: string }
  | { kind: "code"; text: string }
  | { kind: "strong"; inner: Inline[] }
  | { kind: "em"; inner: Inline[] }
  /** `host`: where it leads, in punycode, where its text is not its address. */
  | { kind: "link"; href: string; inner: Inline[]; host?: string };

// Each of these is linear in the length of a line, which a stranger chooses.
const FENCE = /^ {0,3}(`{3,}|~{3,})([^`]*)$/;
const HEADING = /^(#{1,4})\s+(\S.*)$/;
const BULLET = /^(\s*)(?:([-*+•])|(\d{1,9})[.)])\s+(.*)$/;
const QUOTE = /^ {0,3}> ?(.*)$/;
const INDENTED = /^(?: {4}|\t)\s*\S/;
const DEEPEST = 6;
/** Characters; a mark that is not closed within them is none. */
const LONGEST_MARK = 600;
const LONGEST_LANGUAGE = 24;

const CONTROLS = new RegExp(
  [
    "(?:\\x1b[\\]PX^_]|[\\x90\\x98\\x9d-\\x9f])[^\\x07\\x1b\\x9c\\n]*(?:\\x07|\\x1b\\\\|\\x9c)?", // strings: titles, links
    "(?:\\x1b\\[|\\x9b)[0-?]*[ -/]*[@-~]",
    "\\x1b[@-Z\\\\-_]",
    "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f]",
  ].join("|"),
  "g",
);

/** Without what would colour a terminal: in an answer it is noise. */
export function plain(text: string): string {
  return text.replace(CONTROLS, "");
}

/** Reads an answer, also one that is still being written: what is not closed yet ends where the text ends. */
export function parse(text: string): Block[] {
  return blocks(plain(text).replace(/\r\n?/g, "\n").split("\n"), 0);
}

function blocks(lines: string[], depth: number): Block[] {
  const found: Block[] = [];
  let paragraph: string[] = [];
  const flush = () => {
    if (paragraph.length > 0) {
      found.push({ kind: "paragraph", lines: paragraph.map((line) => inline(line.trim())) });
      paragraph = [];
    }
  };
  for (let i = 0; i < lines.length;) {
    const line = lines[i]!;
    const fence = FENCE.exec(line);
    if (fence !== null) {
      flush();
      const end = closing(lines, i + 1, fence[1]!);
      const language = (fence[2]!.trim().split(" ", 1)[0] ?? "").slice(0, LONGEST_LANGUAGE);
      found.push({ kind: "code", language, text: lines.slice(i + 1, end).join("\n") });
      i = end + 1;
      continue;
    }
    if (depth === 0 && paragraph.length === 0 && INDENTED.test(line)) {
      const end = endOfIndented(lines, i);
      found.push({
        kind: "code",
        language: "",
        text: lines.slice(i, end).map(outdented).join("\n").trimEnd(),
      });
      i = end;
      continue;
    }
    const heading = HEADING.exec(line);
    if (heading !== null) {
      flush();
      found.push({ kind: "heading", level: heading[1]!.length, text: inline(heading[2]!.trimEnd()) });
    } else if (BULLET.test(line) && depth < DEEPEST) {
      flush();
      const end = endOfList(lines, i);
      found.push(list(lines.slice(i, end), depth));
      i = end;
      continue;
    } else if (QUOTE.test(line) && depth < DEEPEST) {
      flush();
      const inner: string[] = [];
      for (let quoted; (quoted = QUOTE.exec(lines[i] ?? "")) !== null; i++) {
        inner.push(quoted[1]!);
      }
      found.push({ kind: "quote", blocks: blocks(inner, depth + 1) });
      continue;
    } else if (line.trim() === "") {
      flush();
    } else {
      paragraph.push(line);
    }
    i++;
  }
  flush();
  return found;
}

function closing(lines: string[], from: number, fence: string): number {
  for (let i = from; i < lines.length; i++) {
    const line = lines[i]!.trim();
    if (line.length >= fence.length && line === fence[0]!.repeat(line.length)) {
      return i;
    }
  }
  return lines.length;
}

/** Code by its indentation goes on over empty lines, where more of it follows. */
function endOfIndented(lines: string[], from: number): number {
  let end = from;
  for (let i = from; i < lines.length && (INDENTED.test(lines[i]!) || lines[i]!.trim() === ""); i++) {
    if (INDENTED.test(lines[i]!)) {
      end = i + 1;
    }
  }
  return end;
}

function outdented(line: string): string {
  return line.replace(/^(?: {4}|\t)/, "");
}

/** A list goes on over indented lines, and over one empty line where another item follows. */
function endOfList(lines: string[], from: number): number {
  let i = from;
  while (i < lines.length) {
    const line = lines[i]!;
    const next = lines[i + 1] ?? "";
    if (!BULLET.test(line) && !/^\s{2,}\S/.test(line) && !(line.trim() === "" && BULLET.test(next))) {
      break;
    }
    i++;
  }
  return i;
}

function list(lines: string[], depth: number): Block {
  const first = BULLET.exec(lines[0]!)!;
  const indent = first[1]!.length;
  const items: { text: string; inner: string[] }[] = [];
  for (const line of lines) {
    const bullet = BULLET.exec(line);
    const last = items.at(-1);
    if (bullet !== null && (bullet[1]!.length <= indent || last === undefined)) {
      items.push({ text: bullet[4]!, inner: [] });
    } else if (last !== undefined && (bullet !== null || last.inner.length > 0)) {
      last.inner.push(line);
    } else if (last !== undefined && line.trim() !== "") {
      last.text += " " + line.trim();
    }
  }
  return {
    kind: "list",
    ordered: first[3] !== undefined,
    start: Number(first[3] ?? 1),
    items: items.map((item) => ({ text: inline(item.text), inner: blocks(item.inner, depth + 1) })),
  };
}

const MARKS: [RegExp, (found: RegExpExecArray, depth: number) => Inline | undefined][] = [
  [/^(`+)([^`]|[^`][\s\S]*?[^`])\1(?!`)/, (found) => ({ kind: "code", text: found[2]! })],
  [
    /^\*\*(?=\S)([\s\S]*?\S)\*\*(?!\*)/,
    (found, depth) => ({ kind: "strong", inner: inline(found[1]!, depth + 1) }),
  ],
  [
    /^\*(?=[^\s*])([^*]*[^\s*])\*(?!\*)/,
    (found, depth) => ({ kind: "em", inner: inline(found[1]!, depth + 1) }),
  ],
  [/^_(?=[^\s_])([^_]*[^\s_])_(?![A-Za-z0-9_])/, (found, depth) => ({
    kind: "em",
    inner: inline(found[1]!, depth + 1),
  })],
  [
    /^\[([^\]]+)\]\(([^\s()]+(?:\([^\s()]*\))?[^\s()]*)\)/,
    (found, depth) => linked(found[2]!, found[1]!, depth),
  ],
  [/^https?:\/\/[^\s<>"'`]*[^\s<>"'`.,:;!?)\]}*_]/, (found) => {
    const href = safe(found[0]);
    return href === undefined ? undefined : link(href, [{ kind: "text", text: found[0] }]);
  }],
];

function linked(address: string, text: string, depth: number): Inline | undefined {
  const href = safe(address);
  return href === undefined ? undefined : link(href, unlinked(inline(text, depth + 1)));
}

/** What stands in a link is no link of its own: an address as its text would lead elsewhere than the rest of it. */
function unlinked(all: Inline[]): Inline[] {
  return all.flatMap((one) => {
    if (one.kind === "link") {
      return unlinked(one.inner);
    }
    return "inner" in one ? [{ ...one, inner: unlinked(one.inner) }] : [one];
  });
}

/** A link says where it leads, unless its text does: letters of other scripts look like those of a bank. */
function link(href: string, inner: Inline[]): Inline {
  const text = inner.map(textOf).join("");
  const host = href.startsWith("/") || (text === href || `${text}/` === href) && !href.includes("@")
    ? ""
    : hostOf(href);
  return host === "" || text === host ? { kind: "link", href, inner } : { kind: "link", href, inner, host };
}

function hostOf(href: string): string {
  const url = new URL(href);
  return url.protocol === "mailto:" ? url.pathname : url.host;
}

function textOf(one: Inline): string {
  return one.kind === "text" || one.kind === "code" ? one.text : one.inner.map(textOf).join("");
}

/** Text with its marks; what is no mark stands as it was written. */
export function inline(text: string, depth = 0): Inline[] {
  const found: Inline[] = [];
  let plain = "";
  for (let i = 0; i < text.length;) {
    const mark = depth < DEEPEST && /[`*_[h]/.test(text[i]!) ? markAt(text, i, depth) : undefined;
    if (mark === undefined) {
      const escaped = text[i] === "\\" && /[\\`*_[\]()#>~-]/.test(text[i + 1] ?? "");
      plain += escaped ? text[i + 1] : text[i];
      i += escaped ? 2 : 1;
      continue;
    }
    if (plain !== "") {
      found.push({ kind: "text", text: plain });
      plain = "";
    }
    found.push(mark.inline);
    i += mark.length;
  }
  if (plain !== "") {
    found.push({ kind: "text", text: plain });
  }
  return found;
}

function markAt(text: string, at: number, depth: number): { inline: Inline; length: number } | undefined {
  const before = text[at - 1] ?? " ";
  // Names have underscores, and addresses begin where words do.
  if ((text[at] === "_" || text[at] === "h") && /[A-Za-z0-9]/.test(before)) {
    return undefined;
  }
  const rest = text.slice(at, at + LONGEST_MARK);
  for (const [pattern, make] of MARKS) {
    const found = pattern.exec(rest);
    const made = found === null ? undefined : make(found, depth);
    if (found !== null && made !== undefined) {
      return { inline: made, length: found[0].length };
    }
  }
  return undefined;
}

/** Stands for wherever the page is. */
const HERE = "http://here.invalid";

/** Only what leads to a page, here or elsewhere; never a script. */
export function safe(address: string): string | undefined {
  try {
    if (address.startsWith("/")) {
      const here = new URL(address, HERE);
      const inside = here.origin === HERE && !here.pathname.startsWith("//"); // as `/.//elsewhere` does not stay
      return inside ? here.pathname + here.search + here.hash : undefined;
    }
    const url = new URL(address);
    return ["http:", "https:", "mailto:"].includes(url.protocol) ? url.href : undefined;
  } catch {
    return undefined;
  }
}
