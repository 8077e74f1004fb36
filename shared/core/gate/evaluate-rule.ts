/** One rule for one value: its outcome, and the sentence that gives the reason. */
import type { Metric } from "../../records/fields.ts";
import type { Ruling } from "../../records/verdict.ts";
import {
  absolute,
  compare,
  type Decimal,
  decimalOf,
  formatDecimal,
  percentOf,
  subtract,
  ZERO,
} from "../../text/decimal/decimal.ts";
import { isBetween0And1 } from "../metrics/metric-range.ts";
import type { ExpandedGate, Tolerance, ValueRequirement } from "../policy/expand-gates.ts";
import type { Baseline } from "./baseline.ts";
import { convertUnit } from "./units.ts";

/** One metric of one slice; `undefined`: that side does not have it. */
export interface MeasuredPair {
  readonly candidate: Metric | undefined;
  readonly before: Metric | undefined;
  /** Of a candidate that is missing: what there is instead. */
  readonly absent?: string | undefined;
}

export type RuleResult = Pick<Ruling, "candidate" | "baseline" | "outcome" | "reason">;
type ToleranceRequirement = Extract<ValueRequirement, Tolerance>;

export function evaluateRule(
  gate: ExpandedGate,
  requirement: ValueRequirement,
  pair: MeasuredPair,
  baseline: Baseline,
): Ruling {
  return {
    ...describeGate(gate, requirement.rule),
    ...thresholdOf(requirement),
    ...checkRequirement(gate, requirement, pair, baseline),
  };
}

/** What a ruling says about its gate. */
export const describeGate = <Rule extends Ruling["rule"]>(
  { metric, slice, better, unit, severity, reason }: ExpandedGate,
  rule: Rule,
) => ({
  ...{ metric, slice, better, rule },
  ...(unit !== undefined && { measure: unit }),
  ...(severity !== undefined && { severity }),
  ...(reason !== undefined && { why: reason }),
});

export function thresholdOf(requirement: ValueRequirement): Pick<Ruling, "threshold" | "unit"> {
  if (!("by" in requirement)) return { threshold: requirement.threshold, unit: "absolute" };
  return requirement.by === "amount"
    ? { threshold: requirement.amount, unit: "absolute" }
    : { threshold: requirement.percent, unit: "percent" };
}

export function checkRequirement(
  gate: ExpandedGate,
  requirement: ValueRequirement,
  pair: MeasuredPair,
  baseline: Baseline,
): RuleResult {
  const now = readValue(gate, pair.candidate);
  if (typeof now !== "number") return fail(null, null, now ?? pair.absent ?? `it was not measured${sliceOf(gate)}`);
  if (!("by" in requirement)) return checkThreshold(now, requirement, pair.candidate);
  if (baseline.kind !== "found") {
    const outcome = baseline.kind === "first-run" ? "inconclusive" : "fail";
    return { candidate: now, baseline: null, outcome, reason: `there is no baseline: ${baseline.reason}` };
  }
  const before = readValue(gate, pair.before);
  if (before === undefined) return fail(now, null, `the baseline does not have it${sliceOf(gate)}`);
  if (typeof before === "string") return fail(now, null, `of the baseline, ${before}`);
  return checkTolerance(gate, now, before, requirement);
}

/** The value with what is known of its noise, in the gate's unit; text: why there is none; `undefined`: it was not measured. */
export function readMeasured(
  gate: ExpandedGate,
  metric: Metric | undefined,
): Pick<Metric, "value" | "n" | "stderr"> | string | undefined {
  const value = readValue(gate, metric);
  if (typeof value !== "number") return value;
  const stderr = metric?.stderr === undefined ? undefined : readValue(gate, { ...metric, value: metric.stderr });
  return {
    value,
    ...(metric?.n !== undefined && { n: metric.n }),
    ...(typeof stderr === "number" && { stderr }),
  };
}

/** In the gate's unit; text: why there is none; `undefined`: it was not measured. */
function readValue({ unit }: ExpandedGate, metric: Metric | undefined): number | string | undefined {
  if (metric === undefined) return undefined;
  // Readers and records refuse these; without this check, a bug in one of them would let NaN pass.
  if (!Number.isFinite(metric.value)) return "it is not a finite number";
  if (unit === undefined || metric.unit === undefined) return metric.value;
  const converted = convertUnit(metric.value, metric.unit, unit);
  if (converted === undefined) return `it is measured in ${metric.unit}, which cannot become ${unit}`;
  return Number.isFinite(converted) ? converted : "it is not a finite number";
}

