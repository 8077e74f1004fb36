/** Is the candidate worse than the rules allow, beyond noise? All gated metrics of one change together. */
import type { Estimate, Interval } from "../estimate.ts";
import {
  findBadShare,
  type Inconclusive,
  type InconclusiveReason,
  inconclusive,
  isInconclusive,
} from "../inconclusive.ts";
import { neededFor } from "../power/detectable.ts";
import {
  type ChosenEvidence,
  type Comparison,
  chooseEvidence,
  describeMissing,
  EVIDENCE_KINDS,
  type EvidenceKind,
} from "./choose-evidence.ts";
import { adjustByHolm } from "./holm.ts";
import { type Better, lossInterval, lossOf, pOfLossBeyond } from "./loss.ts";

export interface ChangeRule {
  readonly better: Better;
  /** The largest loss that is allowed, in the metric's unit. Left out or 0: none that is more than noise. */
  readonly maxRegression?: number;
  /** The kinds of evidence that may decide; all by default. */
  readonly evidence?: readonly EvidenceKind[];
}

export interface Levels {
  /** Share of unchanged models that may fail, of all rules together. */
  readonly alpha: number;
  readonly power: number;
  readonly correction: "holm" | "none";
}

export interface Change {
  readonly comparisons: readonly Comparison[];
  readonly rule: ChangeRule;
}

/** Losses are in the metric's unit, above 0 where the candidate is worse. */
export interface WeighedLoss {
  readonly kind: EvidenceKind;
  readonly method: string;
  /** Cases, clusters, runs or seeds that it rests on, where known. */
  readonly n?: number;
  readonly loss: number;
  /** At a confidence of 1 - 2 alpha: each end is a one-sided bound at alpha. */
  readonly interval: Interval;
  /** P of such a loss or a larger one if the allowed one is the true one, corrected for the number of rules. */
  readonly p: number;
  /** The smallest loss that would have been found with the asked power; `Infinity`: none. */
  readonly detectable: number;
  /** How many cases, clusters or runs would show whether the limit holds; absent without a limit. */
  readonly needed?: number;
  /** Why better kinds of evidence did not decide. */
  readonly passedOver: readonly string[];
}

export type ChangeJudgement =
  | ({ readonly outcome: "pass" | "fail" } & WeighedLoss)
  | ({
      readonly outcome: "inconclusive";
      readonly reason: InconclusiveReason;
      /** One sentence without a full stop. */
      readonly detail: string;
    } & Partial<WeighedLoss>);

/**
 * - fail: the loss is larger than allowed, beyond noise at `alpha`, corrected by Holm for all rules.
 * - pass: with a limit, the one-sided bound of the loss at `alpha` is within it (non-inferiority; needs no correction, as all
 *   rules must pass: Berger, "Multiparameter hypothesis testing and acceptance sampling", 1982). Without one, nothing worse
 *   than noise was seen by evidence that could have seen something.
 * - inconclusive: neither; or cases have no result; or no evidence suffices.
 */
export function judgeChanges(changes: readonly Change[], levels: Levels): readonly ChangeJudgement[] {
  const chosen = changes.map(({ comparisons, rule }) => ({
    rule,
    evidence: findBadLevel(levels, rule) ?? chooseEvidence(comparisons, rule.evidence ?? EVIDENCE_KINDS),
  }));
  // What has no evidence counts as well, so that the correction depends on the policy alone.
  const tails = chosen.map(({ evidence, rule: { better, maxRegression = 0 } }) =>
    isInconclusive(evidence) ? 1 : pOfLossBeyond(evidence.estimate, better, maxRegression),
  );
  const corrected = levels.correction === "holm" ? adjustByHolm(tails) : tails;
  return chosen.map(({ evidence, rule }, at) =>
    isInconclusive(evidence)
      ? { outcome: "inconclusive", reason: evidence.inconclusive, detail: evidence.detail }
      : judgeOne(evidence, rule, corrected[at] ?? 1, levels, changes.length),
  );
}

/** From 1/2 on an interval would be empty. */
function findBadLevel({ alpha, power }: Levels, { maxRegression = 0 }: ChangeRule): Inconclusive | undefined {
  if (!(alpha > 0 && alpha < 0.5)) return inconclusive("out-of-range", "alpha is not between 0 and 0.5");
  if (!(maxRegression >= 0 && Number.isFinite(maxRegression))) {
    return inconclusive("out-of-range", "the allowed loss is not a number from 0 on");
  }
  return findBadShare(power, "power");
}

/** One rule alone. */
export function judgeChange(change: Change, levels: Levels): ChangeJudgement {
  const [judgement] = judgeChanges([change], levels);
  return judgement as ChangeJudgement;
}

function judgeOne(
  { kind, estimate, missing, passedOver }: ChosenEvidence,
  { better, maxRegression = 0 }: ChangeRule,
  p: number,
  { alpha, power, correction }: Levels,
  rules: number,
): ChangeJudgement {
  const level = correction === "holm" ? alpha / rules : alpha;
  const detectable = estimate.detectable(level, power);
  const weighed: WeighedLoss = {
    ...{ kind, method: estimate.method, loss: lossOf(estimate, better), p, detectable, passedOver },
    ...(estimate.n !== undefined && { n: estimate.n }),
    interval: lossInterval(estimate, better, 1 - 2 * alpha),
    // The noise of a run does not shrink with the number of runs.
    ...(kind !== "history" && neededOf(estimate, maxRegression, alpha, power)),
  };
  const numbers = [weighed.loss, weighed.interval.low, weighed.interval.high, p];
  if (!numbers.every(Number.isFinite) || Number.isNaN(detectable)) {
    return { outcome: "inconclusive", reason: "not-finite", detail: "the numbers are too large to compute with" };
  }
  if (p <= alpha) return { outcome: "fail", ...weighed };
  if (missing > 0) {
    return { outcome: "inconclusive", reason: "missing-results", detail: describeMissing(missing), ...weighed };
  }
  if (maxRegression === 0) {
    if (Number.isFinite(detectable)) return { outcome: "pass", ...weighed };
    const detail = "too few cases: no loss, however large, would be found";
    return { outcome: "inconclusive", reason: "too-few", detail, ...weighed };
  }
  if (weighed.interval.high <= maxRegression) return { outcome: "pass", ...weighed };
  const detail = "the loss is neither shown to be within the limit nor beyond it";
  return { outcome: "inconclusive", reason: "too-few", detail, ...weighed };
}

/** To show with the asked power that an unchanged model keeps the limit, a loss of the limit must be detectable. */
function neededOf({ n, detectable }: Estimate, limit: number, alpha: number, power: number): { needed?: number } {
  const smallest = detectable(alpha, power);
  return n !== undefined && limit > 0 && Number.isFinite(smallest) ? { needed: neededFor(limit, n, smallest) } : {};
}
