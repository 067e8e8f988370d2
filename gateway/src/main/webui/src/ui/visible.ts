// What steers, turns the direction of reading or cannot be seen; tabs and line feeds are what they look like.
const HIDDEN = /(?![\t\n])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0]/gu;

/** A text as a person must see it to decide: what hides or turns something is shown as what it is, `⟨U+2067⟩`. */
export function visible(text: string): string {
  return text.replace(
    HIDDEN,
    (hidden) => `⟨U+${hidden.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}⟩`,
  );
}
