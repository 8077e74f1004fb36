/** What every comparison gives: how large the difference is, how sure that is, and what it could have seen. */

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Differences are those of the candidate to the baseline, in the metric's unit: below 0 the candidate is smaller. */
export interface Estimate {
  /** The method as the field calls it, for example `exact McNemar test`. */
  readonly method: string;
  /** How many independent parts it rests on: cases, clusters, runs or seeds; absent when the input does not say. */
  readonly n?: number;
  readonly difference: number;
  /** P of a difference at least this far below 0, if there is none. */
  readonly pLower: number;
  /** P of a difference at least this far above 0, if there is none. */
  readonly pHigher: number;
  /** Two-sided, so that each end alone has a level of (1 - confidence) / 2. */
  readonly interval: (confidence: number) => Interval;
  /**
   * The smallest true difference in one direction that a one-sided test at `alpha` finds with this power; `Infinity` when it
   * can find none, however large.
   */
  readonly detectable: (alpha: number, power: number) => number;
}
