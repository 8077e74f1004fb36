/** Numbers for people, formatted so that they never contradict the comparison. */
import { decimalOf, formatDecimal } from "../text/decimal/decimal.ts";

/** All digits of the number. @throws RangeError for NaN and infinities, which records cannot contain */
export const formatExact = (number: number): string => formatDecimal(decimalOf(number));

/**
 * The numbers with as few significant digits (at least 6) as are needed to distinguish them; `undefined` for null. Rounding
 * keeps the order: a number that is shown as less is less, and numbers that are shown as equal are equal.
 */
export function formatComparable(numbers: readonly (number | null)[]): readonly (string | undefined)[] {
  const different = new Set(numbers).size;
  for (let digits = 6; digits < 17; digits++) {
    const shown = numbers.map((number) => (number === null ? undefined : formatNumber(number, digits)));
    if (new Set(shown).size === different) return shown;
  }
  return numbers.map((number) => (number === null ? undefined : String(number)));
}

/** One number that is not compared with another. */
export function formatNumber(number: number, digits: number): string {
  const rounded = Number(number.toPrecision(digits));
  // The largest numbers round up to infinity.
  return String(Number.isFinite(rounded) ? rounded : number);
}
