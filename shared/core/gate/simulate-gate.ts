/** How often rules would have failed in the past: each earlier result judged against the one before it. */
import type { Metric } from "../../records/fields.ts";
import { metricKey } from "../../records/metric-key.ts";
import type { Ruling, Verdict } from "../../records/verdict.ts";
import type { ExpandedGate } from "../policy/expand-gates.ts";
import type { ModelPolicy } from "../policy/policy.ts";
import type { Baseline } from "./baseline.ts";
import type { History } from "./extend-history.ts";
import { judge } from "./judge.ts";

/** One result of the past. */
export interface PastResult {
  /** For people: a commit, or the path of a file. */
  readonly name: string;
  readonly metrics: readonly Metric[];
}

export interface Simulation {
  /** How many results were judged: all but the first. */
  readonly judged: number;
  readonly failed: number;
  readonly inconclusive: number;
  readonly rules: readonly SimulatedRule[];
}

export interface SimulatedRule
  extends Pick<Ruling, "metric" | "slice" | "rule" | "threshold" | "unit" | "tolerance" | "limit" | "measure"> {
  readonly failed: number;
  readonly inconclusive: number;
  /** Name of the newest result that it stops. */
  readonly newest: string | undefined;
}

/** @param results oldest first */
export function simulateGate(
  gates: readonly ExpandedGate[],
  results: readonly PastResult[],
  statistics: ModelPolicy["statistics"],
): Simulation {
  const rules = new Map<string, SimulatedRule>();
  const outcomes = results.slice(1).map((result, at) => {
    const { outcome, rulings } = judge(gates, result.metrics, baselineOf(results.slice(0, at + 1)), statistics);
    for (const ruling of rulings) count(rules, ruling, result.name);
    return outcome;
  });
  return {
    judged: outcomes.length,
    failed: outcomes.filter((outcome) => outcome === "fail").length,
    inconclusive: outcomes.filter((outcome) => outcome === "inconclusive").length,
    rules: [...rules.values()],
  };
}

/** The results whose values a verdict carries: of its judged metrics, one for each commit, oldest first. */
export function listPastResults({ history = [] }: Pick<Verdict, "history">): readonly PastResult[] {
  const results = new Map<string, Metric[]>();
  const longest = history.toSorted((a, b) => b.values.length - a.values.length);
  for (const { name, slice, values } of longest) {
    for (const { commit, value } of values) {
      results.set(commit, [...(results.get(commit) ?? []), { name, slice, value }]);
    }
  }
  return [...results].map(([commit, metrics]) => ({ name: commit.slice(0, 7), metrics }));
}

/** The newest of them, with the values of all for rules that learn from them. */
function baselineOf(earlier: readonly PastResult[]): Baseline {
  const newest = earlier.at(-1);
  if (newest === undefined) throw new Error("nothing is before the first result");
  const series = new Map<string, { name: string; slice: string | null; values: { commit: string; value: number }[] }>();
  for (const { metrics } of earlier) {
    for (const { name, slice, value } of metrics) {
      const key = metricKey({ name, slice });
      const one = series.get(key) ?? { name, slice, values: [] };
      one.values.push({ commit: NO_COMMIT, value });
      series.set(key, one);
    }
  }
  const history: History = [...series.values()];
  const provenance = { commit: NO_COMMIT, metricsDigest: `sha256:${"0".repeat(64)}`, source: newest.name };
  return { kind: "found", metrics: newest.metrics, provenance, history };
}

const NO_COMMIT = "0".repeat(40);

function count(rules: Map<string, SimulatedRule>, ruling: Ruling, result: string): void {
  const { metric, slice, rule, threshold, unit, tolerance, limit, measure, outcome, severity } = ruling;
  const key = JSON.stringify([metric, slice, rule, threshold, severity]);
  const known = rules.get(key) ?? {
    ...{ metric, slice, rule, threshold, unit },
    ...(tolerance !== undefined && { tolerance }),
    ...(limit !== undefined && { limit }),
    ...(measure !== undefined && { measure }),
    ...{ failed: 0, inconclusive: 0, newest: undefined },
  };
  rules.set(key, {
    ...known,
    failed: known.failed + (outcome === "fail" ? 1 : 0),
    inconclusive: known.inconclusive + (outcome === "inconclusive" ? 1 : 0),
    newest: outcome === "fail" ? result : known.newest,
  });
}
