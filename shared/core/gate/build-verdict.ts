/** From the gate's result to its record, and to the lines that report it. */
import { type Problem, userError } from "../../problem/problem.ts";
import { type DigestFunction, digestMetrics } from "../../records/digest.ts";
import type { Origin } from "../../records/fields.ts";
import type { TrainingRecord } from "../../records/training-record.ts";
import { type Ruling, VERDICT, type Verdict } from "../../records/verdict.ts";
import { formatMetricName } from "../metrics/sort-out.ts";
import { type ExpandedGate, expandGates } from "../policy/expand-gates.ts";
import type { ModelPolicy, Policy } from "../policy/policy.ts";
import { getModelPolicy } from "../policy/require-model.ts";
import type { Baseline } from "./baseline.ts";
import { compareTrainings } from "./compare-trainings.ts";
import { extendHistory } from "./extend-history.ts";
import type { GateSubject } from "./gate-subject.ts";
import { type GateResult, toLevels } from "./judge.ts";
import { noiseNotes } from "./noise-notes.ts";

/** Which policy judged. */
export type JudgingPolicy = NonNullable<Verdict["policy"]>;

/** @throws ActionError `gate-nothing-to-judge` for a policy without gates */
export function requireGates({
  rules,
  policy,
}: {
  readonly rules: Policy;
  readonly policy: JudgingPolicy;
}): readonly ExpandedGate[] {
  const gates = expandGates(getModelPolicy(rules));
  if (gates.length > 0) return gates;
  throw userError({
    code: "gate-nothing-to-judge",
    message: `the policy at the trusted commit ${policy.ref.slice(0, 7)} has no gates, so nothing would be judged`,
    place: { file: policy.path },
    fix: "Merge at least one gate under gates: in a separate pull request",
  });
}

interface VerdictInput extends Pick<Verdict, "policy" | "metricsDigest" | "evidence"> {
  /** What differs in git, for a reader. */
  readonly inGit?: Verdict["changes"];
  /** The training of the candidate, where its record is known. */
  readonly training?: TrainingRecord | undefined;
  readonly result: GateResult;
  readonly subject: Pick<GateSubject, "head" | "judged">;
  readonly baseline: Baseline;
  readonly notes: readonly string[];
  /** As the policy has it. */
  readonly statistics?: ModelPolicy["statistics"];
  /** The one of several that was judged. */
  readonly model?: string | undefined;
  /** Why the gate is closed whatever the rules say. */
  readonly problem?: Problem | undefined;
  readonly origin: Origin;
}

/** What a verdict must know of the policy besides its rules. */
export const ofModel = (rules: Policy): Pick<VerdictInput, "statistics" | "model"> => ({
  statistics: getModelPolicy(rules).statistics,
  model: rules.chosen,
});

export function buildVerdict(input: VerdictInput): Verdict {
  const { result, subject, baseline, notes, statistics, problem, training, model, inGit, ...rest } = input;
  const history = extendHistory(result, baseline, subject.judged);
  // What a training says it used is nearer to its metrics than what lies in git.
  const recorded = baseline.kind === "found" ? compareTrainings(baseline.training, training) : undefined;
  const changes = recorded === undefined && inGit === undefined ? undefined : { ...inGit, ...recorded };
  return {
    schema: VERDICT,
    ...rest,
    outcome: problem === undefined ? result.outcome : "fail",
    head: subject.head,
    judged: subject.judged,
    baseline: baseline.kind === "found" ? baseline.provenance : null,
    rulings: result.rulings,
    metrics: result.metrics,
    ...(model !== undefined && { model }),
    notes: [
      ...notes,
      ...baselineNotes(baseline, result),
      ...missingMetricNotes(result),
      ...noiseNotes(result.rulings, baseline, toLevels(statistics)),
    ],
    ...(changes && { changes }),
    ...(history.length > 0 && { history }),
    ...(result.flips && { flips: result.flips }),
    ...(result.confusion && { confusion: result.confusion }),
    ...(result.calibration && { calibration: result.calibration }),
    ...(problem && { problems: [{ ...problem, severity: "error" as const }] }),
  };
}

