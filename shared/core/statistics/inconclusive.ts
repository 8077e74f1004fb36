/** What a computation returns when the evidence does not suffice: a reason, never NaN. */

/**
 * - `too-few`: more cases, runs, seeds or clusters would help.
 * - `no-variance`: all values are equal, so that nothing can be said about noise.
 * - `not-finite`, `out-of-range`: a number is NaN or infinite, or no such share, count or weight can exist.
 * - `missing-results`: cases have no result, as their run broke: neither a regression nor a success.
 * - `not-comparable`: the two sides do not measure the same thing.
 * - `not-supported`: this kind of evidence cannot decide this metric.
 */
export type InconclusiveReason =
  | "too-few"
  | "no-variance"
  | "not-finite"
  | "out-of-range"
  | "missing-results"
  | "not-comparable"
  | "not-supported";

export interface Inconclusive {
  readonly inconclusive: InconclusiveReason;
  /** One sentence without a full stop, for people. */
  readonly detail: string;
}

export const inconclusive = (reason: InconclusiveReason, detail: string): Inconclusive => ({
  inconclusive: reason,
  detail,
});

export const isInconclusive = <Result extends object>(result: Result | Inconclusive): result is Inconclusive =>
  "inconclusive" in result;

/** The first value that is not finite, counted from 1; `undefined` when all are. */
export function findNotFinite(numbers: Iterable<number>, what: string): Inconclusive | undefined {
  let at = 0;
  for (const value of numbers) {
    at += 1;
    if (!Number.isFinite(value)) return inconclusive("not-finite", `${what} ${at} is not a finite number`);
  }
  return undefined;
}

/** A confidence or level: strictly between 0 and 1. */
export const findBadShare = (share: number, what: string): Inconclusive | undefined =>
  share > 0 && share < 1 ? undefined : inconclusive("out-of-range", `the ${what} is not between 0 and 1`);
