/** From a pattern's nodes to an NFA (Thompson's construction): about as many states as the pattern has characters. */
import type { CharSet } from "./char-set.ts";
import type { PatternNode } from "./parse-pattern.ts";
import { PatternError } from "./pattern-reader.ts";

export type NfaState =
  /** Consumes one character of the set. */
  | { readonly kind: "take"; readonly set: CharSet; readonly next: number }
  /** Goes to each of them without consuming a character. */
  | { readonly kind: "split"; readonly next: readonly number[] }
  /** Goes on at the start or the end of the text only. */
  | { readonly kind: "start" | "end"; readonly next: number }
  /** Goes on between a word character and another one, or where there is no such boundary. */
  | { readonly kind: "boundary"; readonly is: boolean; readonly next: number }
  | { readonly kind: "match" };

export interface Automaton {
  readonly states: readonly NfaState[];
  readonly start: number;
}

/** A character costs at most about this many transitions. */
const MAX_STATES = 10_000;

/** @throws PatternError when counted repetitions make it too large */
export function buildAutomaton(root: PatternNode): Automaton {
  const states: NfaState[] = [{ kind: "match" }];
  const add = (state: NfaState): number => states.push(state) - 1;
  let built = 0;
  /** The state that begins `node` and goes on to `next` after it: built from the end to the beginning. */
  const build = (node: PatternNode, next: number): number => {
    // Nodes are counted, not only states: an empty group that is repeated a million times takes time too.
    built += 1;
    if (built > MAX_STATES) throw tooLargeError();
    switch (node.kind) {
      case "set":
        return add({ kind: "take", set: node.set, next });
      case "start":
      case "end":
        return add({ kind: node.kind, next });
      case "boundary":
        return add({ kind: "boundary", is: node.is, next });
      case "sequence":
        return node.nodes.reduceRight((after, each) => build(each, after), next);
      case "choice":
        return add({ kind: "split", next: node.branches.map((branch) => build(branch, next)) });
      case "repeat":
        return repeat(node, next);
    }
  };
  const repeat = ({ node, min, max }: Extract<PatternNode, { kind: "repeat" }>, next: number): number => {
    let first = next;
    if (max === Number.POSITIVE_INFINITY) {
      const branches = [next];
      first = add({ kind: "split", next: branches });
      branches.push(build(node, first));
    } else {
      for (let optional = min; optional < max; optional += 1) {
        first = add({ kind: "split", next: [next, build(node, first)] });
      }
    }
    for (let needed = 0; needed < min; needed += 1) first = build(node, first);
    return first;
  };
  const start = build(root, 0);
  return { states, start };
}

const tooLargeError = (): PatternError =>
  new PatternError(
    "the pattern's nested repetitions are too large",
    "Use smaller counts, or min-length and max-length",
  );
