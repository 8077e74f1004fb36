/** From a pattern's text to its parts: the language that RE2, Python, Java and ECMAScript read in the same way. */
import { type CharSet, NOT_LINE_FEED } from "./char-set.ts";
import { PatternText } from "./pattern-text.ts";
import { readClass, readEscape } from "./read-class.ts";

export type Part =
  | { readonly kind: "set"; readonly set: CharSet }
  | { readonly kind: "sequence"; readonly parts: readonly Part[] }
  | { readonly kind: "choice"; readonly branches: readonly Part[] }
  | { readonly kind: "repeat"; readonly part: Part; readonly min: number; readonly max: number }
  | { readonly kind: "start" }
  | { readonly kind: "end" };

/** RE2's limit. */
const MOST_REPEATS = 1000;
const DEEPEST = 100;

/** @throws PatternRefused for what is malformed, ambiguous between engines, or not decidable in linear time */
export function parsePattern(pattern: string): Part {
  const text = new PatternText(pattern);
  const part = readChoice(text, 0);
  if (!text.done) throw text.refuse("a closing parenthesis has no opening one", "Remove it, or write \\)");
  return part;
}

function readChoice(text: PatternText, depth: number): Part {
  if (depth > DEEPEST) throw text.refuse(`it is nested deeper than ${DEEPEST} groups`, "Simplify it");
  const branches = [readSequence(text, depth)];
  while (text.take("|")) branches.push(readSequence(text, depth));
  const [only] = branches;
  return branches.length === 1 && only !== undefined ? only : { kind: "choice", branches };
}

function readSequence(text: PatternText, depth: number): Part {
  const parts: Part[] = [];
  while (!text.done && !text.sees("|") && !text.sees(")")) parts.push(readRepeated(text, depth));
  return { kind: "sequence", parts };
}

function readRepeated(text: PatternText, depth: number): Part {
  const part = readOne(text, depth);
  const times = readTimes(text);
  if (times === undefined) return part;
  if (part.kind === "start" || part.kind === "end") {
    throw text.refuse("^ or $ is repeated", "Remove the repetition");
  }
  // Lazy or not makes no difference to whether the whole text matches.
  text.take("?");
  if (text.sees("*") || text.sees("+") || text.sees("?") || text.sees("{")) {
    throw text.refuse("a repetition is repeated", "Put the inner one in a group: (?:a+)*");
  }
  return { kind: "repeat", part, ...times };
}

function readTimes(text: PatternText): { readonly min: number; readonly max: number } | undefined {
  if (text.take("*")) return { min: 0, max: Number.POSITIVE_INFINITY };
  if (text.take("+")) return { min: 1, max: Number.POSITIVE_INFINITY };
  if (text.take("?")) return { min: 0, max: 1 };
  if (!text.sees("{")) return undefined;
  const counts = text.takeMatch(/^\{(\d{1,9})(?:(,)(\d{1,9})?)?\}/);
  if (counts === undefined) throw text.refuse("{ does not begin a count like {2} or {2,5}", "Write \\{ for a brace");
  const min = Number(counts[1]);
  const most = counts[2] === undefined ? min : Number.POSITIVE_INFINITY;
  const max = counts[3] === undefined ? most : Number(counts[3]);
  if (min > max) throw text.refuse(`{${min},${max}} asks for more than it allows`, "Swap the two numbers");
  if (min > MOST_REPEATS || (max !== Number.POSITIVE_INFINITY && max > MOST_REPEATS)) {
    throw text.refuse(`it repeats more than ${MOST_REPEATS} times`, "Use min-length and max-length instead");
  }
  return { min, max };
}

function readOne(text: PatternText, depth: number): Part {
  if (text.sees("(")) return readGroup(text, depth);
  if (text.sees("[")) return { kind: "set", set: readClass(text) };
  if (text.take("^")) return { kind: "start" };
  if (text.take("$")) return { kind: "end" };
  if (text.take(".")) return { kind: "set", set: NOT_LINE_FEED };
  if (text.sees("\\")) {
    if (text.take("\\A")) return { kind: "start" };
    if (text.take("\\z")) return { kind: "end" };
    return { kind: "set", set: readEscape(text) };
  }
  if (text.sees("*") || text.sees("+") || text.sees("?") || text.sees("{")) {
    throw text.refuse("there is nothing to repeat", "Write a backslash before it for the character itself");
  }
  if (text.sees("]") || text.sees("}")) {
    throw text.refuse("a closing bracket has no opening one", "Write a backslash before it");
  }
  const point = text.next();
  return { kind: "set", set: [[point, point]] };
}

function readGroup(text: PatternText, depth: number): Part {
  if (text.takeMatch(/^\(\?<?[=!]/)) {
    throw text.refuse("look-ahead and look-behind cannot be decided in linear time", "List what is allowed instead");
  }
  const opened = text.takeMatch(/^\((?:\?:|\?P?<[A-Za-z_]\w*>)?/);
  if (text.sees("?")) {
    throw text.refuse("this kind of group is not read here", "Use ( ) or (?: ), and [aA] for both cases");
  }
  const part = readChoice(text, depth + 1);
  if (opened === undefined || !text.take(")")) throw text.refuse("a group is not closed", "Add )");
  return part;
}
