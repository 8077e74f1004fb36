/** The story of gate-metrics: check what a change measured against the rules of the branch that it is to be merged into. */
import { toRecordOrigin } from "../../shared/action/record-origin.ts";
import type { ActionBody } from "../../shared/action/run-action.ts";
import { GitHubError } from "../../shared/adapters/github/github.ts";
import type { ChangeFacts } from "../../shared/adapters/github/trusted-policy.ts";
import type { Baseline } from "../../shared/core/gate/baseline.ts";
import {
  buildUndecided,
  buildVerdict,
  formatRuling,
  gateFailureProblem,
  type JudgingPolicy,
  ofModel,
  requireGates,
} from "../../shared/core/gate/build-verdict.ts";
import { wantsHistory } from "../../shared/core/gate/extend-history.ts";
import type { GateSubject } from "../../shared/core/gate/gate-subject.ts";
import { type GatePolicy, judgeWithWaivers, type WaiverPorts } from "../../shared/core/gate/judge-with-waivers.ts";
import { judgesChange } from "../../shared/core/gate/judgeable-event.ts";
import { type GateEvidence, listPredictions, verifyEvidence } from "../../shared/core/gate/verify-evidence.ts";
import type { Policy } from "../../shared/core/policy/policy.ts";
import { ActionError, type Problem } from "../../shared/problem/problem.ts";
import { type DigestFunction, digestMetrics } from "../../shared/records/digest.ts";
import { inVersion } from "../../shared/records/in-version.ts";
import type { ReadRecord } from "../../shared/records/record-format.ts";
import { type Verdict, verdictRecord } from "../../shared/records/verdict.ts";
import { renderVerdict } from "../../shared/report/verdict.ts";
import type { spec } from "./spec.ts";

export interface Ports extends WaiverPorts {
  /** The policy at the trusted commit, which the change under judgement cannot choose. */
  readonly readPolicy: () => Promise<{
    readonly rules: Policy;
    readonly policy: JudgingPolicy;
    readonly notes: readonly string[];
    /** How the change breaks the policy itself. */
    readonly broken?: Problem | undefined;
    /** What is known of the change besides. */
    readonly change?: ChangeFacts;
  }>;
  /** Which commit is judged, and which one it is compared with. */
  readonly findSubject: (trusted: string) => Promise<GateSubject>;
  /** What the training of this change wrote. */
  readonly readEvidence: (gate: GatePolicy) => Promise<GateEvidence>;
  /** What the base branch itself measured, from the first of the policy's sources that has it. */
  readonly findBaseline: (subject: GateSubject, gate: GatePolicy) => Promise<Baseline>;
  /** The same baseline with the earlier values of its metrics, as far as they are known. */
  readonly addHistory: (baseline: Baseline) => Promise<Baseline>;
  /** What the change does to parameters and data in git, and how far its base has moved on: for a reader. */
  readonly describeChange: (subject: GateSubject, change: ChangeFacts | undefined) => Promise<Verdict["changes"]>;
  readonly digestOf: DigestFunction;
  readonly writeRecord: (verdict: ReadRecord<Verdict>) => Promise<void>;
  /** For links in the summary. */
  readonly urls: { readonly runUrl: string; readonly repositoryUrl: string };
}

export const run: ActionBody<typeof spec, Ports> = async ({ inputs, context, ports, log }) => {
  // Gather: the rules, the commit to judge, what was measured, and what it is compared with.
  const { rules, policy, notes, broken, change } = await ports.readPolicy();
  const gate = { rules, policy };
  requireGates(gate);
  const subject = await ports.findSubject(policy.ref);
  const origin = toRecordOrigin(context);
  const { evidence, candidate, notes: evidenceNotes } = await gatherEvidence();
  const baseline = await ports.findBaseline(subject, gate);
  log.info(`Judging ${subject.judged} by ${policy.path} at ${policy.ref}`);
  log.info(baseline.kind === "found" ? `Baseline: ${baseline.provenance.source}` : `No baseline: ${baseline.reason}`);

  // Decide.
  const result = await judgeWithWaivers(gate, candidate, baseline, ports, evidence.predictions);
  const verdict = buildVerdict({
    result,
    subject,
    policy,
    // For a note about noise, where a rule is broken that may be tighter than it.
    baseline: wantsHistory(result, baseline) ? await ports.addHistory(baseline) : baseline,
    ...ofModel(rules),
    inGit: await ports.describeChange(subject, change),
    training: evidence.files.find(({ record }) => record !== undefined)?.record,
    metricsDigest: digestMetrics(candidate, ports.digestOf),
    notes: [...notes, ...result.notes, ...evidenceNotes],
    problem: broken,
    ...(evidence.predictions && { evidence: listPredictions(evidence.predictions) }),
    origin,
  });

  // Show. The exit code is the verdict: a separate check could land on another commit, or be set by somebody else.
  await ports.writeRecord(inVersion(verdictRecord, verdict, rules.version));
  for (const note of verdict.notes) log.warn(note);
  for (const ruling of verdict.rulings) log.info(formatRuling(ruling));
  return {
    outputs: { verdict: verdict.outcome, record: inputs.record },
    summary: renderVerdict({ verdict, data: evidence.report }, { ...ports.urls, isMerged: !judgesChange(context) }),
    failed: gateFailureProblem(verdict),
  };

  /** Why nothing could be judged is for reviewers, too: whoever reports gets it as a verdict. */
  async function gatherEvidence() {
    try {
      const found = await ports.readEvidence(gate);
      const { repository, run } = context;
      const judging = { judged: subject.judged, repository, run: run.id, model: rules.chosen };
      return { evidence: found, ...verifyEvidence(judging, found) };
    } catch (error) {
      if (!(error instanceof ActionError) || error instanceof GitHubError) throw error;
      const undecided = buildUndecided(
        { subject, policy, problems: error.problems, origin, model: rules.chosen },
        ports.digestOf,
      );
      await ports.writeRecord(inVersion(verdictRecord, undecided, rules.version));
      throw error;
    }
  }
};
