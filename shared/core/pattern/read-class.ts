/** Reads the parts of a pattern that stand for one character: `\d`, `\.`, `[a-z_]`. */
import { type CharSet, charSet, complement, DIGIT, SPACE, unicodeSet, WORD } from "./char-set.ts";
import type { PatternText } from "./pattern-text.ts";

const CLASSES: Readonly<Record<string, CharSet>> = {
  d: DIGIT,
  D: complement(DIGIT),
  w: WORD,
  W: complement(WORD),
  s: SPACE,
  S: complement(SPACE),
};

const CONTROLS: Readonly<Record<string, string>> = { t: "\t", n: "\n", r: "\r", f: "\f", v: "\v" };

/** What a backslash begins. `\d`, `\w` and `\s` are ASCII, as in RE2. */
export function readEscape(text: PatternText): CharSet {
  text.take("\\");
  if (text.done) throw text.refuse("it ends with a backslash", "Write \\\\ for a backslash");
  const property = text.takeMatch(/^([pP])(?:\{(\^?)([\w=]{1,60})\}|([A-Z]))/);
  if (property) return readProperty(text, property);
  const code = text.takeMatch(
    /^(?:x([0-9a-fA-F]{2})|x\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]{1,6})\})/,
  );
  if (code) return single(text, Number.parseInt(code.slice(1).find((digits) => digits !== undefined) ?? "", 16));
  if (text.takeMatch(/^(?:[1-9]|k<)/)) {
    throw text.refuse("back-references cannot be decided in linear time", "Remove it");
  }
  const point = text.next();
  const letter = String.fromCodePoint(point);
  const known = CLASSES[letter];
  if (known !== undefined) return known;
  const control = CONTROLS[letter];
  if (control !== undefined) return single(text, control.charCodeAt(0));
  if (/[\w]/.test(letter))
    throw text.refuse(`\\${letter} is not read here`, `Write ${letter} without the backslash, or [ ]`);
  return single(text, point);
}

/** `[…]`: characters, ranges and escapes, or everything but them. */
export function readClass(text: PatternText): CharSet {
  text.take("[");
  const negated = text.take("^");
  const ranges: CharSet[number][] = [];
  while (!text.take("]")) {
    if (text.done) throw text.refuse("a [ is not closed", "Add ]");
    if (text.sees("[:")) throw text.refuse("[:names:] differ between engines", "Write a-z, \\d, \\w or \\s");
    if (text.sees("[") || text.sees("&&") || text.sees("--")) {
      throw text.refuse("sets within sets differ between engines", "Write a backslash before the character");
    }
    const from = readMember(text);
    if (!text.sees("-") || text.sees("-]")) {
      ranges.push(...from);
      continue;
    }
    text.take("-");
    const to = readMember(text);
    const [low, high] = [pointOf(from), pointOf(to)];
    if (low === undefined || high === undefined || low > high) {
      throw text.refuse("a range does not lead from a lower to a higher character", "Write \\- for a dash");
    }
    ranges.push([low, high]);
  }
  if (ranges.length === 0) throw text.refuse("[] holds nothing", "Write \\[ and \\] for brackets");
  return negated ? complement(charSet(ranges)) : charSet(ranges);
}

function readMember(text: PatternText): CharSet {
  return text.sees("\\") ? readEscape(text) : single(text, text.next());
}

function readProperty(text: PatternText, [, letter, inverted, name, short]: RegExpExecArray): CharSet {
  const set = unicodeSet(name ?? short ?? "");
  if (set === undefined) throw text.refuse("there is no Unicode property of that name", "Write for example \\p{L}");
  return (letter === "P") !== (inverted === "^") ? complement(set) : set;
}

function single(text: PatternText, point: number): CharSet {
  if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) {
    throw text.refuse("there is no character with that number", "Write the character itself");
  }
  return [[point, point]];
}

/** The character of a set that holds one only. */
function pointOf(set: CharSet): number | undefined {
  const [only] = set;
  return set.length === 1 && only !== undefined && only[0] === only[1] ? only[0] : undefined;
}
