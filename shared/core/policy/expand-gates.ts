/** The gates, expanded: one entry for each metric and slice, with its requirements. */
import { guessDirection } from "../metrics/metric-direction.ts";
import type { Gate, GateRule, ModelPolicy } from "./policy.ts";

export interface ExpandedGate {
  readonly metric: string;
  /** Null: the metric of the whole. */
  readonly slice: string | null;
  /** Neither: no rule of the gate needs a direction, and its name says none. */
  readonly better: NonNullable<Gate["better"]> | "neither";
  /** Of thresholds and amounts; left out: that of the values. */
  readonly unit?: NonNullable<Gate["unit"]> | undefined;
  /** Left out: a broken rule closes the gate. */
  readonly severity?: "warn";
  /** Why the policy has the rule. */
  readonly reason?: string | undefined;
  /** What the evidence that does not suffice means; left out: as in the policy's `statistics`. */
  readonly onInconclusive?: "pass" | "warn" | "fail";
  /** Kinds of evidence that may decide; left out: as in the policy's `statistics`. */
  readonly evidence?: NonNullable<Gate["evidence"]>;
  /** At least one. */
  readonly requirements: readonly GateRequirement[];
}

/** `amount` is in the metric's own unit; `percent` is of the baseline's absolute value. */
export type Tolerance =
  | { readonly by: "amount"; readonly amount: number }
  | { readonly by: "share"; readonly percent: number };

/** `max-regression: auto`. It is judged together with all others of its kind. */
export interface NoiseRequirement {
  readonly rule: "max-regression";
  readonly by: "noise";
}

/** About one value. */
export type ValueRequirement =
  | { readonly rule: "min" | "max" | "min-n"; readonly threshold: number }
  | ({ readonly rule: "max-regression" | "max-change" | "min-improvement" } & Tolerance);

/** About the slices of a metric together. */
export type SliceRequirement =
  | {
      readonly rule: "worst-slice";
      readonly limit: ValueRequirement;
      /** Left out: all that were measured. */
      readonly among?: readonly string[] | undefined;
      readonly "min-n"?: number | undefined;
    }
  | {
      readonly rule: "max-gap";
      readonly threshold: number;
      readonly between: readonly string[];
      readonly "min-n"?: number | undefined;
    };

export type GateRequirement = ValueRequirement | NoiseRequirement | SliceRequirement;

/**
 * In the order of the file: each metric as a whole before its slices.
 *
 * @param policy read for gate-metrics, which refuses the rules that have no requirement here
 */
export function expandGates({ gates }: Pick<ModelPolicy, "gates">): readonly ExpandedGate[] {
  return gates.flatMap((written) => {
    const { metric, better = guessDirection(metric), slices, unit, severity, reason, ...rest } = written;
    const { "on-inconclusive": onInconclusive, evidence, ...whole } = rest;
    const gate = {
      ...{ metric, better: better ?? ("neither" as const) },
      ...(unit !== undefined && { unit }),
      ...(severity === "warn" && { severity }),
      ...(reason !== undefined && { reason }),
      ...(onInconclusive !== undefined && { onInconclusive }),
      ...(evidence !== undefined && { evidence }),
    };
    return [
      { ...gate, slice: null, requirements: [...listRequirements(whole), ...listSliceRequirements(whole)] },
      ...Object.entries(slices ?? {}).map(([slice, rule]) => ({
        ...gate,
        slice,
        requirements: listRequirements(rule),
      })),
    ].filter(({ requirements }) => requirements.length > 0);
  });
}

/** Whether any of the rules compares with a baseline. */
export const comparesWithBaseline = (gates: ModelPolicy["gates"]): boolean =>
  expandGates({ gates }).some(({ requirements }) => requirements.some(needsBaseline));

/** Whether any of the rules learns the noise of its metric. */
export const learnsNoise = (gates: ModelPolicy["gates"]): boolean =>
  expandGates({ gates }).some(({ requirements }) => requirements.some(isByNoise));

export const isByNoise = (requirement: GateRequirement): requirement is NoiseRequirement =>
  "by" in requirement && requirement.by === "noise";

const needsBaseline = (requirement: GateRequirement): boolean =>
  requirement.rule === "worst-slice" ? needsBaseline(requirement.limit) : "by" in requirement;

/** Whether a rule has no meaning without knowing which direction is better. */
export const needsDirection = ({ rule }: GateRequirement): boolean =>
  rule === "max-regression" || rule === "min-improvement" || rule === "worst-slice";

export function listRequirements(rule: GateRule): readonly (ValueRequirement | NoiseRequirement)[] {
  const amounts = ["max-regression", "max-change", "min-improvement"] as const;
  const thresholds = ["min", "max", "min-n"] as const;
  return [
    ...thresholds.flatMap((name) => (rule[name] === undefined ? [] : [{ rule: name, threshold: rule[name] } as const])),
    ...amounts.flatMap((name) => (rule[name] === undefined ? [] : [toRequirement(name, rule[name])])),
  ];
}

export function listSliceRequirements({
  "worst-slice": worst,
  gap,
}: Pick<Gate, "worst-slice" | "gap">): readonly SliceRequirement[] {
  const { among, "min-n": minN, ...limits } = worst ?? {};
  return [
    ...listRequirements(limits).flatMap((limit) =>
      // Refused when the policy is read: the noise of whichever slice is worst is not that of one slice.
      "by" in limit && limit.by === "noise" ? [] : [{ rule: "worst-slice", limit, among, "min-n": minN } as const],
    ),
    ...(gap === undefined
      ? []
      : [{ rule: "max-gap", threshold: gap.max, between: gap.between, "min-n": gap["min-n"] } as const]),
  ];
}

function toRequirement(
  name: "max-regression" | "max-change" | "min-improvement",
  written: number | string,
): ValueRequirement | NoiseRequirement {
  if (written === "auto" && name === "max-regression") return { rule: name, by: "noise" };
  return typeof written === "number"
    ? { rule: name, by: "amount", amount: written }
    : { rule: name, by: "share", percent: Number(written.slice(0, -1)) };
}
