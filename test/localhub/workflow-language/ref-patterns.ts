/**
 * The pattern language of `branches`, `tags` and `paths` filters (GitHub docs: "Filter pattern cheat sheet"):
 * `*` any characters but `/`; `**` any characters; `?` and `+` repeat the character before; `[]` one character of a
 * set; a leading `!` excludes what earlier patterns matched; `\` escapes the next character.
 */
import { errorMessage } from "./error-message.ts";

const compiled = new Map<string, RegExp>();

/** Whether the name matches after all patterns are applied in order; before the first one nothing matches. */
export function matchesPatterns(patterns: readonly string[], name: string): boolean {
  let matched = false;
  for (const pattern of patterns) {
    const negates = pattern.startsWith("!");
    if (matched === negates && regexOf(negates ? pattern.slice(1) : pattern).test(name)) matched = !negates;
  }
  return matched;
}

/** The error in a pattern, if there is one. */
export function patternError(pattern: string): string | undefined {
  try {
    regexOf(pattern.startsWith("!") ? pattern.slice(1) : pattern);
    return undefined;
  } catch (error) {
    return `Invalid pattern ${JSON.stringify(pattern)}: ${errorMessage(error)}`;
  }
}

function regexOf(glob: string): RegExp {
  const known = compiled.get(glob);
  if (known !== undefined) return known;
  const regex = new RegExp(`^${translate(glob)}$`, "su");
  compiled.set(glob, regex);
  return regex;
}

function translate(glob: string): string {
  let regex = "";
  let repeatable = false;
  for (let at = 0; at < glob.length; ) {
    const rest = glob.slice(at);
    const { source, length, repeats } = piece(rest, at === 0 || glob[at - 1] === "/", repeatable);
    regex += source;
    at += length;
    repeatable = repeats;
  }
  return regex;
}

interface Piece {
  readonly source: string;
  readonly length: number;
  /** Whether `?` or `+` may follow. */
  readonly repeats: boolean;
}

function piece(rest: string, atSegmentStart: boolean, repeatable: boolean): Piece {
  // `**/` also matches no folder at all: `**/README.md` matches the one at the root.
  if (atSegmentStart && rest.startsWith("**/")) return { source: "(?:.*/)?", length: 3, repeats: false };
  if (rest.startsWith("**")) return { source: ".*", length: 2, repeats: false };
  const character = String.fromCodePoint(rest.codePointAt(0) ?? 0);
  if (character === "*") return { source: "[^/]*", length: 1, repeats: false };
  if (character === "?" || character === "+") {
    if (!repeatable) throw new Error(`'${character}' needs a character before it that it can repeat`);
    return { source: character, length: 1, repeats: false };
  }
  if (character === "[") return characterSet(rest);
  if (character === "\\" && rest.length > 1) {
    const escaped = String.fromCodePoint(rest.codePointAt(1) ?? 0);
    return { source: literal(escaped), length: 1 + escaped.length, repeats: true };
  }
  return { source: literal(character), length: character.length, repeats: true };
}

function characterSet(rest: string): Piece {
  const end = rest.indexOf("]", 2);
  if (end < 0) throw new Error("'[' has no ']'");
  const inside = rest.slice(1, end);
  for (const [range, low, high] of inside.matchAll(/(.)-(.)/gsu)) {
    const legal = [/^[a-z]{2}$/, /^[A-Z]{2}$/, /^[0-9]{2}$/].some((kind) => kind.test(`${low}${high}`));
    if (!legal || `${low}` > `${high}`) throw new Error(`'${range}' is not a range; use ranges within a-z, A-Z or 0-9`);
  }
  return { source: `[${inside.replace(/[\\^[\]]/g, "\\$&")}]`, length: end + 1, repeats: true };
}

function literal(character: string): string {
  return character.replace(/[\\^$.*+?()[\]{}|/]/u, "\\$&");
}
