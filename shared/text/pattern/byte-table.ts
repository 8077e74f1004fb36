/** Patterns and lists of words as one table over bytes: a text is matched without being decoded, at one step a byte. */
import type { DfaState, LazyDfa } from "./pattern.ts";

export interface ByteTable {
  /** The class of each byte; 0 for one that no accepted text has. */
  readonly classes: Uint8Array;
  /** The next state is at the sum of state and class. A state that leads nowhere leads to itself. */
  readonly next: Int32Array;
  readonly start: number;
  /** 1 at each state in which a text may end. */
  readonly accepts: Uint8Array;
}

/** As many states as a pattern remembers, so that building a table never makes it forget some. */
const MAX_PATTERN_STATES = 1_500;
/** Each takes some microseconds to find. */
const MAX_PATTERN_ENTRIES = 16_384;
const MAX_WORD_ENTRIES = 1 << 20;
const ASCII = 128;

/**
 * The table of a pattern for ASCII. Bytes beyond ASCII have class 0: they must be matched as text.
 * Undefined where the table would be too large.
 */
export function patternTable(pattern: LazyDfa): ByteTable | undefined {
  const characters = new Map<number, number>();
  for (let ascii = 1; ascii < ASCII; ascii += 1) {
    const charClass = pattern.classOfAscii(ascii);
    if (!characters.has(charClass)) characters.set(charClass, ascii);
  }
  const order = [...characters.keys()];
  const classes = Uint8Array.from({ length: 256 }, (_, byte) =>
    byte > 0 && byte < ASCII ? order.indexOf(pattern.classOfAscii(byte)) + 1 : 0,
  );
  const width = order.length + 1;
  const numbers = new Map<DfaState, number>([[pattern.start, 0]]);
  const rows: number[][] = [];
  for (const state of numbers.keys()) {
    if (numbers.size > MAX_PATTERN_STATES || numbers.size * width > MAX_PATTERN_ENTRIES) return undefined;
    const row = [0];
    for (const ascii of characters.values()) {
      const to = pattern.step(state, ascii);
      const known = numbers.get(to) ?? numbers.size;
      numbers.set(to, known);
      row.push(known * width);
    }
    rows.push(row);
  }
  const accepts = [...numbers.keys()].map((state) => state.accepts);
  return { classes, next: Int32Array.from(rows.flat()), start: 0, accepts: spread(accepts, width) };
}

/** The table that accepts these words and nothing else; undefined where it would be too large. */
export function wordsTable(words: readonly string[]): ByteTable | undefined {
  const encoder = new TextEncoder();
  const classes = new Uint8Array(256);
  let width = 1;
  const encoded = words.map((word) => encoder.encode(word));
  for (const byte of encoded.flatMap((word) => [...word])) {
    if (classes[byte] !== 0 || byte === 0) continue;
    if (width === 256) return undefined;
    classes[byte] = width;
    width += 1;
  }
  // The first state leads nowhere, the second is the start.
  const rows = [new Array<number>(width).fill(0), new Array<number>(width).fill(0)];
  const accepts = [false, false];
  for (const word of encoded) {
    let state = 1;
    for (const byte of word) {
      const row = rows[state] ?? [];
      const byteClass = classes[byte] ?? 0;
      if (row[byteClass] === 0) {
        if ((rows.length + 1) * width > MAX_WORD_ENTRIES) return undefined;
        row[byteClass] = rows.push(new Array<number>(width).fill(0)) - 1;
        accepts.push(false);
      }
      state = row[byteClass] ?? 0;
    }
    accepts[state] = true;
  }
  const next = Int32Array.from(rows.flat(), (state) => state * width);
  return { classes, next, start: width, accepts: spread(accepts, width) };
}

/** States are numbered in steps of the table's width. */
function spread(accepts: readonly boolean[], width: number): Uint8Array {
  const spreaded = new Uint8Array(accepts.length * width);
  for (const [state, accepted] of accepts.entries()) spreaded[state * width] = accepted ? 1 : 0;
  return spreaded;
}
