/** One rule for one metric: its outcome, and the sentence that gives the reason. */
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
import type { ExpandedGate, GateRequirement } from "../policy/expand-gates.ts";
import type { Baseline } from "./baseline.ts";

/** The values of one metric of one slice; `undefined`: that side does not have it. */
export interface MetricValues {
  readonly candidate: number | undefined;
  readonly before: number | undefined;
}

type RuleResult = Pick<Ruling, "candidate" | "baseline" | "outcome" | "reason">;
type MaxRegressionRequirement = Extract<GateRequirement, { readonly rule: "max-regression" }>;

export function evaluateRule(
  gate: ExpandedGate,
  requirement: GateRequirement,
  values: MetricValues,
  baseline: Baseline,
): Ruling {
  const { metric, slice, better } = gate;
  const about = { metric, slice, better, rule: requirement.rule, ...thresholdOf(requirement) };
  return { ...about, ...checkRequirement(gate, requirement, values, baseline) };
}

function checkRequirement(
  gate: ExpandedGate,
  requirement: GateRequirement,
  values: MetricValues,
  baseline: Baseline,
): RuleResult {
  const { candidate, before } = values;
  if (candidate === undefined) return fail(null, null, `it was not measured${sliceOf(gate)}`);
  // Readers and records refuse these; without this check, a bug in one of them would let NaN pass.
  if (!Number.isFinite(candidate)) return fail(null, null, "it is not a finite number");
  if (requirement.rule !== "max-regression") {
    return requirement.rule === "min"
      ? checkMin(candidate, requirement.threshold)
      : checkMax(candidate, requirement.threshold);
  }
  if (baseline.kind !== "found") {
    const outcome = baseline.kind === "first-run" ? "inconclusive" : "fail";
    return { candidate, baseline: null, outcome, reason: `there is no baseline: ${baseline.reason}` };
  }
  if (before === undefined) return fail(candidate, null, `the baseline does not have it${sliceOf(gate)}`);
  if (!Number.isFinite(before)) return fail(candidate, null, "the baseline's value is not a finite number");
  return checkMaxRegression(gate.better, candidate, before, requirement);
}

function checkMin(candidate: number, min: number): RuleResult {
  const passes = Number.isFinite(min) && compare(decimalOf(candidate), decimalOf(min)) >= 0;
  const reason = `${formatNumber(candidate)} is ${passes ? "not below" : "below"} min ${formatNumber(min)}`;
  return { candidate, baseline: null, outcome: passes ? "pass" : "fail", reason };
}

function checkMax(candidate: number, max: number): RuleResult {
  const passes = Number.isFinite(max) && compare(decimalOf(candidate), decimalOf(max)) <= 0;
  const reason = `${formatNumber(candidate)} is ${passes ? "not above" : "above"} max ${formatNumber(max)}`;
  return { candidate, baseline: null, outcome: passes ? "pass" : "fail", reason };
}

/**
 * A share is taken of the baseline's absolute value: 2% of -100 is 2, and 2% of 0 is 0, so that with a baseline of 0 only
 * "not worse at all" passes. What is worse by exactly the tolerance passes.
 */
function checkMaxRegression(
  better: ExpandedGate["better"],
  candidate: number,
  before: number,
  rule: MaxRegressionRequirement,
): RuleResult {
  const tolerance = rule.by === "amount" ? rule.amount : rule.percent;
  if (!(Number.isFinite(tolerance) && tolerance >= 0))
    return fail(candidate, before, "the tolerance is not a valid number");
  const allowed =
    rule.by === "amount" ? decimalOf(tolerance) : percentOf(decimalOf(tolerance), absolute(decimalOf(before)));
  const worse = computeRegression(better, candidate, before);
  const passes = compare(worse, allowed) <= 0;
  return {
    candidate,
    baseline: before,
    outcome: passes ? "pass" : "fail",
    reason: formatComparison(worse, allowed, rule, candidate, before),
  };
}

/** How much worse `candidate` is than `before`; negative when it is better. */
export function computeRegression(better: ExpandedGate["better"], candidate: number, before: number): Decimal {
  const [from, to] = better === "higher" ? [candidate, before] : [before, candidate];
  return subtract(decimalOf(to), decimalOf(from));
}

function formatComparison(
  worse: Decimal,
  allowed: Decimal,
  rule: MaxRegressionRequirement,
  candidate: number,
  before: number,
): string {
  const direction = compare(worse, ZERO);
  if (direction === 0) return `${formatNumber(candidate)} equals the baseline`;
  const difference = formatDecimal(absolute(worse));
  if (direction < 0)
    return `${formatNumber(candidate)} is better than the baseline ${formatNumber(before)} by ${difference}`;
  const limit =
    rule.by === "amount" ? formatDecimal(allowed) : `${formatNumber(rule.percent)}% (${formatDecimal(allowed)})`;
  return `${formatNumber(candidate)} is worse than the baseline ${formatNumber(before)} by ${difference}; at most ${limit} is allowed`;
}

const fail = (candidate: number | null, baseline: number | null, reason: string): RuleResult => ({
  candidate,
  baseline,
  outcome: "fail",
  reason,
});

const sliceOf = ({ slice }: ExpandedGate): string => (slice === null ? "" : " in this slice");

const formatNumber = (value: number): string =>
  Number.isFinite(value) ? formatDecimal(decimalOf(value)) : String(value);

function thresholdOf(requirement: GateRequirement): Pick<Ruling, "threshold" | "unit"> {
  if (requirement.rule !== "max-regression") return { threshold: requirement.threshold, unit: "absolute" };
  return requirement.by === "amount"
    ? { threshold: requirement.amount, unit: "absolute" }
    : { threshold: requirement.percent, unit: "percent" };
}
