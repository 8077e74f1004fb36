/** An estimate whose error is normal with an estimated standard error: the t-test and its interval. */
import { studentAbove, studentBelow, studentQuantile } from "../distribution/student-t.ts";
import type { Estimate } from "../estimate.ts";
import { type Inconclusive, inconclusive } from "../inconclusive.ts";
import { smallestDetectable } from "../power/detectable.ts";

export interface TParts {
  readonly method: string;
  /** As in `Estimate`. */
  readonly n?: number | undefined;
  readonly difference: number;
  readonly stderr: number;
  /** Degrees of freedom of the standard error; `Infinity` when it is known. */
  readonly df: number;
}

export function estimateByT({ method, n, difference, stderr, df }: TParts): Estimate | Inconclusive {
  if (!Number.isFinite(difference) || !Number.isFinite(stderr)) {
    return inconclusive("not-finite", "the numbers are too large to compute with");
  }
  if (!(df > 0)) return inconclusive("too-few", "one value says nothing about noise: two are needed");
  if (!(stderr > 0))
    return inconclusive("no-variance", "the values do not vary, so that nothing can be said about noise");
  return {
    ...{ method, difference, ...(n !== undefined && { n }) },
    pLower: studentBelow(difference / stderr, df),
    pHigher: studentAbove(difference / stderr, df),
    interval: (confidence) => {
      const half = studentQuantile((1 + confidence) / 2, df) * stderr;
      return { low: difference - half, high: difference + half };
    },
    detectable: smallestDetectable(stderr, df),
  };
}
