/** `max-regression: auto`: whether a metric got worse by more than its noise, all such rules of a policy together. */
import type { Metric } from "../../records/fields.ts";
import { metricKey } from "../../records/metric-key.ts";
import type { Ruling } from "../../records/verdict.ts";
import type { ExpandedGate } from "../policy/expand-gates.ts";
import { compareEvidence } from "../statistics/decision/compare-evidence.ts";
import { type ChangeJudgement, judgeChanges } from "../statistics/decision/judge-changes.ts";
import type { Inconclusive } from "../statistics/inconclusive.ts";
import { findCaseStatistic } from "../statistics/predictions/case-statistic.ts";
import type { CaseMetric } from "../statistics/predictions/compare-predictions.ts";
import { Random } from "../statistics/random/random.ts";
import type { Baseline } from "./baseline.ts";
import { describeGate, formatHundredths, type MeasuredPair, readMeasured } from "./evaluate-rule.ts";
import { type CaseEvidence, checkReported, selectSlice } from "./predicted-cases.ts";

/** As the policy writes it under `statistics`, or its defaults. */
export interface NoiseLevels {
  readonly alpha: number;
  readonly power: number;
  readonly correction: "holm" | "none";
  readonly minRuns: number;
  readonly evidence: readonly ("predictions" | "history" | "summaries")[];
  readonly onInconclusive: "pass" | "warn" | "fail";
  /** The label of the positive class, where the policy names it. */
  readonly positive?: string | undefined;
}

export interface NoiseRule {
  readonly gate: ExpandedGate;
  readonly pair: MeasuredPair;
}

/** Only resampling draws, and without predictions nothing is resampled. */
const NO_DRAWS = `sha256:${"0".repeat(64)}`;

/**
 * @param cases per-example results of both sides; `undefined`: the policy names none
 * @returns a ruling for each rule, in their order
 */
export function judgeNoise(
  rules: readonly NoiseRule[],
  baseline: Baseline,
  levels: NoiseLevels,
  cases?: CaseEvidence,
): readonly Ruling[] {
  const history = new Map(
    (baseline.kind === "found" ? (baseline.history ?? []) : []).map((one) => [metricKey(one), one.values]),
  );
  const earlierOf = ({ metric: name, slice }: ExpandedGate) => {
    const values = history.get(metricKey({ name, slice }));
    return values === undefined ? {} : { history: values.map(({ value }) => value) };
  };
  const prepared = rules.map(({ gate, pair }) => {
    const ready = prepare(gate, pair, baseline);
    return "now" in ready && cases !== undefined ? addCases(ready, cases, levels) : ready;
  });
  const comparable = prepared.filter((one) => "now" in one);
  const judged = judgeChanges(
    comparable.map(({ gate, now, before, cases: ofRule, unsure }) => ({
      rule: { better: gate.better === "lower" ? "lower" : "higher", evidence: gate.evidence ?? levels.evidence },
      comparisons: compareEvidence(
        {
          candidate: now,
          baseline: before,
          ...earlierOf(gate),
          ...caseMetricOf(gate.metric, levels),
          ...(ofRule && { predictions: ofRule.aligned }),
        },
        { minRuns: levels.minRuns, random: new Random(ofRule?.seed ?? NO_DRAWS) },
      ).map((found) => (found.kind === "predictions" && unsure !== undefined ? { ...found, result: unsure } : found)),
    })),
    levels,
  );
  return prepared.map((one) => {
    if (!("now" in one)) return one.ruling;
    const judgement = judged[comparable.indexOf(one)];
    if (judgement === undefined) throw new Error("a rule was not judged");
    return toRuling(one, judgement, levels);
  });
}

type Summary = Pick<Metric, "value" | "n" | "stderr">;

interface Comparable {
  readonly gate: ExpandedGate;
  readonly now: Summary;
  readonly before: Summary;
  readonly cases?: CaseEvidence;
  /** Why the cases do not tell whether they belong to what was reported: then they do not decide. */
  readonly unsure?: Inconclusive;
}

/** What must be there before statistics can say anything. */
function prepare(gate: ExpandedGate, pair: MeasuredPair, baseline: Baseline): Comparable | { readonly ruling: Ruling } {
  const refuse = (
    outcome: Ruling["outcome"],
    reason: string,
    candidate: number | null,
  ): { readonly ruling: Ruling } => ({
    ruling: { ...describe(gate, 0), candidate, baseline: null, outcome, reason },
  });
  const of = gate.slice === null ? "" : ` for this slice`;
  const now = readMeasured(gate, pair.candidate);
  if (now === undefined) return refuse("fail", pair.absent ?? `it was not measured${of}`, null);
  if (typeof now === "string") return refuse("fail", now, null);
  if (baseline.kind !== "found") {
    const outcome = baseline.kind === "first-run" ? "inconclusive" : "fail";
    return refuse(outcome, `there is no baseline: ${baseline.reason}`, now.value);
  }
  const before = readMeasured(gate, pair.before);
  if (before === undefined) return refuse("fail", `the baseline does not have it${of}`, now.value);
  if (typeof before === "string") return refuse("fail", `of the baseline, ${before}`, now.value);
  if (gate.better === "neither")
    return refuse("fail", 'which direction is better is not known: write "better" in the policy', now.value);
  return { gate, now, before };
}

