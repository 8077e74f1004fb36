/** Is a fixed tolerance tighter than the noise of its metric? Then it fails models that nobody made worse. */
import { studentAbove, studentQuantile } from "../distribution/student-t.ts";
import type { Noise } from "../history/learn-noise.ts";
import { type Inconclusive, inconclusive } from "../inconclusive.ts";

/** How much the difference between two trainings of one unchanged model varies. */
export interface Spread {
  readonly stderr: number;
  /** Degrees of freedom; `Infinity`: known. */
  readonly df: number;
}

/** A fixed rule compares two runs, each with the noise of one. */
export const spreadOfRuns = ({ deviation, df }: Noise): Spread => ({ stderr: deviation * Math.SQRT2, df });

/** Of a share of `n` cases that are drawn anew for each run; on the same cases it is less. */
export function spreadOfShare(share: number, n: number): Spread | Inconclusive {
  if (!(share >= 0 && share <= 1)) return inconclusive("out-of-range", "a share is not between 0 and 1");
  if (!(n >= 1) || n === Number.POSITIVE_INFINITY) return inconclusive("too-few", "there are no cases");
  return { stderr: Math.sqrt((2 * share * (1 - share)) / n), df: Number.POSITIVE_INFINITY };
}

/** A tolerance in the metric's unit. */
export interface FixedTolerance {
  readonly amount: number;
  /** Whether only a change for the worse counts, or one in either direction. */
  readonly sides: 1 | 2;
}

export interface ToleranceLint {
  /** Share of unchanged models that this rule alone would fail. */
  readonly unchangedFailing: number;
  /** The tolerance that would fail no more than the asked share. */
  readonly enough: number;
}

/** @param alpha share of unchanged models that the rule may fail */
export function lintTolerance(
  { amount, sides }: FixedTolerance,
  { stderr, df }: Spread,
  alpha: number,
): ToleranceLint | Inconclusive {
  if (!Number.isFinite(amount) || !Number.isFinite(stderr)) {
    return inconclusive("not-finite", "the tolerance or the noise is not finite");
  }
  if (amount < 0 || stderr < 0 || !(df > 0))
    return inconclusive("out-of-range", "the tolerance or the noise is below 0");
  if (stderr === 0) return inconclusive("no-variance", "the metric does not vary");
  return {
    unchangedFailing: sides * studentAbove(amount / stderr, df),
    enough: studentQuantile(1 - alpha / sides, df) * stderr,
  };
}

/** Share of unchanged models that fail at least one of several rules, as if their noise were independent. */
export const unchangedFailingTogether = (lints: readonly Pick<ToleranceLint, "unchangedFailing">[]): number =>
  1 - lints.reduce((passing, lint) => passing * (1 - lint.unchangedFailing), 1);
