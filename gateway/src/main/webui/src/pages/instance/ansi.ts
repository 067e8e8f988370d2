/** How a stretch of text looks, as classes and, for colours beyond the sixteen, as CSS colours. */
export interface Look {
  classes: string;
  color?: string;
  background?: string;
}

export interface Stretch {
  text: string;
  look: Look;
}

const PLAIN: Look = { classes: "" };
const NAMES = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];
// Any escape sequence: a control sequence (its last byte tells which), a string for the terminal, or a short one.
const ESCAPE =
  // deno-lint-ignore no-control-regex
  /\x1b(?:\[([0-9;:?<=>]*)[ -/]*([@-~])|\][^\x07\x1b]*(?:\x07|\x1b\\|$)|[PX^_][^\x1b]*(?:\x1b\\|$)|[ -/]*[0-~]?)/g;
// deno-lint-ignore no-control-regex
const CONTROLS = /[\x00-\x08\x0b-\x1a\x1c-\x1f\x7f]/g;

interface State {
  bold: boolean;
  dim: boolean;
  italic: boolean;
  underline: boolean;
  strike: boolean;
  inverse: boolean;
  front: string;
  back: string;
}

const RESET: State = {
  bold: false,
  dim: false,
  italic: false,
  underline: false,
  strike: false,
  inverse: false,
  front: "",
  back: "",
};

/**
 * Parts a line by its ANSI colours. What a terminal would do besides (moving, clearing, titles) is left out; nothing in a
 * line can become anything but text.
 */
export function stretches(raw: string): Stretch[] {
  const line = lastState(raw);
  if (!line.includes("\x1b")) {
    const text = line.replace(CONTROLS, "");
    return text === "" ? [] : [{ text, look: PLAIN }];
  }
  const found: Stretch[] = [];
  let state = RESET;
  let from = 0;
  const add = (text: string) => {
    const clean = text.replace(CONTROLS, "");
    if (clean !== "") {
      found.push({ text: clean, look: lookOf(state) });
    }
  };
  for (const escape of line.matchAll(ESCAPE)) {
    add(line.slice(from, escape.index));
    from = escape.index + escape[0].length;
    if (escape[2] === "m" && !/[?<=>]/.test(escape[1] ?? "")) {
      state = applied(state, (escape[1] ?? "").split(/[;:]/).map((code) => Number(code) || 0));
    }
  }
  add(line.slice(from));
  return found;
}

/** The text alone. */
export function plain(line: string): string {
  return lastState(line).replace(ESCAPE, "").replace(CONTROLS, "");
}

/** What a terminal shows in the end of a line that was written over: a progress bar as it was last. */
export function lastState(line: string): string {
  const text = line.replace(/\r+$/, "");
  return text.slice(text.lastIndexOf("\r") + 1);
}

function applied(before: State, codes: number[]): State {
  let state = { ...before };
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i]!;
    if (code === 0) {
      state = { ...RESET };
    } else if (code === 1) {
      state.bold = true;
    } else if (code === 2) {
      state.dim = true;
    } else if (code === 3) {
      state.italic = true;
    } else if (code === 4) {
      state.underline = true;
    } else if (code === 7) {
      state.inverse = true;
    } else if (code === 9) {
      state.strike = true;
    } else if (code === 22) {
      state.bold = state.dim = false;
    } else if (code === 23) {
      state.italic = false;
    } else if (code === 24) {
      state.underline = false;
    } else if (code === 27) {
      state.inverse = false;
    } else if (code === 29) {
      state.strike = false;
    } else if ((code >= 30 && code <= 37) || (code >= 90 && code <= 97)) {
      state.front = NAMES[code % 10]!;
    } else if ((code >= 40 && code <= 47) || (code >= 100 && code <= 107)) {
      state.back = NAMES[code % 10]!;
    } else if (code === 39) {
      state.front = "";
    } else if (code === 49) {
      state.back = "";
    } else if (code === 38 || code === 48) {
      const [color, used] = extended(codes.slice(i + 1));
      i += used;
      if (code === 38) {
        state.front = color;
      } else {
        state.back = color;
      }
    }
  }
  return state;
}

/** `5;n` or `2;r;g;b`, and how many codes that took. */
function extended(codes: number[]): [string, number] {
  if (codes[0] === 5) {
    return [indexed(codes[1] ?? 0), 2];
  }
  if (codes[0] === 2) {
    const [r, g, b] = [codes[1], codes[2], codes[3]].map((part) => Math.min(255, part ?? 0));
    return [`rgb(${r} ${g} ${b})`, 4];
  }
  return ["", 0];
}

function indexed(index: number): string {
  if (index < 16) {
    return NAMES[index % 8]!;
  }
  if (index >= 232) {
    const grey = 8 + (Math.min(index, 255) - 232) * 10;
    return `rgb(${grey} ${grey} ${grey})`;
  }
  const step = (n: number) => n === 0 ? 0 : 55 + n * 40;
  const cube = index - 16;
  return `rgb(${step(Math.floor(cube / 36))} ${step(Math.floor(cube / 6) % 6)} ${step(cube % 6)})`;
}

function lookOf(state: State): Look {
  const front = state.inverse ? state.back || "ground" : state.front;
  const back = state.inverse ? state.front || "text" : state.back;
  const classes = [
    state.bold && "a-bold",
    state.dim && "a-dim",
    state.italic && "a-italic",
    state.underline && "a-underline",
    state.strike && "a-strike",
    front !== "" && !front.startsWith("rgb") && `a-${front}`,
    back !== "" && !back.startsWith("rgb") && `a-on-${back}`,
  ].filter((one) => one !== false).join(" ");
  return {
    classes,
    ...(front.startsWith("rgb") && { color: front }),
    ...(back.startsWith("rgb") && { background: back }),
  };
}