interface UndecidedInput extends Pick<Verdict, "policy"> {
  readonly model: string | undefined;
  readonly subject: Pick<GateSubject, "head" | "judged">;
  readonly problems: readonly Problem[];
  readonly origin: Origin;
}

/** The verdict that there is none: a training that failed, numbers that are missing or cannot be read. */
export const buildUndecided = (
  { subject: { head, judged }, policy, problems, origin, model }: UndecidedInput,
  digestOf: DigestFunction,
): Verdict => ({
  schema: VERDICT,
  outcome: "error",
  ...{ head, judged, policy, origin, metricsDigest: digestMetrics([], digestOf) },
  ...{ baseline: null, rulings: [], metrics: [], notes: [] },
  ...(model !== undefined && { model }),
  problems: problems.map((problem) => ({ ...problem, severity: "error" })),
});

/** Only where a rule needs one, and none says it already. */
const baselineNotes = (baseline: Baseline, { rulings }: GateResult): readonly string[] =>
  baseline.kind === "found" ||
  !rulings.some(comparesWithBaseline) ||
  rulings.some(({ reason }) => reason.endsWith(baseline.reason))
    ? []
    : [`There is no baseline: ${baseline.reason}.`];

const comparesWithBaseline = ({ rule, limit }: Ruling): boolean => COMPARING.has(limit ?? rule);
const COMPARING: ReadonlySet<string> = new Set(["max-regression", "max-change", "min-improvement"]);

/** A metric without a rule may disappear, but not unnoticed. */
function missingMetricNotes({ metrics }: GateResult): readonly string[] {
  const missing = metrics
    .filter(({ candidate, baseline }) => candidate === null && baseline !== null)
    .map(formatMetricName);
  if (missing.length === 0) return [];
  const shown = missing.slice(0, MAX_SHOWN).join(", ");
  const more = missing.length > MAX_SHOWN ? ` and ${missing.length - MAX_SHOWN} more` : "";
  return [`The baseline has metrics that were not measured here: ${shown}${more}.`];
}

const MAX_SHOWN = 5;

/** One line for the log. */
export const formatRuling = (ruling: Ruling): string => `${ruling.outcome}: ${describeRuling(ruling)}`;

/** `"mae": 4 is above max 3` */
export const describeRuling = (ruling: Ruling): string => `${formatMetricName(named(ruling))}: ${ruling.reason}`;

/** Why the step fails; `undefined` unless the gate failed. */
export function gateFailureProblem({ outcome, rulings, problems = [] }: Verdict): Problem | undefined {
  if (outcome !== "fail") return undefined;
  const [problem] = problems;
  if (problem !== undefined) return toProblem(problem);
  const [first, ...more] = rulings.filter((ruling) => ruling.outcome === "fail");
  if (first === undefined) return gateFailed("nothing was judged", "Give the policy a gate");
  const count = more.length === 1 ? "Another rule is" : `${more.length} other rules are`;
  const others = more.length === 0 ? "" : `. ${count} broken too`;
  return gateFailed(
    `${describeRuling(first)}${others}`,
    "Improve the metric, or add what is missing; to change the rule itself, open a separate pull request",
  );
}

function toProblem({ code, message, fix = "Correct it", place }: NonNullable<Verdict["problems"]>[number]): Problem {
  if (place === undefined) return { code, message, fix };
  const { file, line, column } = place;
  return { code, message, fix, place: { file, ...(line && { line }), ...(column && { column }) } };
}

const gateFailed = (reason: string, fix: string): Problem => ({
  code: "gate-closed",
  message: `the gate is closed: ${reason}`,
  fix,
});

const named = ({ metric, slice }: Ruling) => ({ name: metric, slice });
