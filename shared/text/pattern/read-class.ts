/** Reads the parts of a pattern that match one character: `\d`, `\.`, `[a-z_]`. */
import { type CharSet, charSet, complement, DIGIT, SPACE, unicodeSet, WORD } from "./char-set.ts";
import type { PatternReader } from "./pattern-reader.ts";

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
export function readEscape(text: PatternReader): CharSet {
  text.consume("\\");
  if (text.atEnd) throw text.createError("it ends with a backslash", "Write \\\\ for a backslash");
  const property = text.consumeMatch(/^([pP])(?:\{(\^?)([\w=]{1,60})\}|([A-Z]))/);
  if (property) return readProperty(text, property);
  const code = text.consumeMatch(
    /^(?:x([0-9a-fA-F]{2})|x\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]{1,6})\})/,
  );
  if (code) return single(text, Number.parseInt(code.slice(1).find((digits) => digits !== undefined) ?? "", 16));
  if (text.consumeMatch(/^(?:[1-9]|k<)/)) {
    throw text.createError("back-references cannot be matched in linear time", "Remove it");
  }
  const point = text.consumeCodePoint();
  const letter = String.fromCodePoint(point);
  const known = CLASSES[letter];
  if (known !== undefined) return known;
  const control = CONTROLS[letter];
  if (control !== undefined) return single(text, control.charCodeAt(0));
  if (/[\w]/.test(letter))
    throw text.createError(`\\${letter} is not supported`, `Write ${letter} without the backslash, or [ ]`);
  return single(text, point);
}

/** `[…]`: characters, ranges and escapes, or everything but them. */
export function readClass(text: PatternReader): CharSet {
  text.consume("[");
  const negated = text.consume("^");
  const ranges: CharSet[number][] = [];
  while (!text.consume("]")) {
    if (text.atEnd) throw text.createError("a [ is not closed", "Add ]");
    if (text.startsWith("[:")) throw text.createError("[:names:] differ between engines", "Write a-z, \\d, \\w or \\s");
    if (text.startsWith("[") || text.startsWith("&&") || text.startsWith("--")) {
      throw text.createError("sets within sets differ between engines", "Write a backslash before the character");
    }
    const from = readMember(text);
    if (!text.startsWith("-") || text.startsWith("-]")) {
      ranges.push(...inAnyCase(text, from));
      continue;
    }
    text.consume("-");
    const to = readMember(text);
    const [low, high] = [pointOf(from), pointOf(to)];
    if (low === undefined || high === undefined || low > high) {
      throw text.createError("a range must go from a lower to a higher character", "Write \\- for a dash");
    }
    ranges.push(...text.inAnyCase([[low, high]]));
  }
  if (ranges.length === 0) throw text.createError("[] is empty", "Write \\[ and \\] for brackets");
  return negated ? complement(charSet(ranges)) : charSet(ranges);
}

function readMember(text: PatternReader): CharSet {
  return text.startsWith("\\") ? readEscape(text) : single(text, text.consumeCodePoint());
}

const OF_ONE_CASE = /^(?:gc=|General_Category=)?(?:L[ult]$|(?:Upper|Lower|Title)case)/;

function readProperty(text: PatternReader, [, letter, inverted, name, short]: RegExpExecArray): CharSet {
  const set = unicodeSet(name ?? short ?? "");
  if (set === undefined)
    throw text.createError("there is no Unicode property of that name", "Write for example \\p{L}");
  if (text.ignoresCase && OF_ONE_CASE.test(name ?? "")) {
    throw text.createError("letters of one case make no sense with (?i)", "Write \\p{L}, or leave out (?i) here");
  }
  return (letter === "P") !== (inverted === "^") ? complement(set) : set;
}

function single(text: PatternReader, point: number): CharSet {
  if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) {
    throw text.createError("there is no character with that number", "Write the character itself");
  }
  return [[point, point]];
}

/** One character, in both cases where case is ignored. Classes as `\w` stay what they are. */
export const inAnyCase = (text: PatternReader, set: CharSet): CharSet =>
  pointOf(set) === undefined ? set : text.inAnyCase(set);

/** The only character of a set; undefined when there are several. */
function pointOf(set: CharSet): number | undefined {
  const [only] = set;
  return set.length === 1 && only !== undefined && only[0] === only[1] ? only[0] : undefined;
}
