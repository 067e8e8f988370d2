export type Labels = Readonly<Record<string, string>>;

const KEY = "[A-Za-z0-9](?:[A-Za-z0-9_./-]{0,61}[A-Za-z0-9])?";
const VALUE = "(?:[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?";
const SET = new RegExp(`^(${KEY})\\s+(in|notin)\\s*\\(([^()]*)\\)$`);
const EQUAL = new RegExp(`^(${KEY})\\s*(==|=|!=)\\s*(${VALUE})$`);
const THERE = new RegExp(`^(!?)\\s*(${KEY})$`);

/**
 * Which labels are meant, as the gateway reads it: `team=a`, `team!=a`, `team in (a,b)`, `team`, `!team`, several with
 * commas. An empty one means all; missing where the text is none.
 */
export function parseSelector(text: string): ((labels: Labels) => boolean) | undefined {
  if (text.trim() === "") {
    return () => true;
  }
  const terms = text.split(/,(?![^(]*\))/).map((part) => term(part.trim()));
  return terms.some((one) => one === undefined) ? undefined : (labels) => terms.every((one) => one!(labels));
}

function term(part: string): ((labels: Labels) => boolean) | undefined {
  const set = SET.exec(part);
  if (set !== null) {
    const values = set[3]!.split(",").map((one) => one.trim());
    return (labels) => values.includes(labels[set[1]!] ?? "\0") === (set[2] === "in");
  }
  const equal = EQUAL.exec(part);
  if (equal !== null) {
    return (labels) => (labels[equal[1]!] === equal[3]) === (equal[2] !== "!=");
  }
  const there = THERE.exec(part);
  return there === null ? undefined : (labels) => (labels[there[2]!] !== undefined) === (there[1] === "");
}
