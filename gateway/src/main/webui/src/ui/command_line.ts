import { FieldError } from "./field_error.ts";

/**
 * Splits what one would type in a shell into a program and its arguments: blanks part them, quotes and backslashes keep
 * them together. Nothing is expanded.
 *
 * @throws FieldError where a quote is not closed
 */
export function splitCommand(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = "";
  for (let i = 0; i < line.length; i++) {
    const c = line[i]!;
    if (quote !== "") {
      if (c === quote) {
        quote = "";
      } else if (c === "\\" && quote === '"' && /["\\]/.test(line[i + 1] ?? "")) {
        word += line[++i]!;
      } else {
        word += c;
      }
    } else if (c === "'" || c === '"') {
      quote = c;
      word ??= "";
    } else if (/\s/.test(c)) {
      if (word !== undefined) {
        words.push(word);
        word = undefined;
      }
    } else {
      word = (word ?? "") + (c === "\\" && i + 1 < line.length ? line[++i]! : c);
    }
  }
  if (quote !== "") {
    throw new FieldError("command", `A ${quote} is not closed`);
  }
  return word === undefined ? words : [...words, word];
}

/** The same line again: `splitCommand` of it gives the same words. */
export function joinCommand(words: string[]): string {
  return words
    .map((word) => /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'"'"'`)}'`)
    .join(" ");
}

/**
 * Reads `NAME=value` lines.
 *
 * @throws FieldError that names the line at fault
 */
export function splitEnvironment(text: string): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const line of text.split("\n").map((one) => one.trim()).filter((one) => one !== "")) {
    const at = line.indexOf("=");
    if (at < 1) {
      throw new FieldError("env", `'${line}' is no NAME=value`);
    }
    variables[line.slice(0, at)] = line.slice(at + 1);
  }
  return variables;
}
