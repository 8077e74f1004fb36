/** Numbers for people: as many digits as the change between them needs, at most five. The record has all of them. */
import { decimalOf, formatDecimal } from "../text/decimal/decimal.ts";
import type { Markdown } from "./markdown.ts";

/** All digits of the number: of thresholds, which people wrote. @throws RangeError for NaN and infinities */
export const formatExact = (number: number): string => formatDecimal(decimalOf(number));

/** A number in a report: it is not encoded, however many digits it has. */
export const numberMarkdown = (number: number, digits: number = MAX_DIGITS): Markdown => ({
  markdown: formatNumber(number, digits),
});

const MILLION = 1_000_000;
const MIN_DIGITS = 3;
const MAX_DIGITS = 5;

/**
 * Two numbers to be compared, with so many significant digits that the first two digits of their difference are among them.
 * Closer ones look the same: what differs stands beside them.
 */
export function formatPair(
  before: number | null,
  now: number | null,
): readonly [string | undefined, string | undefined] {
  const digits = digitsFor(before, now);
  const format = (number: number | null) => (number === null ? undefined : formatNumber(number, digits));
  return [format(before), format(now)];
}

function digitsFor(before: number | null, now: number | null): number {
  if (before === null || now === null || before === now) return MAX_DIGITS;
  const share = Math.abs(now / 2 - before / 2) / Math.max(Math.abs(now / 2), Math.abs(before / 2));
  return Math.min(MAX_DIGITS, Math.max(MIN_DIGITS, Math.ceil(-Math.log10(share)) + 2));
}

/** Rounded to significant digits; a whole number that people count with keeps all of its digits. */
export function formatNumber(number: number, digits: number = MAX_DIGITS): string {
  if (Number.isInteger(number) && Math.abs(number) < 100_000) return String(number);
  const rounded = Number(number.toPrecision(digits));
  // From a million on zeros stand for digits that are left out, and GitHub could take seven digits for a commit.
  if (Number.isFinite(rounded))
    return (Math.abs(rounded) < MILLION ? String(rounded) : rounded.toExponential()).replace("e+", "e");
  // The largest numbers would round up to infinity.
  const [mantissa = "", exponent = ""] = number.toExponential().split("e+");
  return `${mantissa.slice(0, digits)}e${exponent}`;
}