/** Predictions that contradict what the training reported close the gate: one of the two is not about this model. */
function addCases(ready: Comparable, all: CaseEvidence, levels: NoiseLevels): Comparable | { readonly ruling: Ruling } {
  const { gate, now, before } = ready;
  const { caseMetric } = caseMetricOf(gate.metric, levels);
  if (caseMetric === undefined || !(gate.evidence ?? levels.evidence).includes("predictions")) return ready;
  const cases = selectSlice(all, gate.slice);
  const found = checkReported(caseMetric, now.value, cases);
  if (found?.inconclusive !== "not-comparable") return { ...ready, cases, ...(found && { unsure: found }) };
  const sides = { candidate: now.value, baseline: before.value };
  return { ruling: { ...describe(gate, 0), ...sides, outcome: "fail", reason: found.detail } };
}

const describe = (gate: ExpandedGate, threshold: number) => ({
  ...describeGate(gate, "max-regression"),
  ...{ threshold, unit: "absolute" as const, tolerance: "learned" as const },
});

/** What tells a share of cases, such as accuracy, from other metrics: the noise of a share follows from its n. */
function caseMetricOf(metric: string, { positive }: NoiseLevels): { readonly caseMetric?: CaseMetric } {
  const statistic = findCaseStatistic(metric);
  return statistic === undefined ? {} : { caseMetric: { statistic, ...(positive !== undefined && { positive }) } };
}

function toRuling({ gate, now, before, cases }: Comparable, judgement: ChangeJudgement, levels: NoiseLevels): Ruling {
  const { loss, interval, kind, method, n, p, detectable } = judgement;
  const noise = loss === undefined || interval === undefined ? 0 : Math.max(0, loss - interval.low);
  const sign = gate.better === "higher" ? -1 : 1;
  const ends = interval === undefined ? [] : [sign * interval.low, sign * interval.high].sort((a, b) => a - b);
  const [low = 0, high = 0] = ends;
  const found: Ruling = {
    ...describe(gate, noise),
    ...{ candidate: now.value, baseline: before.value, outcome: judgement.outcome, reason: explain(judgement, levels) },
    statistics: {
      evidence: kind ?? "none",
      ...(method !== undefined && { test: method }),
      ...(n !== undefined && (kind === "history" ? { runs: n } : { n })),
      ...(loss !== undefined && { difference: sign * loss }),
      ...(interval !== undefined && { interval: { level: 1 - 2 * levels.alpha, low, high } }),
      ...(p !== undefined && { pAdjusted: p }),
      ...(kind === "predictions" && cases !== undefined && { seed: cases.seed }),
      ...(detectable !== undefined && Number.isFinite(detectable) && { detectable, power: levels.power }),
    },
  };
  if (judgement.outcome !== "inconclusive") return found;
  // Whatever the policy says: what broke on the way is no success.
  if (judgement.reason === "missing-results") return { ...found, outcome: "fail" };
  const then = gate.onInconclusive ?? levels.onInconclusive;
  if (then === "warn") return { ...found, severity: "warn" };
  return then === "pass" ? { ...found, outcome: "pass" } : { ...found, outcome: "fail" };
}

const EVIDENCE_WORDS = {
  predictions: "the same examples",
  history: "earlier runs",
  summaries: "both sides' standard errors or numbers of examples",
} as const;

/** One sentence without a full stop. */
function explain(judgement: ChangeJudgement, { alpha }: NoiseLevels): string {
  if (judgement.outcome === "inconclusive") {
    return `whether it is worse than its noise cannot be told: ${judgement.detail}`;
  }
  const { kind, p, passedOver } = judgement;
  const by = [
    `by ${EVIDENCE_WORDS[kind]}`,
    `p = ${p.toPrecision(2)}`,
    ...passedOver.map((why) => `not by ${why}`),
  ].join(", ");
  return judgement.outcome === "fail"
    ? `it is worse by more than its noise (${by}; at most ${formatHundredths(alpha)} of 100 unchanged models may fail)`
    : `it is not worse by more than its noise (${by})`;
}
