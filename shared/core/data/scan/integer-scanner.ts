/** Integers of up to 15 digits with their bounds: 64-bit floats have them exactly. */
import {
  AS_TEXT,
  answer,
  type ByteKinds,
  type CellScanner,
  DIGIT_ZERO,
  finishCell,
  MINUS,
  ORDINARY,
  SUSPICIOUS,
} from "./cell-scanner.ts";
import { type Bounds, boundsVerdict } from "./number-bounds.ts";

const MAX_DIGITS = 15;

export function integerScanner(kinds: ByteKinds, bounds: Bounds): CellScanner {
  return (bytes, from) => {
    const isNegative = bytes[from] === MINUS;
    const first = isNegative ? from + 1 : from;
    let at = first;
    let value = 0;
    for (; ; at += 1) {
      const digit = (bytes[at] ?? 0) - DIGIT_ZERO;
      if (digit < 0 || digit > 9) break;
      value = 10 * value + digit;
    }
    const kind = kinds[bytes[at] ?? 0];
    const digits = at - first;
    const hasLeadingZero = bytes[first] === DIGIT_ZERO && at - from > 1;
    if (kind === ORDINARY || kind === SUSPICIOUS || digits === 0 || digits > MAX_DIGITS || hasLeadingZero) {
      return finishCell(kinds, bytes, at, AS_TEXT);
    }
    const verdict = boundsVerdict(bounds, isNegative ? -value : value);
    return verdict < 0 ? at : answer(at, verdict);
  };
}
