/** The gates, expanded: one entry for each metric and slice, with its requirements. */
import type { Gate, GateRule, ModelPolicy } from "./policy.ts";

export interface ExpandedGate {
  readonly metric: string;
  /** Null: the metric of the whole. */
  readonly slice: string | null;
  readonly better: NonNullable<Gate["better"]>;
  /** At least one. */
  readonly requirements: readonly GateRequirement[];
}

/** `amount` is in the metric's own unit; `percent` is of the baseline's absolute value. */
export type GateRequirement =
  | { readonly rule: "min" | "max"; readonly threshold: number }
  | { readonly rule: "max-regression"; readonly by: "amount"; readonly amount: number }
  | { readonly rule: "max-regression"; readonly by: "share"; readonly percent: number };

/**
 * In the order of the file: each metric as a whole before its slices.
 *
 * @param policy read for gate-metrics, which refuses the rules that have no requirement here
 */
export function expandGates({ gates }: Pick<ModelPolicy, "gates">): readonly ExpandedGate[] {
  return gates.flatMap(({ metric, better, slices, ...whole }) => {
    if (better === undefined) throw new Error("a gate without a direction was not refused");
    return [[null, whole] as const, ...Object.entries(slices ?? {})]
      .map(([slice, rule]) => ({ metric, slice, better, requirements: listRequirements(rule) }))
      .filter((gate) => gate.requirements.length > 0);
  });
}

function listRequirements(rule: GateRule): readonly GateRequirement[] {
  const { min, max, "max-regression": regression } = rule;
  return [
    ...(min === undefined ? [] : [{ rule: "min", threshold: min } as const]),
    ...(max === undefined ? [] : [{ rule: "max", threshold: max } as const]),
    ...(regression === undefined ? [] : [maxRegression(regression)]),
  ];
}

function maxRegression(written: number | string): GateRequirement {
  if (written === "auto") throw new Error("max-regression: auto was not refused");
  return typeof written === "number"
    ? { rule: "max-regression", by: "amount", amount: written }
    : { rule: "max-regression", by: "share", percent: Number(written.slice(0, -1)) };
}
