/** The gate itself: the policy's gates, the candidate's metrics and the baseline in; a ruling for every rule out. */
import type { Metric } from "../../records/parts.ts";
import type { Verdict } from "../../records/verdict.ts";
import { keyOf } from "../metrics/measured.ts";
import type { JudgeableGate } from "../policy/judgeable-gates.ts";
import type { Baseline } from "./baseline.ts";
import { rule } from "./rulings.ts";

export type Judgement = Pick<Verdict, "rulings" | "metrics"> & { readonly outcome: "pass" | "fail" | "inconclusive" };

/**
 * One failing rule fails all; else one that could not be judged leaves all inconclusive. Without any rule nothing was
 * judged, and nothing passes.
 */
export function judge(gates: readonly JudgeableGate[], candidate: readonly Metric[], baseline: Baseline): Judgement {
  const now = byKey(candidate);
  const before = byKey(baseline.kind === "found" ? baseline.metrics : []);
  const rulings = gates.flatMap((gate) => {
    const key = keyOf({ name: gate.metric, slice: gate.slice });
    const values = { candidate: now.get(key)?.value, before: before.get(key)?.value };
    return gate.requirements.map((requirement) => rule(gate, requirement, values, baseline));
  });
  return { outcome: outcomeOf(rulings), rulings, metrics: sideBySide(now, before) };
}

type ByKey = ReadonlyMap<string, Metric>;

const byKey = (metrics: readonly Metric[]): ByKey => new Map(metrics.map((metric) => [keyOf(metric), metric]));

function outcomeOf(rulings: Verdict["rulings"]): Judgement["outcome"] {
  if (rulings.length === 0 || rulings.some(({ outcome }) => outcome === "fail")) return "fail";
  return rulings.every(({ outcome }) => outcome === "pass") ? "pass" : "inconclusive";
}

/** Everything either side measured, sorted; what only the baseline has is what went missing. */
function sideBySide(now: ByKey, before: ByKey): Verdict["metrics"] {
  return [...new Map([...before, ...now])]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, { name, slice }]) => ({
      name,
      slice,
      candidate: finiteOrNull(now.get(key)),
      baseline: finiteOrNull(before.get(key)),
    }));
}

const finiteOrNull = (metric: Metric | undefined): number | null =>
  metric !== undefined && Number.isFinite(metric.value) ? metric.value : null;
