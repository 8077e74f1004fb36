/** From a pattern's parts to states and steps (Thompson's construction): as many states as the pattern has characters. */
import type { CharSet } from "./char-set.ts";
import type { PatternNode } from "./parse-pattern.ts";
import { PatternError } from "./pattern-reader.ts";

export type NfaState =
  /** Takes one character of the set. */
  | { readonly kind: "take"; readonly set: CharSet; readonly next: number }
  /** Goes on without taking any, to each of them. */
  | { readonly kind: "split"; readonly next: readonly number[] }
  /** Goes on at the start or the end of the text only. */
  | { readonly kind: "start" | "end"; readonly next: number }
  | { readonly kind: "match" };

export interface Automaton {
  readonly states: readonly NfaState[];
  readonly start: number;
}

/** A step costs at most about this many looks. */
const MAX_STATES = 10_000;

/** @throws PatternRefused when counted repetitions make it too large */
export function buildAutomaton(part: PatternNode): Automaton {
  const states: NfaState[] = [{ kind: "match" }];
  const add = (state: NfaState): number => states.push(state) - 1;
  let built = 0;
  /** The state that begins `part` and goes on to `next` after it: built from the end to the beginning. */
  const build = (part: PatternNode, next: number): number => {
    // Parts are counted, not only states: nothing repeated a thousand times a thousand times takes time too.
    built += 1;
    if (built > MAX_STATES) throw tooLargeError();
    switch (part.kind) {
      case "set":
        return add({ kind: "take", set: part.set, next });
      case "start":
      case "end":
        return add({ kind: part.kind, next });
      case "sequence":
        return part.parts.reduceRight((after, each) => build(each, after), next);
      case "choice":
        return add({ kind: "split", next: part.branches.map((branch) => build(branch, next)) });
      case "repeat":
        return repeat(part, next);
    }
  };
  const repeat = ({ part, min, max }: Extract<PatternNode, { kind: "repeat" }>, next: number): number => {
    let first = next;
    if (max === Number.POSITIVE_INFINITY) {
      const ways = [next];
      first = add({ kind: "split", next: ways });
      ways.push(build(part, first));
    } else {
      for (let optional = min; optional < max; optional += 1) {
        first = add({ kind: "split", next: [next, build(part, first)] });
      }
    }
    for (let needed = 0; needed < min; needed += 1) first = build(part, first);
    return first;
  };
  const first = build(part, 0);
  return { states, start: first };
}

const tooLargeError = (): PatternError =>
  new PatternError("the pattern repeats too much in too much", "Use smaller counts, or min-length and max-length");
