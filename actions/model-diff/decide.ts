/** What model-diff decides: by the rules of the trusted commit, or, where there are none, only what differs. */
import type { ReportRecords } from "../../shared/core/gate/assert-consistent.ts";
import type { Baseline } from "../../shared/core/gate/baseline.ts";
import type { DiffBaseline } from "../../shared/core/gate/baseline-sources.ts";
import {
  buildVerdict,
  describeRuling,
  type JudgingPolicy,
  ofModel,
  requireGates,
} from "../../shared/core/gate/build-verdict.ts";
import type { GateSubject } from "../../shared/core/gate/gate-subject.ts";
import { compareOnly, judge } from "../../shared/core/gate/judge.ts";
import { type GatePolicy, judgeWithWaivers, type WaiverPorts } from "../../shared/core/gate/judge-with-waivers.ts";
import { type KeptPredictions, toKeptPredictions } from "../../shared/core/gate/kept-predictions.ts";
import { type GateEvidence, verifyEvidence } from "../../shared/core/gate/verify-evidence.ts";
import { expandGates } from "../../shared/core/policy/expand-gates.ts";
import { POLICY_PATH, type Policy } from "../../shared/core/policy/policy.ts";
import { readPolicy } from "../../shared/core/policy/read-policy.ts";
import { getModelPolicy } from "../../shared/core/policy/require-model.ts";
import { ActionError, type Problem } from "../../shared/problem/problem.ts";
import { type DigestFunction, digestMetrics } from "../../shared/records/digest.ts";
import type { Metric, Origin } from "../../shared/records/fields.ts";
import type { Verdict } from "../../shared/records/verdict.ts";

export interface DecisionPorts extends WaiverPorts {
  /** The policy at the trusted commit; `rules` is null where there never was one. */
  readonly readPolicy: () => Promise<FoundPolicy>;
  readonly findSubject: (trusted: string) => Promise<GateSubject>;
  readonly readEvidence: (gate: GatePolicy | undefined) => Promise<GateEvidence>;
  /** @param gate the rules that will be applied; without any, the base commit's record is as good as another */
  readonly findBaseline: (
    subject: GateSubject,
    files: readonly string[],
    gate: GatePolicy | undefined,
  ) => Promise<DiffBaseline>;
  /** What the change does to parameters and data in git: for a reader. */
  readonly describeChange: (subject: GateSubject) => Promise<Verdict["changes"]>;
  readonly digestOf: DigestFunction;
}

export type FoundPolicy =
  | {
      readonly rules: Policy;
      readonly policy: JudgingPolicy;
      readonly notes: readonly string[];
      /** How the change breaks the policy itself. */
      readonly broken?: Problem | undefined;
    }
  | {
      readonly rules: null;
      /** The trusted commit. */
      readonly ref: string;
      readonly notes: readonly string[];
      /** Text of the policy that the change adds. */
      readonly proposed: string | undefined;
    };

export interface Decision extends ReportRecords {
  readonly verdict: Verdict;
  readonly hasNoPolicy: boolean;
  /** To be kept with the verdict, where the policy names some. */
  readonly predictions: KeptPredictions | undefined;
  /** Of the records that are written. */
  readonly recordVersion: 1 | 2;
}

/** @param model the input. @throws ActionError when the rules, the commit or the numbers are not what they must be */
export async function decide(ports: DecisionPorts, origin: Origin, model: string): Promise<Decision> {
  const found = await ports.readPolicy();
  const gate = found.rules === null ? undefined : found;
  if (gate !== undefined) requireGates(gate);
  const subject = await ports.findSubject(found.rules === null ? found.ref : found.policy.ref);
  const evidence = await ports.readEvidence(gate);
  const { candidate, notes } = verifyEvidence(
    { judged: subject.judged, ...origin, model: gate?.rules.chosen, sharesJob: true, isForDisplay: gate === undefined },
    evidence,
  );
  const baseline = await ports.findBaseline(
    subject,
    evidence.files.map(({ path }) => path),
    gate,
  );
  const shown = compareOnly(candidate, baseline.shown);
  const predictions = evidence.predictions && toKeptPredictions(evidence.predictions, ports.digestOf);
  const judged = gate && (await judgeWithWaivers(gate, candidate, baseline.judged, ports, predictions?.cases));
  const result = judged === undefined ? shown : { ...judged, metrics: shown.metrics };
  const verdict = buildVerdict({
    result,
    subject,
    policy: found.rules === null ? null : found.policy,
    baseline: baseline.shown,
    inGit: await ports.describeChange(subject),
    ...(gate && ofModel(gate.rules)),
    metricsDigest: digestMetrics(candidate, ports.digestOf),
    notes: [...found.notes, ...(judged?.notes ?? []), ...notes],
    problem: found.rules === null ? undefined : found.broken,
    ...(predictions && { evidence: [predictions.evidence] }),
    origin,
  });
  const proposed = found.rules === null ? found.proposed : undefined;
  return {
    verdict: {
      ...markUse(verdict, baseline.judged),
      ...(found.rules === null && { notes: [...notes] }),
      ...(proposed !== undefined && { proposedPolicy: tryPolicy(proposed, candidate, baseline.judged, model) }),
    },
    data: evidence.report,
    predictions,
    hasNoPolicy: found.rules === null,
    recordVersion: found.rules?.version ?? 2,
  };
}

/** A baseline that is further away than the base commit is shown, and no rule uses it. */
const markUse = (verdict: Verdict, judged: Baseline): Verdict =>
  verdict.baseline === null || judged.kind === "found"
    ? verdict
    : { ...verdict, baseline: { ...verdict.baseline, allowed: false } };

/** What the first policy would say of the change that adds it. It decides nothing. */
function tryPolicy(
  text: string,
  candidate: readonly Metric[],
  baseline: Baseline,
  chosen: string,
): NonNullable<Verdict["proposedPolicy"]> {
  try {
    const rules = readPolicy(text, POLICY_PATH, { reader: "model-diff", model: chosen });
    const model = getModelPolicy(rules);
    const { outcome, rulings } = judge(expandGates(model), candidate, baseline, model.statistics);
    const broken = rulings.filter((ruling) => ruling.outcome === "fail");
    return {
      outcome,
      problems: broken.map((ruling) => ({ code: "gate-closed", message: describeRuling(ruling), severity: "error" })),
    };
  } catch (error) {
    if (!(error instanceof ActionError)) throw error;
    return { outcome: "error", problems: error.problems.map((problem) => ({ ...problem, severity: "error" })) };
  }
}
