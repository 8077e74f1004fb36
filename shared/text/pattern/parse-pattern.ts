/** From a pattern's text to its nodes: the syntax that RE2, Python, Java and ECMAScript interpret in the same way. */
import { type CharSet, NOT_LINE_FEED } from "./char-set.ts";
import { PatternReader } from "./pattern-reader.ts";
import { inAnyCase, readClass, readEscape } from "./read-class.ts";

export type PatternNode =
  | { readonly kind: "set"; readonly set: CharSet }
  | { readonly kind: "sequence"; readonly nodes: readonly PatternNode[] }
  | { readonly kind: "choice"; readonly branches: readonly PatternNode[] }
  | { readonly kind: "repeat"; readonly node: PatternNode; readonly min: number; readonly max: number }
  | { readonly kind: "start" }
  | { readonly kind: "end" }
  /** `\b`, or `\B` where it is not one. */
  | { readonly kind: "boundary"; readonly is: boolean };

/** RE2's limit. */
const MAX_REPEATS = 1000;
const MAX_DEPTH = 100;

/** @throws PatternError for what is malformed, differs between engines, or cannot be matched in linear time */
export function parsePattern(pattern: string): PatternNode {
  const text = new PatternReader(pattern);
  text.ignoresCase = text.consume("(?i)");
  const node = readChoice(text, 0);
  if (!text.atEnd) throw text.createError("a closing parenthesis has no opening one", "Remove it, or write \\)");
  return node;
}

function readChoice(text: PatternReader, depth: number): PatternNode {
  if (depth > MAX_DEPTH) throw text.createError(`it is nested deeper than ${MAX_DEPTH} groups`, "Simplify it");
  const branches = [readSequence(text, depth)];
  while (text.consume("|")) branches.push(readSequence(text, depth));
  const [only] = branches;
  return branches.length === 1 && only !== undefined ? only : { kind: "choice", branches };
}

function readSequence(text: PatternReader, depth: number): PatternNode {
  const nodes: PatternNode[] = [];
  while (!text.atEnd && !text.startsWith("|") && !text.startsWith(")")) nodes.push(readQuantified(text, depth));
  return { kind: "sequence", nodes };
}

function readQuantified(text: PatternReader, depth: number): PatternNode {
  const node = readAtom(text, depth);
  const times = readQuantifier(text);
  if (times === undefined) return node;
  if (node.kind === "start" || node.kind === "end" || node.kind === "boundary") {
    throw text.createError("^, $ or \\b is repeated", "Remove the repetition");
  }
  // Lazy or not makes no difference to whether the whole text matches.
  text.consume("?");
  if (text.startsWith("*") || text.startsWith("+") || text.startsWith("?") || text.startsWith("{")) {
    throw text.createError("a repetition is repeated", "Put the inner one in a group: (?:a+)*");
  }
  return { kind: "repeat", node, ...times };
}

function readQuantifier(text: PatternReader): { readonly min: number; readonly max: number } | undefined {
  if (text.consume("*")) return { min: 0, max: Number.POSITIVE_INFINITY };
  if (text.consume("+")) return { min: 1, max: Number.POSITIVE_INFINITY };
  if (text.consume("?")) return { min: 0, max: 1 };
  if (!text.startsWith("{")) return undefined;
  const counts = text.consumeMatch(/^\{(\d{1,9})(?:(,)(\d{1,9})?)?\}/);
  if (counts === undefined)
    throw text.createError("{ does not begin a count like {2} or {2,5}", "Write \\{ for a brace");
  const min = Number(counts[1]);
  const unbounded = counts[2] === undefined ? min : Number.POSITIVE_INFINITY;
  const max = counts[3] === undefined ? unbounded : Number(counts[3]);
  if (min > max) throw text.createError(`{${min},${max}} has a minimum above its maximum`, "Swap the two numbers");
  if (min > MAX_REPEATS || (max !== Number.POSITIVE_INFINITY && max > MAX_REPEATS)) {
    throw text.createError(`it repeats more than ${MAX_REPEATS} times`, "Use min-length and max-length instead");
  }
  return { min, max };
}

function readAtom(text: PatternReader, depth: number): PatternNode {
  if (text.startsWith("(")) return readGroup(text, depth);
  if (text.startsWith("[")) return { kind: "set", set: readClass(text) };
  if (text.consume("^")) return { kind: "start" };
  if (text.consume("$")) return { kind: "end" };
  if (text.consume(".")) return { kind: "set", set: NOT_LINE_FEED };
  if (text.startsWith("\\")) {
    if (text.consume("\\A")) return { kind: "start" };
    if (text.consume("\\z")) return { kind: "end" };
    if (text.consume("\\b")) return { kind: "boundary", is: true };
    if (text.consume("\\B")) return { kind: "boundary", is: false };
    return { kind: "set", set: inAnyCase(text, readEscape(text)) };
  }
  if (text.startsWith("*") || text.startsWith("+") || text.startsWith("?") || text.startsWith("{")) {
    throw text.createError("there is nothing to repeat", "Write a backslash before it for the character itself");
  }
  if (text.startsWith("]") || text.startsWith("}")) {
    throw text.createError("a closing bracket has no opening one", "Write a backslash before it");
  }
  const point = text.consumeCodePoint();
  return { kind: "set", set: text.inAnyCase([[point, point]]) };
}

function readGroup(text: PatternReader, depth: number): PatternNode {
  if (text.consumeMatch(/^\(\?<?[=!]/)) {
    throw text.createError(
      "look-ahead and look-behind cannot be matched in linear time",
      "List what is allowed instead",
    );
  }
  if (text.startsWith("(?i)")) {
    throw text.createError(
      "(?i) in the middle differs between engines",
      "Write it at the beginning, or (?i: ) for a part",
    );
  }
  const opened = text.consumeMatch(/^\((?:\?:|\?i:|\?P?<[A-Za-z_]\w*>)?/);
  if (text.startsWith("?")) {
    throw text.createError("this kind of group is not supported", "Use ( ), (?: ) or (?i: )");
  }
  const outside = text.ignoresCase;
  text.ignoresCase ||= opened?.[0] === "(?i:";
  const node = readChoice(text, depth + 1);
  text.ignoresCase = outside;
  if (opened === undefined || !text.consume(")")) throw text.createError("a group is not closed", "Add )");
  return node;
}
