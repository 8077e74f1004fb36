/** The gate itself: the policy's gates, the candidate's metrics and the baseline in; a ruling for every rule out. */
import type { Metric } from "../../records/fields.ts";
import { compareMetricIds, metricKey } from "../../records/metric-key.ts";
import type { Verdict } from "../../records/verdict.ts";
import { guessDirection, type MetricDirection } from "../metrics/metric-direction.ts";
import type { ExpandedGate } from "../policy/expand-gates.ts";
import type { Baseline } from "./baseline.ts";
import { evaluateRule } from "./evaluate-rule.ts";

export type GateResult = Pick<Verdict, "rulings" | "metrics"> & { readonly outcome: "pass" | "fail" | "inconclusive" };

/**
 * One failed rule fails the gate; otherwise one inconclusive rule makes it inconclusive. Without any rule nothing was
 * judged, and the gate fails.
 */
export function judge(gates: readonly ExpandedGate[], candidate: readonly Metric[], baseline: Baseline): GateResult {
  const now = byKey(candidate);
  const before = byKey(baseline.kind === "found" ? baseline.metrics : []);
  const rulings = gates.flatMap((gate) => {
    const key = metricKey({ name: gate.metric, slice: gate.slice });
    const values = { candidate: now.get(key)?.value, before: before.get(key)?.value };
    return gate.requirements.map((requirement) => evaluateRule(gate, requirement, values, baseline));
  });
  const directions = new Map(gates.map(({ metric, better }) => [metric, better]));
  return { outcome: outcomeOf(rulings), rulings, metrics: compareMetrics(now, before, directions) };
}

/** The same without a policy: what changed, and no decision. */
export const compareOnly = (candidate: readonly Metric[], baseline: Baseline): GateResult => ({
  ...judge([], candidate, baseline),
  outcome: "inconclusive",
});

/** By metric, as the policy says. */
type Directions = ReadonlyMap<string, MetricDirection>;
type ByKey = ReadonlyMap<string, Metric>;

const byKey = (metrics: readonly Metric[]): ByKey => new Map(metrics.map((metric) => [metricKey(metric), metric]));

function outcomeOf(rulings: Verdict["rulings"]): GateResult["outcome"] {
  if (rulings.length === 0 || rulings.some(({ outcome }) => outcome === "fail")) return "fail";
  return rulings.every(({ outcome }) => outcome === "pass") ? "pass" : "inconclusive";
}

/** Everything that either side measured, sorted; what only the baseline has is missing in the candidate. */
function compareMetrics(now: ByKey, before: ByKey, directions: Directions): Verdict["metrics"] {
  return [...new Map([...before, ...now])]
    .sort(([, a], [, b]) => compareMetricIds(a, b))
    .map(([key, { name, slice }]) => {
      const better = directions.get(name) ?? guessDirection(name);
      return {
        name,
        slice,
        candidate: finiteOrNull(now.get(key)),
        baseline: finiteOrNull(before.get(key)),
        ...(better && { better }),
      };
    });
}

const finiteOrNull = (metric: Metric | undefined): number | null =>
  metric !== undefined && Number.isFinite(metric.value) ? metric.value : null;