function checkThreshold(
  value: number,
  { rule, threshold }: Exclude<ValueRequirement, Tolerance>,
  metric: Metric | undefined,
): RuleResult {
  if (!Number.isFinite(threshold)) return fail(value, null, "the threshold is not a finite number");
  if (rule === "min-n") return checkSize(value, threshold, metric?.n);
  const order = compare(decimalOf(value), decimalOf(threshold));
  const passes = rule === "min" ? order >= 0 : order <= 0;
  const where = rule === "min" ? "below" : "above";
  const reason = `${formatNumber(value)} is ${passes ? `not ${where}` : where} ${rule} ${formatNumber(threshold)}`;
  return { candidate: value, baseline: null, outcome: passes ? "pass" : "fail", reason };
}

function checkSize(value: number, min: number, n: number | undefined): RuleResult {
  if (n === undefined)
    return fail(value, null, `on how many examples it was measured is not known; at least ${min} are required`);
  const passes = n >= min;
  const reason = passes ? `${n} examples are enough` : `it was measured on ${n} examples; at least ${min} are required`;
  return { candidate: value, baseline: null, outcome: passes ? "pass" : "fail", reason };
}

/**
 * A share is taken of the baseline's absolute value: 2% of -100 is 2, and 2% of 0 is 0, so that with a baseline of 0 only
 * "not worse at all" passes. What differs by exactly the tolerance passes.
 */
function checkTolerance(
  { metric, better }: ExpandedGate,
  candidate: number,
  before: number,
  rule: ToleranceRequirement,
): RuleResult {
  const tolerance = rule.by === "amount" ? rule.amount : rule.percent;
  if (!(Number.isFinite(tolerance) && tolerance >= 0))
    return fail(candidate, before, "the tolerance is not a valid number");
  const allowed =
    rule.by === "amount" ? decimalOf(tolerance) : percentOf(decimalOf(tolerance), absolute(decimalOf(before)));
  if (better === "neither" && rule.rule !== "max-change")
    return fail(candidate, before, 'which direction is better is not known: write "better" in the policy');
  if (rule.by === "amount" && isWithoutEffect(metric, rule.amount, [candidate, before]))
    return fail(
      candidate,
      before,
      `${rule.rule} ${rule.amount} has no effect on a metric between 0 and 1; did you mean "${rule.amount}%"?`,
    );
  const worse = computeRegression(better, candidate, before);
  const passes = {
    "max-regression": compare(worse, allowed) <= 0,
    "max-change": compare(absolute(worse), allowed) <= 0,
    "min-improvement": compare(subtract(ZERO, worse), allowed) >= 0,
  }[rule.rule];
  const limit =
    rule.by === "amount" ? formatDecimal(allowed) : `${formatNumber(rule.percent)}% (${formatDecimal(allowed)})`;
  const comparison = formatComparison(better, worse, candidate, before, rule.rule === "max-change");
  const bound = rule.rule === "min-improvement" ? `at least ${limit} is required` : `at most ${limit} is allowed`;
  // What is plainly right needs no limit beside it.
  const isPlain = passes && rule.rule === "max-regression" && compare(worse, ZERO) <= 0;
  return {
    ...{ candidate, baseline: before, outcome: passes ? "pass" : "fail" },
    reason: isPlain ? comparison : `${comparison}; ${bound}`,
  };
}

/** A tolerance as wide as the metric itself: nobody means that. */
const isWithoutEffect = (metric: string, amount: number, values: readonly number[]): boolean =>
  amount >= 1 && isBetween0And1(metric) && values.every((value) => value >= 0 && value <= 1);

/** How much worse `candidate` is than `before`; negative when it is better. Without a direction: how much lower. */
export function computeRegression(better: ExpandedGate["better"], candidate: number, before: number): Decimal {
  const [from, to] = better === "lower" ? [before, candidate] : [candidate, before];
  return subtract(decimalOf(to), decimalOf(from));
}

function formatComparison(
  better: ExpandedGate["better"],
  worse: Decimal,
  candidate: number,
  before: number,
  isNeutral: boolean,
): string {
  const direction = compare(worse, ZERO);
  if (direction === 0) return `${formatNumber(candidate)} equals the baseline`;
  const words =
    isNeutral || better === "neither"
      ? `differs from the baseline ${formatNumber(before)}`
      : `is ${direction < 0 ? "better" : "worse"} than the baseline ${formatNumber(before)}`;
  return `${formatNumber(candidate)} ${words} by ${formatDecimal(absolute(worse))}`;
}

export const fail = (candidate: number | null, baseline: number | null, reason: string): RuleResult => ({
  candidate,
  baseline,
  outcome: "fail",
  reason,
});

const sliceOf = ({ slice }: ExpandedGate): string => (slice === null ? "" : " in this slice");

export const formatNumber = (value: number): string =>
  Number.isFinite(value) ? formatDecimal(decimalOf(value)) : String(value);

/** 0.05 is 5, and 0.001 is 0.1. */
export const formatHundredths = (share: number): string =>
  formatDecimal(decimalOf(Number((100 * share).toPrecision(6))));
