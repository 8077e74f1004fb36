/** What scanners of cells have in common: how they see bytes, and how they answer. */

/**
 * Reads the cell that begins at `from`, which is not empty. Returns where it ends if it is good; else the negative answer of
 * `answer`. The end is the first byte that is no ordinary one. Whoever calls makes sure that there is a line feed.
 */
export type CellScanner = (bytes: Uint8Array, from: number) => number;

/** Instead of the number of a rule: the cell has to be judged as text. */
export const AS_TEXT = 15;
/** Instead of the number of a rule: the cell is null and must not be. */
export const NULL = 14;
/** Rules are told apart below this number; later ones are judged as text. */
export const MAX_RULE = 14;

/** Where a cell that was not proven good ends, and the rule that it breaks, as one negative number. */
export const answer = (end: number, verdict: number): number => ~((end << 4) | verdict);
export const endOf = (negative: number): number => ~negative >> 4;
export const verdictOf = (negative: number): number => ~negative & 15;

/** What a byte is to whoever splits records. */
export const ORDINARY = 0;
/** The delimiter, and both characters of line ends. */
export const TERMINATOR = 1;
export const QUOTE = 2;
/** NUL, and all bytes of characters beyond ASCII. */
export const SUSPICIOUS = 3;

export const LINE_FEED = 10;
export const CARRIAGE_RETURN = 13;
export const QUOTE_BYTE = 34;
export const MINUS = 45;
export const POINT = 46;
export const DIGIT_ZERO = 48;

/** The kind of every byte. */
export type ByteKinds = Uint8Array;

export function byteKinds(delimiter: number): ByteKinds {
  const kinds = new Uint8Array(256).fill(SUSPICIOUS, 128);
  kinds[0] = SUSPICIOUS;
  kinds[QUOTE_BYTE] = QUOTE;
  for (const byte of [delimiter, LINE_FEED, CARRIAGE_RETURN]) kinds[byte] = TERMINATOR;
  return kinds;
}

/** Goes on to the end of a cell of which it is known that it breaks a rule, unless there is more that is wrong with it. */
export function finishCell(kinds: ByteKinds, bytes: Uint8Array, from: number, verdict: number): number {
  let result = verdict;
  for (let at = from; ; at += 1) {
    const kind = kinds[bytes[at] ?? 0] ?? 0;
    if (kind === ORDINARY) continue;
    if (kind !== SUSPICIOUS) return answer(at, result);
    result = AS_TEXT;
  }
}
