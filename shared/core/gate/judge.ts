/** The gate itself: the policy's gates, the candidate's metrics and the baseline in; a ruling for every rule out. */
import type { Metric } from "../../records/fields.ts";
import { compareMetricIds, metricKey } from "../../records/metric-key.ts";
import type { Ruling, Verdict } from "../../records/verdict.ts";
import { guessDirection, type MetricDirection } from "../metrics/metric-direction.ts";
import { type ExpandedGate, isByNoise } from "../policy/expand-gates.ts";
import type { ModelPolicy } from "../policy/policy.ts";
import type { Baseline } from "./baseline.ts";
import { describeCaseChanges } from "./case-changes.ts";
import { describeAbsent } from "./describe-absent.ts";
import { describeCalibration } from "./describe-calibration.ts";
import { evaluateRule, type MeasuredPair } from "./evaluate-rule.ts";
import { evaluateSlices, type SlicePairs } from "./evaluate-slices.ts";
import { judgeNoise, type NoiseLevels } from "./judge-noise.ts";
import { joinCases, type PredictedCases } from "./predicted-cases.ts";
import { convertUnit } from "./units.ts";

export type GateResult = Pick<Verdict, "rulings" | "metrics" | "flips" | "confusion" | "calibration"> & {
  readonly outcome: "pass" | "fail" | "inconclusive";
};

/**
 * One failed rule fails the gate; otherwise one inconclusive rule makes it inconclusive. Without any rule nothing was
 * judged, and the gate fails.
 *
 * @param predictions the candidate's, where the policy names some
 */
export function judge(
  gates: readonly ExpandedGate[],
  candidate: readonly Metric[],
  baseline: Baseline,
  statistics?: ModelPolicy["statistics"],
  predictions?: PredictedCases,
): GateResult {
  const now = byKey(candidate);
  const before = byKey(baseline.kind === "found" ? baseline.metrics : []);
  const pairOf = (name: string, slice: string | null): MeasuredPair => {
    const key = metricKey({ name, slice });
    const found = now.get(key);
    const absent = found === undefined ? describeAbsent({ name, slice }, candidate) : undefined;
    return { candidate: found, before: before.get(key), absent };
  };
  const rules = gates.flatMap((gate) => gate.requirements.map((requirement) => ({ gate, requirement })));
  const byNoise = rules.filter(({ requirement }) => isByNoise(requirement));
  const cases = predictions && joinCases(predictions, baseline.kind === "found" ? baseline.predictions : undefined);
  const learned = judgeNoise(
    byNoise.map(({ gate }) => ({ gate, pair: pairOf(gate.metric, gate.slice) })),
    baseline,
    toLevels(statistics),
    cases,
  );
  const rulings = rules.map((rule): Ruling => {
    const { gate, requirement } = rule;
    if (requirement.rule === "worst-slice" || requirement.rule === "max-gap") {
      const slices = slicesOf(gate.metric, pairOf, [...now.values(), ...before.values()]);
      return evaluateSlices(gate, requirement, slices, baseline);
    }
    if (!isByNoise(requirement)) return evaluateRule(gate, requirement, pairOf(gate.metric, gate.slice), baseline);
    const ruling = learned[byNoise.indexOf(rule)];
    if (ruling === undefined) throw new Error("a rule was not judged");
    return ruling;
  });
  const directions = new Map(gates.flatMap(({ metric, better }) => (better === "neither" ? [] : [[metric, better]])));
  const metrics = compareMetrics(now, before, directions);
  return {
    ...{ outcome: outcomeOf(rulings), rulings, metrics },
    ...(cases && describeCaseChanges(gates, cases)),
    ...(cases && describeCalibration(cases, statistics?.predictions?.positive)),
  };
}

/** The defaults are those of the policy's schema. */
export const toLevels = (written: ModelPolicy["statistics"]): NoiseLevels => ({
  alpha: written?.alpha ?? 0.05,
  power: written?.power ?? 0.8,
  correction: written?.correction ?? "holm",
  minRuns: written?.["min-runs"] ?? 10,
  evidence: written?.evidence ?? ["predictions", "history", "summaries"],
  onInconclusive: written?.["on-inconclusive"] ?? "fail",
  positive: written?.predictions?.positive,
});

/** A slice that only the baseline has was not measured: it must not vanish. */
const slicesOf = (
  metric: string,
  pairOf: (name: string, slice: string | null) => MeasuredPair,
  metrics: readonly Metric[],
): SlicePairs =>
  new Map(
    metrics.flatMap(({ name, slice }) => (name === metric && slice !== null ? [[slice, pairOf(name, slice)]] : [])),
  );

/** The same without a policy: what changed, and no decision. */
export const compareOnly = (candidate: readonly Metric[], baseline: Baseline): GateResult => ({
  ...judge([], candidate, baseline),
  outcome: "inconclusive",
});

/** By metric, as the policy says. */
type Directions = ReadonlyMap<string, MetricDirection>;
type ByKey = ReadonlyMap<string, Metric>;

const byKey = (metrics: readonly Metric[]): ByKey => new Map(metrics.map((metric) => [metricKey(metric), metric]));

/** A rule of severity `warn` is shown, and decides nothing; so does one that is waived. */
export function outcomeOf(rulings: readonly Ruling[]): GateResult["outcome"] {
  const deciding = rulings.filter(({ severity, waiver }) => severity !== "warn" && waiver === undefined);
  if (rulings.length === 0 || deciding.some(({ outcome }) => outcome === "fail")) return "fail";
  return deciding.every(({ outcome }) => outcome === "pass") ? "pass" : "inconclusive";
}

/** Everything that either side measured, sorted; what only the baseline has is missing in the candidate. */
function compareMetrics(now: ByKey, before: ByKey, directions: Directions): Verdict["metrics"] {
  return [...new Map([...before, ...now])]
    .sort(([, a], [, b]) => compareMetricIds(a, b))
    .map(([key, { name, slice }]) => {
      const better = directions.get(name) ?? guessDirection(name);
      const [candidate, baseline] = [now.get(key), before.get(key)];
      const unit = candidate?.unit ?? baseline?.unit;
      return {
        ...{ name, slice, candidate: finiteOrNull(candidate), baseline: finiteOrNull(inUnit(baseline, unit)) },
        ...(candidate?.n !== undefined && { n: candidate.n }),
        ...(baseline?.n !== undefined && { nBaseline: baseline.n }),
        ...(candidate?.stderr !== undefined && { stderr: candidate.stderr }),
        ...(baseline?.stderr !== undefined && { stderrBaseline: baseline.stderr }),
        ...(unit !== undefined && { unit }),
        ...(better && { better }),
      };
    });
}

/** A baseline in another unit is shown in the candidate's; one of another kind is not the same metric any more. */
function inUnit(metric: Metric | undefined, unit: string | undefined): Metric | undefined {
  if (metric?.unit === undefined || unit === undefined) return metric;
  const value = convertUnit(metric.value, metric.unit, unit);
  return value === undefined ? undefined : { ...metric, value };
}

const finiteOrNull = (metric: Metric | undefined): number | null =>
  metric !== undefined && Number.isFinite(metric.value) ? metric.value : null;
