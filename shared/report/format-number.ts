/** Numbers as people read them, in a way that never contradicts what was compared. */

import { decimalOf, formatDecimal } from "../text/decimal/decimal.ts";

/** All digits of what was compared. @throws RangeError for NaN and infinities, which records cannot hold */
export const formatExact = (number: number): string => formatDecimal(decimalOf(number));

/**
 * The numbers with as few significant digits (6 at least) as still tell them apart; nothing for null. Rounding keeps
 * order, so that what is shown as less was less, and what is shown as equal was equal.
 */
export function formatComparable(numbers: readonly (number | null)[]): readonly (string | undefined)[] {
  const different = new Set(numbers).size;
  for (let digits = 6; digits < 17; digits++) {
    const shown = numbers.map((number) => (number === null ? undefined : formatNumber(number, digits)));
    if (new Set(shown).size === different) return shown;
  }
  return numbers.map((number) => (number === null ? undefined : String(number)));
}

/** One number, where nothing is compared with it. */
export function formatNumber(number: number, digits: number): string {
  const rounded = Number(number.toPrecision(digits));
  // The largest numbers round up to infinity.
  return String(Number.isFinite(rounded) ? rounded : number);
}
