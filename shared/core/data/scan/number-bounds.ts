/** Bounds of numbers for values that a 64-bit float has exactly, or as the only decimal of 15 digits near it. */
import { canonicalDecimal } from "../../../text/decimal/decimal.ts";
import { AS_TEXT } from "./cell-scanner.ts";

export interface Bounds {
  readonly min: number;
  readonly max: number;
  /** The verdicts about values below and above, and about one that is equal to a bound as a float. */
  readonly below: number;
  readonly above: number;
  readonly atMin: number;
  readonly atMax: number;
}

/** The value is allowed. */
const GOOD = -1;
/** What a float tells apart: two decimals of so many digits are never the same one. */
const MAX_DIGITS = 15;
const MAX_POWER = 22;

interface BoundRules {
  readonly min: string | undefined;
  readonly max: string | undefined;
  /** The numbers of the rules that they are. */
  readonly below: number;
  readonly above: number;
}

/** Rounding to floats keeps the order, so only a value that is equal to a long bound needs more than floats. */
export function numberBounds({ min, max, below, above }: BoundRules): Bounds {
  const atBound = (bound: string | undefined): number => (bound === undefined || isExact(bound) ? GOOD : AS_TEXT);
  return {
    min: min === undefined ? Number.NEGATIVE_INFINITY : Number(min),
    max: max === undefined ? Number.POSITIVE_INFINITY : Number(max),
    ...{ below, above, atMin: atBound(min), atMax: atBound(max) },
  };
}

function isExact(bound: string): boolean {
  const [digits = "", power] = canonicalDecimal(bound).split("e");
  return digits.length <= MAX_DIGITS && Math.abs(Number(power)) <= MAX_POWER;
}

/** Negative for a value within the bounds. */
export function boundsVerdict(bounds: Bounds, value: number): number {
  if (value < bounds.min) return bounds.below;
  if (value > bounds.max) return bounds.above;
  if (value === bounds.min && bounds.atMin !== GOOD) return bounds.atMin;
  if (value === bounds.max && bounds.atMax !== GOOD) return bounds.atMax;
  return GOOD;
}
