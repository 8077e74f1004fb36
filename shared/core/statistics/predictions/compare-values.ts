/** Means over the cases: accuracy, scores, errors of values; and the root of a mean. */
import { bootstrapMean } from "../bootstrap/resample-means.ts";
import { influencesOnMean } from "../cluster/clustered.ts";
import type { Estimate } from "../estimate.ts";
import { type Inconclusive, isInconclusive } from "../inconclusive.ts";
import { estimateConstant } from "../mean/identical.ts";
import { comparePairedMeans } from "../mean/paired-t.ts";
import { permutePaired } from "../permutation/permute-differences.ts";
import { comparePairedShares } from "../proportion/paired-shares.ts";
import type { Random } from "../random/random.ts";
import type { MeanStatistic } from "./case-values.ts";
import {
  compareInfluences,
  countIndependent,
  isPlain,
  type SideBySide,
  type UsablePair,
  weightsOf,
} from "./side-by-side.ts";

/** With fewer cases the bootstrap's intervals are too short. */
const BOOTSTRAP_FROM = 50;
/** With more the t-test says the same in no time. */
const RESAMPLE_TO = 50_000;

export function compareValues(
  statistic: MeanStatistic | "rmse",
  usable: readonly UsablePair<number>[],
  random: Random,
): SideBySide {
  const weights = weightsOf(usable);
  const [now, before] = (["candidate", "baseline"] as const).map((side) =>
    influencesOnMean(
      Float64Array.from(usable, (pair) => pair[side]),
      weights,
    ),
  ) as [ReturnType<typeof influencesOnMean>, ReturnType<typeof influencesOnMean>];
  const differences = Float64Array.from(usable, ({ candidate, baseline }) => candidate - baseline);
  const isRoot = statistic === "rmse";
  const [candidate, baseline] = isRoot ? [Math.sqrt(now.mean), Math.sqrt(before.mean)] : [now.mean, before.mean];
  const isShare = usable.every((pair) => isZeroOrOne(pair.candidate) && isZeroOrOne(pair.baseline));
  if (isPlain(usable) && isShare && !isRoot) return { candidate, baseline, result: compareAnswers(differences) };
  // The derivative of a root is 1 / (2 root); of a mean it is 1. Where the root is 0, no case has any influence.
  const slope = (root: number): number => (isRoot ? (root > 0 ? 1 / (2 * root) : 0) : 1);
  const range = isRoot ? Math.sqrt(rangeOf(usable)) : rangeOf(usable);
  const [first = 0] = differences;
  if (!isRoot && differences.every((difference) => difference === first)) {
    return { candidate, baseline, result: estimateConstant(countIndependent(usable), first, range) };
  }
  if (isPlain(usable) && !isRoot) return { candidate, baseline, result: compareScores(differences, random) };
  const influences = now.influences.map(
    (own, at) => own * slope(candidate) - (before.influences[at] as number) * slope(baseline),
  );
  const result = compareInfluences(candidate - baseline, influences, usable, range);
  return { candidate, baseline, result };
}

/** @param differences 1 where the candidate gained a case, -1 where it lost one */
function compareAnswers(differences: Float64Array): Estimate | Inconclusive {
  const gained = differences.filter((difference) => difference > 0).length;
  const lost = differences.filter((difference) => difference < 0).length;
  return comparePairedShares({ n: differences.length, gained, lost });
}

function compareScores(differences: Float64Array, random: Random): Estimate | Inconclusive {
  const byT = comparePairedMeans(differences);
  if (differences.length > RESAMPLE_TO) return byT;
  const tails = permutePaired(differences, random);
  if (isInconclusive(tails) || isInconclusive(byT)) return byT;
  const test = { ...byT, ...tails, method: "paired permutation test" };
  const resampled = differences.length < BOOTSTRAP_FROM ? byT : bootstrapMean(differences, random);
  if (isInconclusive(resampled)) return test;
  // The bootstrap follows skewness, and is too short where few cases carry the difference: the wider end of both holds.
  return {
    ...test,
    interval: (confidence) => {
      const [a, b] = [byT.interval(confidence), resampled.interval(confidence)];
      return { low: Math.min(a.low, b.low), high: Math.max(a.high, b.high) };
    },
  };
}

const isZeroOrOne = (value: number): boolean => value === 0 || value === 1;

/** Of what was seen on either side: the result of a case may change by so much. */
function rangeOf(usable: readonly UsablePair<number>[]): number {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { candidate, baseline } of usable) {
    low = Math.min(low, candidate, baseline);
    high = Math.max(high, candidate, baseline);
  }
  // Where all are equal the smallest unit of a share is the best guess.
  return high > low ? high - low : 1;
}
