/** Decides whether a whole text matches a pattern. */
import { type Automaton, buildAutomaton } from "./automaton.ts";
import { contains, WORD } from "./char-set.ts";
import { parsePattern } from "./parse-pattern.ts";

export interface Pattern {
  /** In time proportional to the text's length. */
  matches(text: string): boolean;
}

/** @throws PatternError with what is wrong and what to write instead */
export function compilePattern(pattern: string): LazyDfa {
  return new LazyDfa(buildAutomaton(parsePattern(pattern)));
}

/** The states that the automaton can be in at the same time. */
export interface DfaState {
  readonly states: readonly number[];
  /** What a boundary of a word depends on; false where the pattern has none. */
  readonly isStart: boolean;
  readonly isAfterWord: boolean;
  /** Whether the text may end here. */
  readonly accepts: boolean;
  /** The next state for each character class; computed when first needed. */
  readonly transitions: (DfaState | undefined)[];
}

/** What is known of a place in the text. */
interface Place {
  readonly isStart: boolean;
  readonly isEnd: boolean;
  /** Undefined while the next character is not known. */
  readonly isBoundary: boolean | undefined;
}

/** Each state is computed once. When there are too many, all are dropped and computed again, as in RE2. */
const MAX_DFA_STATES = 2_000;
const ASCII = 128;

export class LazyDfa implements Pattern {
  readonly #automaton: Automaton;
  readonly #hasBoundaries: boolean;
  /** Where a new character class begins: characters between two bounds have the same transitions. */
  readonly #bounds: readonly number[];
  readonly #asciiClass: Uint16Array;
  readonly #states = new Map<string, DfaState>();
  readonly #start: DfaState;

  constructor(automaton: Automaton) {
    this.#automaton = automaton;
    this.#hasBoundaries = automaton.states.some(({ kind }) => kind === "boundary");
    const sets = new Set(automaton.states.flatMap((state) => (state.kind === "take" ? [state.set] : [])));
    if (this.#hasBoundaries) sets.add(WORD);
    const bounds = [...sets].flatMap((set) => set.flatMap(([from, to]) => [from, to + 1]));
    this.#bounds = [...new Set([0, ...bounds])].sort((a, b) => a - b);
    this.#asciiClass = Uint16Array.from({ length: ASCII }, (_, point) => this.#classOf(point));
    this.#start = this.#stateFor([automaton.start], true, false);
  }

  matches(text: string): boolean {
    let state = this.#start;
    for (let at = 0; at < text.length; at += 1) {
      const unit = text.charCodeAt(at);
      let charClass: number;
      if (unit < ASCII) charClass = this.#asciiClass[unit] ?? 0;
      else {
        const point = text.codePointAt(at) ?? unit;
        if (point > 0xffff) at += 1;
        charClass = this.#classOf(point);
      }
      state = state.transitions[charClass] ?? this.#computeTransition(state, charClass);
      // No further character can be consumed.
      if (state.states.length === 0) return state.accepts && at === text.length - 1;
    }
    return state.accepts;
  }

  get start(): DfaState {
    return this.#start;
  }

  /** The state after one more ASCII character. */
  step(from: DfaState, ascii: number): DfaState {
    const charClass = this.#asciiClass[ascii] ?? 0;
    return from.transitions[charClass] ?? this.#computeTransition(from, charClass);
  }

  /** Of an ASCII character: those of one class are never told apart. */
  classOfAscii(ascii: number): number {
    return this.#asciiClass[ascii] ?? 0;
  }

  #computeTransition(from: DfaState, charClass: number): DfaState {
    const point = this.#bounds[charClass] ?? 0;
    const isWord = this.#hasBoundaries && contains(WORD, point);
    const now = { isStart: from.isStart, isEnd: false, isBoundary: from.isAfterWord !== isWord };
    const here = this.#hasBoundaries ? this.#epsilonClosure(from.states, now) : from.states;
    const next: number[] = [];
    for (const at of here) {
      const state = this.#automaton.states[at];
      if (state?.kind === "take" && contains(state.set, point)) next.push(state.next);
    }
    const to = this.#stateFor(next, false, isWord);
    from.transitions[charClass] = to;
    return to;
  }

  /** Whether there is a boundary depends on the next character: until that is known, it stays one of the states. */
  #stateFor(from: readonly number[], isStart: boolean, isAfterWord: boolean): DfaState {
    const reached = this.#epsilonClosure(from, { isStart, isEnd: false, isBoundary: undefined });
    const isKept = (at: number): boolean => ["take", "boundary"].includes(this.#automaton.states[at]?.kind ?? "");
    const states = reached.filter(isKept).sort((a, b) => a - b);
    const accepts = this.#epsilonClosure(from, { isStart, isEnd: true, isBoundary: isAfterWord }).includes(0);
    const kept = { isStart: isStart && this.#hasBoundaries, isAfterWord };
    const key = `${accepts}:${kept.isStart}:${isAfterWord}:${states.join(",")}`;
    const known = this.#states.get(key);
    if (known !== undefined) return known;
    if (this.#states.size >= MAX_DFA_STATES) this.#clearCache();
    const state: DfaState = { states, ...kept, accepts, transitions: [] };
    this.#states.set(key, state);
    return state;
  }

  /** All states that are reached without consuming a character. */
  #epsilonClosure(from: readonly number[], { isStart, isEnd, isBoundary }: Place): readonly number[] {
    const { states } = this.#automaton;
    const seen = new Set<number>();
    const pending = [...from];
    for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
      if (seen.has(at)) continue;
      seen.add(at);
      const state = states[at];
      if (state?.kind === "split") pending.push(...state.next);
      else if ((state?.kind === "start" && isStart) || (state?.kind === "end" && isEnd)) pending.push(state.next);
      else if (state?.kind === "boundary" && state.is === isBoundary) pending.push(state.next);
    }
    return [...seen];
  }

  #clearCache(): void {
    for (const state of this.#states.values()) state.transitions.length = 0;
    this.#states.clear();
  }

  /** By bisection: the last bound at or below the character. */
  #classOf(point: number): number {
    let low = 0;
    let high = this.#bounds.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#bounds[middle] ?? 0) <= point) low = middle;
      else high = middle;
    }
    return low;
  }
}
