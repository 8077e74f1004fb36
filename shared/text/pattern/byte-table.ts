/** Patterns and lists of words as one table over bytes: a text is matched without being decoded, at one step a byte. */
import type { DfaState, LazyDfa } from "./pattern.ts";

export interface ByteTable {
  /** The next state is at `256 * state + byte`. A state that leads nowhere leads to itself. */
  readonly next: Uint16Array;
  readonly start: number;
  /** By state: 1 where a text may end, 2 within a character. */
  readonly accepts: Uint8Array;
}

/** In place of a state: the table knows nothing of the byte. */
export const UNKNOWN = 0xffff;

/** As many states as a pattern remembers, so that building a table never makes it forget some. */
const MAX_PATTERN_STATES = 1_500;
/** Each takes some microseconds to find. */
const MAX_PATTERN_STEPS = 16_384;
/** Half a kilobyte each. */
const MAX_WORD_STATES = 4_096;
const ASCII = 128;

/** The table of a pattern for ASCII; all other bytes and NUL are unknown. Undefined where the table would be too large. */
export function patternTable(pattern: LazyDfa): ByteTable | undefined {
  const classes = Array.from({ length: ASCII }, (_, ascii) => pattern.classOfAscii(ascii));
  const perState = new Set(classes).size;
  const numbers = new Map<DfaState, number>([[pattern.start, 0]]);
  const rows: Uint16Array[] = [];
  for (const state of numbers.keys()) {
    if (numbers.size > MAX_PATTERN_STATES || numbers.size * perState > MAX_PATTERN_STEPS) return undefined;
    const row = new Uint16Array(256).fill(UNKNOWN);
    for (let ascii = 1; ascii < ASCII; ascii += 1) {
      const to = pattern.step(state, ascii);
      const number = numbers.get(to) ?? numbers.size;
      numbers.set(to, number);
      row[ascii] = number;
    }
    rows.push(row);
  }
  return {
    next: joinRows(rows),
    start: 0,
    accepts: Uint8Array.from(numbers.keys(), ({ accepts }) => (accepts ? 1 : 0)),
  };
}

const NOWHERE = 0;

/** The table that accepts these words and nothing else; other bytes than theirs and ASCII are unknown. Undefined where it would be too large. */
export function wordsTable(words: readonly string[]): ByteTable | undefined {
  const encoder = new TextEncoder();
  // The first state leads nowhere, the second is the start.
  const rows = [wordRow(), wordRow()];
  const accepts = [0, 0];
  for (const word of words) {
    let state = 1;
    const bytes = encoder.encode(word);
    for (const [at, byte] of bytes.entries()) {
      const row = rows[state] ?? wordRow();
      if (row[byte] === NOWHERE || row[byte] === UNKNOWN) {
        if (rows.length === MAX_WORD_STATES) return undefined;
        const isWithin = isContinuation(bytes[at + 1]);
        row[byte] = rows.push(isWithin ? wordRow().fill(UNKNOWN) : wordRow()) - 1;
        accepts.push(isWithin ? 2 : 0);
      }
      state = row[byte] ?? NOWHERE;
    }
    accepts[state] = 1;
  }
  return { next: joinRows(rows), start: 1, accepts: Uint8Array.from(accepts) };
}

/** Whether bytes beyond ASCII are characters is for others to tell. */
const wordRow = (): Uint16Array => new Uint16Array(256).fill(UNKNOWN, ASCII);

/** Of a character of several bytes. */
const isContinuation = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80;

function joinRows(rows: readonly Uint16Array[]): Uint16Array {
  const joined = new Uint16Array(256 * rows.length);
  for (const [state, row] of rows.entries()) joined.set(row, 256 * state);
  return joined;
}
