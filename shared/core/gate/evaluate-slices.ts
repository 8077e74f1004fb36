/** Rules about the slices of a metric together: the worst of them, and how far they lie apart. */
import type { Metric } from "../../records/fields.ts";
import type { Ruling } from "../../records/verdict.ts";
import { compare, decimalOf, formatDecimal, subtract } from "../../text/decimal/decimal.ts";
import type { ExpandedGate, SliceRequirement } from "../policy/expand-gates.ts";
import type { Baseline } from "./baseline.ts";
import {
  checkRequirement,
  describeGate,
  fail,
  formatNumber,
  type MeasuredPair,
  type RuleResult,
  thresholdOf,
} from "./evaluate-rule.ts";

/** By the slice's name; those that only one side has, too. */
export type SlicePairs = ReadonlyMap<string, MeasuredPair>;

export function evaluateSlices(
  gate: ExpandedGate,
  requirement: SliceRequirement,
  pairs: SlicePairs,
  baseline: Baseline,
): Ruling {
  if (requirement.rule === "max-gap") {
    const result = checkGap(gate, requirement, pairs);
    return { ...describeGate(gate, "max-gap"), threshold: requirement.threshold, unit: "absolute", ...result };
  }
  const { limit } = requirement;
  const { rule } = limit;
  return {
    ...describeGate(gate, "worst-slice"),
    ...thresholdOf(limit),
    ...(rule === "min" || rule === "max" || rule === "max-regression" ? { limit: rule } : {}),
    ...checkWorst(gate, requirement, pairs, baseline),
  };
}

type SliceResult = RuleResult & Pick<Ruling, "between">;

/** The rule is applied to each slice; what is worst is the slice that breaks it most. */
function checkWorst(
  gate: ExpandedGate,
  { limit, among, "min-n": minN }: Extract<SliceRequirement, { rule: "worst-slice" }>,
  pairs: SlicePairs,
  baseline: Baseline,
): SliceResult {
  const names = among ?? [...pairs.keys()];
  const counted = names.filter((name) => !isTooSmall(pairs.get(name)?.candidate, minN));
  if (names.length === 0) return fail(null, null, "no slice of it was measured");
  if (counted.length === 0) return fail(null, null, `no slice of it has ${minN} examples`);
  const results = counted.map((name) => {
    const pair = pairs.get(name) ?? { candidate: undefined, before: undefined };
    return { name, ...checkRequirement({ ...gate, slice: name }, limit, pair, baseline) };
  });
  const [worst, ...others] = results.toSorted((a, b) => badness(b) - badness(a) || orderOf(gate, limit.rule, a, b));
  if (worst === undefined) return fail(null, null, "no slice of it was measured");
  const { name, reason, ...result } = worst;
  return {
    ...result,
    reason: `in the slice ${name}, ${reason}`,
    between: [name, ...others.map((other) => other.name)],
  };
}

/** A slice that has too few examples says little; one that does not say how many counts. */
const isTooSmall = (metric: Metric | undefined, min: number | undefined): boolean =>
  min !== undefined && metric?.n !== undefined && metric.n < min;

const badness = ({ outcome, candidate }: RuleResult): number =>
  ({ fail: 2, inconclusive: 1, pass: 0 })[outcome] + (candidate === null ? 1 : 0);

/** Negative when `a` is worse than `b`. */
function orderOf({ better }: ExpandedGate, rule: string, a: RuleResult, b: RuleResult): number {
  if (a.candidate === null || b.candidate === null) return 0;
  const [one, other] = [a, b].map(({ candidate, baseline }) =>
    rule === "max-regression" && baseline !== null
      ? subtract(decimalOf(candidate ?? 0), decimalOf(baseline))
      : decimalOf(candidate ?? 0),
  );
  if (one === undefined || other === undefined) return 0;
  return better === "lower" ? compare(other, one) : compare(one, other);
}

function checkGap(
  gate: ExpandedGate,
  { threshold, between, "min-n": minN }: Extract<SliceRequirement, { rule: "max-gap" }>,
  pairs: SlicePairs,
): SliceResult {
  const read = between.map((name) => {
    const candidate = pairs.get(name)?.candidate;
    const pair = { candidate, before: undefined };
    // Any threshold: only the value is wanted, in the gate's unit, or why there is none.
    const { candidate: value, reason } = checkRequirement(gate, { rule: "min", threshold: 0 }, pair, NO_BASELINE);
    return { name, value, reason, n: candidate?.n };
  });
  const missing = read.find(({ value }) => value === null);
  if (missing !== undefined)
    return { ...fail(null, null, `of the slice ${missing.name}, ${missing.reason}`), between: [...between] };
  const sorted = read.toSorted((a, b) => (a.value ?? 0) - (b.value ?? 0));
  const [lowest, highest] = [sorted[0], sorted.at(-1)];
  if (lowest === undefined || highest === undefined) return fail(null, null, "no slice of it was measured");
  const gap = subtract(decimalOf(highest.value ?? 0), decimalOf(lowest.value ?? 0));
  const small = minN === undefined ? undefined : read.find(({ n }) => n === undefined || n < minN);
  const distance = `${highest.name} (${formatNumber(highest.value ?? 0)}) and ${lowest.name} (${formatNumber(lowest.value ?? 0)}) differ by ${formatDecimal(gap)}`;
  const result = {
    candidate: Number(`${gap.digits || "0"}e${gap.exponent}`),
    baseline: null,
    between: [highest.name, lowest.name],
  };
  if (small !== undefined) {
    const size = small.n === undefined ? "an unknown number of" : small.n;
    return {
      ...result,
      outcome: "inconclusive",
      reason: `${distance}, but ${small.name} has ${size} examples; at least ${minN} are required`,
    };
  }
  const passes = Number.isFinite(threshold) && compare(gap, decimalOf(threshold)) <= 0;
  return {
    ...result,
    outcome: passes ? "pass" : "fail",
    reason: `${distance}; at most ${formatNumber(threshold)} is allowed`,
  };
}

const NO_BASELINE: Baseline = { kind: "missing", reason: "" };
