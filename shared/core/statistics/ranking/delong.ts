/** The area under the ROC curve of two models on the same cases: DeLong's test. */
import type { Estimate } from "../estimate.ts";
import { findNotFinite, type Inconclusive, inconclusive } from "../inconclusive.ts";
import { estimateConstant } from "../mean/identical.ts";
import { estimateByT } from "../mean/t-estimate.ts";

export interface ScoredCases {
  /** Whether each case is positive. */
  readonly positive: readonly boolean[];
  /** Higher means: rather positive. */
  readonly candidate: ArrayLike<number>;
  readonly baseline: ArrayLike<number>;
}

export interface AreaInfluences {
  readonly candidate: number;
  readonly baseline: number;
  /** How much each case moves the difference of the areas; they add up to 0. */
  readonly influences: Float64Array;
  readonly positives: number;
}

/**
 * DeLong, DeLong and Clarke-Pearson, "Comparing the areas under two or more correlated receiver operating characteristic
 * curves", 1988, by midranks (Sun and Xu, "Fast implementation of DeLong's algorithm", 2014).
 */
export function compareAreas(cases: ScoredCases): Estimate | Inconclusive {
  const areas = findAreaInfluences(cases);
  if ("inconclusive" in areas) return areas;
  const n = cases.positive.length;
  const [m, rest] = [areas.positives, n - areas.positives];
  if (Math.min(m, rest) < 2) return inconclusive("too-few", "it takes two positive and two negative cases");
  const difference = areas.candidate - areas.baseline;
  if (areas.influences.every((influence) => influence === 0)) {
    return estimateConstant(Math.min(m, rest), difference, 1);
  }
  let variance = 0;
  areas.influences.forEach((influence, at) => {
    const size = cases.positive[at] === true ? m : rest;
    variance += (influence ** 2 * size) / (size - 1);
  });
  return estimateByT({
    method: "DeLong's test",
    ...{ n, difference },
    stderr: Math.sqrt(variance),
    df: Number.POSITIVE_INFINITY,
  });
}

export function findAreaInfluences({ positive, candidate, baseline }: ScoredCases): AreaInfluences | Inconclusive {
  const n = positive.length;
  if (candidate.length !== n || baseline.length !== n)
    return inconclusive("not-comparable", "the models scored different cases");
  const bad = findNotFinite(Array.from(candidate), "score") ?? findNotFinite(Array.from(baseline), "score");
  if (bad !== undefined) return bad;
  const positives = positive.filter(Boolean).length;
  if (positives === 0 || positives === n) return inconclusive("too-few", "all cases are of one class");
  const a = componentsOf(positive, candidate, positives);
  const b = componentsOf(positive, baseline, positives);
  const influences = Float64Array.from(positive, (isPositive, at) => {
    const away = (a.shares[at] as number) - a.area - ((b.shares[at] as number) - b.area);
    return away / (isPositive ? positives : n - positives);
  });
  return { candidate: a.area, baseline: b.area, influences, positives };
}

/** For each positive case the share of negatives it beats, for each negative one that of positives that beat it. */
function componentsOf(positive: readonly boolean[], scores: ArrayLike<number>, positives: number) {
  const n = positive.length;
  const order = Uint32Array.from({ length: n }, (_, at) => at).sort(
    (x, y) => (scores[x] as number) - (scores[y] as number),
  );
  const shares = new Float64Array(n);
  let [positivesBelow, sum] = [0, 0];
  for (let from = 0; from < n; ) {
    let to = from;
    let positivesHere = 0;
    while (to < n && scores[order[to] as number] === scores[order[from] as number]) {
      if (positive[order[to] as number] === true) positivesHere += 1;
      to += 1;
    }
    const negativesBelow = from - positivesBelow;
    const negativesHere = to - from - positivesHere;
    for (const at of order.subarray(from, to)) {
      if (positive[at] === true) {
        shares[at] = (negativesBelow + negativesHere / 2) / (n - positives);
        sum += shares[at];
      } else {
        shares[at] = (positives - positivesBelow - positivesHere / 2) / positives;
      }
    }
    positivesBelow += positivesHere;
    from = to;
  }
  return { shares, area: sum / positives };
}
