/** One rule about one metric: held or not, and the sentence that says why. */
import type { Ruling } from "../../records/verdict.ts";
import type { JudgeableGate, Requirement } from "../policy/judgeable-gates.ts";
import type { Baseline } from "./baseline.ts";
import { compare, type Exact, exact, print, share, size, subtract } from "./exact.ts";

/** What one metric of one slice came to on either side; `undefined`: that side does not have it. */
export interface Values {
  readonly candidate: number | undefined;
  readonly before: number | undefined;
}

type Answer = Pick<Ruling, "candidate" | "baseline" | "outcome" | "reason">;
type Regression = Extract<Requirement, { readonly rule: "max-regression" }>;

export function rule(gate: JudgeableGate, requirement: Requirement, values: Values, baseline: Baseline): Ruling {
  const { metric, slice, better } = gate;
  const about = { metric, slice, better, rule: requirement.rule, ...thresholdOf(requirement) };
  return { ...about, ...answer(gate, requirement, values, baseline) };
}

function answer(gate: JudgeableGate, requirement: Requirement, values: Values, baseline: Baseline): Answer {
  const { candidate, before } = values;
  if (candidate === undefined) return fail(null, null, `it was not measured${sliceOf(gate)}`);
  // Readers and records refuse these; a judge that relied on it would pass NaN the day one of them does not.
  if (!Number.isFinite(candidate)) return fail(null, null, "it is not a finite number");
  if (requirement.rule !== "max-regression") {
    return requirement.rule === "min"
      ? atLeast(candidate, requirement.threshold)
      : atMost(candidate, requirement.threshold);
  }
  if (baseline.kind !== "found") {
    const outcome = baseline.kind === "first-run" ? "inconclusive" : "fail";
    return { candidate, baseline: null, outcome, reason: `there is no baseline: ${baseline.reason}` };
  }
  if (before === undefined) return fail(candidate, null, `the baseline does not have it${sliceOf(gate)}`);
  if (!Number.isFinite(before)) return fail(candidate, null, "the baseline's value is not a finite number");
  return notWorse(gate.better, candidate, before, requirement);
}

function atLeast(candidate: number, floor: number): Answer {
  const holds = Number.isFinite(floor) && compare(exact(candidate), exact(floor)) >= 0;
  const reason = holds ? `${show(candidate)} is not below the floor` : `${show(candidate)} is below the floor`;
  return { candidate, baseline: null, outcome: holds ? "pass" : "fail", reason: `${reason} ${show(floor)}` };
}

function atMost(candidate: number, ceiling: number): Answer {
  const holds = Number.isFinite(ceiling) && compare(exact(candidate), exact(ceiling)) <= 0;
  const reason = holds ? `${show(candidate)} is not above the ceiling` : `${show(candidate)} is above the ceiling`;
  return { candidate, baseline: null, outcome: holds ? "pass" : "fail", reason: `${reason} ${show(ceiling)}` };
}

/**
 * A share is one of the baseline's size, its sign left out: 2% of -100 are 2, and 2% of 0 are 0, so that beside a baseline
 * of 0 only "not worse at all" passes. What is worse by exactly the tolerance passes.
 */
function notWorse(better: JudgeableGate["better"], candidate: number, before: number, rule: Regression): Answer {
  const tolerance = rule.by === "amount" ? rule.amount : rule.percent;
  if (!(Number.isFinite(tolerance) && tolerance >= 0)) return fail(candidate, before, "the tolerance is no number");
  const allowed = rule.by === "amount" ? exact(tolerance) : share(exact(tolerance), size(exact(before)));
  const worse = worsening(better, candidate, before);
  const holds = compare(worse, allowed) <= 0;
  return {
    candidate,
    baseline: before,
    outcome: holds ? "pass" : "fail",
    reason: compared(worse, allowed, rule, candidate, before),
  };
}

/** How much worse `candidate` is than `before`; negative when it is better. */
export function worsening(better: JudgeableGate["better"], candidate: number, before: number): Exact {
  const [from, to] = better === "higher" ? [candidate, before] : [before, candidate];
  return subtract(exact(to), exact(from));
}

function compared(worse: Exact, allowed: Exact, rule: Regression, candidate: number, before: number): string {
  const direction = compare(worse, { digits: 0n, scale: 0 });
  if (direction === 0) return `${show(candidate)} is what the baseline has`;
  const difference = print(size(worse));
  if (direction < 0) return `${show(candidate)} is better than the baseline ${show(before)} by ${difference}`;
  const limit = rule.by === "amount" ? print(allowed) : `${show(rule.percent)}% or ${print(allowed)}`;
  return `${show(candidate)} is worse than the baseline ${show(before)} by ${difference}; at most ${limit} is allowed`;
}

const fail = (candidate: number | null, baseline: number | null, reason: string): Answer => ({
  candidate,
  baseline,
  outcome: "fail",
  reason,
});

const sliceOf = ({ slice }: JudgeableGate): string => (slice === null ? "" : " in this slice");

const show = (value: number): string => (Number.isFinite(value) ? print(exact(value)) : String(value));

function thresholdOf(requirement: Requirement): Pick<Ruling, "threshold" | "unit"> {
  if (requirement.rule !== "max-regression") return { threshold: requirement.threshold, unit: "absolute" };
  return requirement.by === "amount"
    ? { threshold: requirement.amount, unit: "absolute" }
    : { threshold: requirement.percent, unit: "percent" };
}
