/** Numbers of up to 15 digits without an exponent, with their bounds and decimals. */
import {
  AS_TEXT,
  answer,
  type ByteKinds,
  type CellScanner,
  DIGIT_ZERO,
  finishCell,
  MINUS,
  ORDINARY,
  POINT,
  SUSPICIOUS,
} from "./cell-scanner.ts";
import { type Bounds, boundsVerdict } from "./number-bounds.ts";

/** So many digits, divided by one of these powers, are the float that is nearest to the decimal. */
const MAX_DIGITS = 15;
const POWERS = Float64Array.from({ length: MAX_DIGITS + 1 }, (_, power) => Number(`1e${power}`));

interface NumberRules {
  readonly bounds: Bounds;
  readonly maxDecimals: number;
  readonly tooManyDecimals: number;
}

export function numberScanner(kinds: ByteKinds, rules: NumberRules): CellScanner {
  const { bounds, maxDecimals, tooManyDecimals } = rules;
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
    let digits = at - first;
    if (digits === 0 || (digits > 1 && bytes[first] === DIGIT_ZERO)) return finishCell(kinds, bytes, at, AS_TEXT);
    let decimals = 0;
    if (bytes[at] === POINT) {
      const fraction = at + 1;
      for (at = fraction; ; at += 1) {
        const digit = (bytes[at] ?? 0) - DIGIT_ZERO;
        if (digit < 0 || digit > 9) break;
        value = 10 * value + digit;
        if (digit !== 0) decimals = at - fraction + 1;
      }
      if (at === fraction) return finishCell(kinds, bytes, at, AS_TEXT);
      digits += at - fraction;
      if (digits <= MAX_DIGITS) value /= POWERS[at - fraction] ?? 1;
    }
    const kind = kinds[bytes[at] ?? 0];
    if (kind === ORDINARY || kind === SUSPICIOUS || digits > MAX_DIGITS) return finishCell(kinds, bytes, at, AS_TEXT);
    const verdict = boundsVerdict(bounds, isNegative ? -value : value);
    if (verdict >= 0) return answer(at, verdict);
    return decimals <= maxDecimals ? at : answer(at, tooManyDecimals);
  };
}
