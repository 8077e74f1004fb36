/**
 * Judges a verdict anew by what this job reads itself: the one that may write the comment believes no record that a pull
 * request could have made.
 */
import { findAllowedDiff } from "../../shared/adapters/baseline/find-allowed-diff.ts";
import { type BaselineQuery, findBaseline } from "../../shared/adapters/baseline/find-baseline.ts";
import { digestOf } from "../../shared/adapters/files/digest.ts";
import type { GitHub } from "../../shared/adapters/github/github.ts";
import { readFileOnce } from "../../shared/adapters/github/read-file-at-commit.ts";
import { checkOnBranch, readBranchHead } from "../../shared/adapters/github/trusted-commit.ts";
import { type NoPolicy, readPolicyAt, type TrustedPolicy } from "../../shared/adapters/github/trusted-policy.ts";
import type { Baseline } from "../../shared/core/gate/baseline.ts";
import type { WaiverPorts } from "../../shared/core/gate/judge-with-waivers.ts";
import type { PredictedCases } from "../../shared/core/gate/predicted-cases.ts";
import { baselineIn, rejudge, type TrustedJudgement } from "../../shared/core/gate/rejudge.ts";
import { learnsNoise } from "../../shared/core/policy/expand-gates.ts";
import { POLICY_PATH } from "../../shared/core/policy/policy.ts";
import type { BaselineSource } from "../../shared/core/policy/policy-2-gates.ts";
import { readPolicy } from "../../shared/core/policy/read-policy.ts";
import { getModelPolicy } from "../../shared/core/policy/require-model.ts";
import { findPredictions, type WantedPredictions } from "../../shared/core/policy/wanted-predictions.ts";
import type { Verdict } from "../../shared/records/verdict.ts";

type Trusted = TrustedJudgement["trusted"];
const reader = "report-metrics";

/**
 * Of a run of this repository: its rules must be those of the base branch, and its baseline is the one that its gate read.
 *
 * @throws ActionError `verdict-contradicts-itself`, `policy-no-trusted-ref`, and as `readPolicyAt`; GitHubError
 */
export async function judgeOwn(github: GitHub, verdict: Verdict, run: JudgingSource): Promise<Verdict> {
  const trusted = await readRulesOfRun(github, verdict, run.base);
  const { notes, changes } = verdict;
  const wanted = wantedBy(trusted);
  const predictions = wanted && verdict.outcome !== "error" ? await run.readPredictions(verdict, wanted) : undefined;
  const baseline = await addPredictions(github, verdict, { ...run, trusted, wanted });
  const { findChange, readApprovers } = run;
  return rejudge(verdict, { trusted, baseline, notes, changes, predictions, findChange, readApprovers }, digestOf);
}

const wantedBy = (trusted: Trusted): WantedPredictions | undefined =>
  trusted === null ? undefined : findPredictions(getModelPolicy(trusted.rules).statistics);

/** The verdict has the baseline's numbers, and not the per-example results behind them: those are read where they were made. */
async function addPredictions(
  github: GitHub,
  verdict: Verdict,
  run: JudgingSource & { readonly trusted: Trusted; readonly wanted: WantedPredictions | undefined },
): Promise<Baseline> {
  const { trusted, wanted } = run;
  const baseline = baselineIn(verdict);
  if (wanted === undefined || trusted === null || baseline.kind !== "found") return baseline;
  const { baseline: sources } = getModelPolicy(trusted.rules);
  const found = await readBaselineOfBranch(github, verdict, trusted.policy.ref, {
    ...{ ...run, sources, wanted, learnsNoise: false },
  });
  if (found.kind !== "found" || found.provenance.commit !== baseline.provenance.commit)
    return { ...baseline, predictions: "those of the baseline are not there any more" };
  return { ...baseline, ...(found.predictions !== undefined && { predictions: found.predictions }) };
}

/** One request, unless the rules have changed since then. */
async function readRulesOfRun(github: GitHub, { policy, model }: Verdict, base: string): Promise<Trusted> {
  const reading = { reader, model } as const;
  if (policy === null) return toTrusted(await readPolicyAt(github, await readBranchHead(github, base), reading));
  const now = await readFileOnce(github, `refs/heads/${base}`, POLICY_PATH);
  if (now?.digest === policy.digest) {
    const rules = readPolicy(now.text, POLICY_PATH, reading);
    return { rules, policy: { path: POLICY_PATH, ref: policy.ref, digest: now.digest, version: rules.version } };
  }
  await checkOnBranch(github, policy.ref, base);
  return toTrusted(await readPolicyAt(github, policy.ref, reading));
}

export interface JudgingSource extends WaiverPorts {
  /** The branch that the pull request is to be merged into. */
  readonly base: string;
  /** The artifact with the record, if model-diff made it: it keeps the baseline under the same name. */
  readonly diffArtifact: string | undefined;
  /** For records of gate-metrics; of one of several models, `-` and its name follow. */
  readonly baselineArtifact: string;
  readonly firstRun: "fail" | "allow";
  /** The candidate's per-example results. @throws ActionError `predictions-missing` */
  readonly readPredictions: (verdict: Verdict, wanted: WantedPredictions) => Promise<PredictedCases>;
  /** Of this job; a baseline that DVC keeps may be among them. */
  readonly files: BaselineQuery["files"];
}

/**
 * Of a fork's run: by the rules that the base branch has now, against the baseline that the branch itself measured. Only the
 * numbers are the fork's, and nobody else has measured them.
 *
 * @throws ActionError as `judgeOwn`; GitHubError
 */
export async function judgeForked(github: GitHub, verdict: Verdict, run: JudgingSource): Promise<Verdict> {
  const commit = await readBranchHead(github, run.base);
  const trusted = toTrusted(await readPolicyAt(github, commit, { reader, model: verdict.model }));
  const { baseline: sources, gates } = trusted === null ? { baseline: [], gates: [] } : getModelPolicy(trusted.rules);
  const wanted = wantedBy(trusted);
  const predictions = wanted && verdict.outcome !== "error" ? await run.readPredictions(verdict, wanted) : undefined;
  const learns = { learnsNoise: learnsNoise(gates), wanted };
  const baseline = await readBaselineOfBranch(github, verdict, commit, { ...run, ...learns, sources });
  const isOutdated = trusted !== null && verdict.policy !== null && trusted.policy.digest !== verdict.policy.digest;
  const notes = isOutdated ? [`The rules of ${run.base} have changed since that run: these are the ones of now.`] : [];
  const { findChange, readApprovers } = run;
  return rejudge(verdict, { trusted, baseline, notes, predictions, findChange, readApprovers }, digestOf);
}

/** What the branch had at the commit that the run names, which must be one of its own. */
async function readBaselineOfBranch(
  github: GitHub,
  { head, judged, policy, baseline, model }: Verdict,
  newest: string,
  {
    base: branch,
    diffArtifact,
    baselineArtifact,
    firstRun,
    sources,
    files,
    learnsNoise,
    wanted,
  }: JudgingSource & {
    readonly wanted: WantedPredictions | undefined;
    readonly sources: readonly BaselineSource[];
    readonly learnsNoise: boolean;
  },
): Promise<Baseline> {
  const commit = policy?.ref ?? baseline?.commit ?? newest;
  if (commit !== newest) await checkOnBranch(github, commit, branch);
  const subject = { head, judged, branch, base: { commit, branch } };
  const now = new Date();
  const query = {
    artifact: diffArtifact ?? (model === undefined ? baselineArtifact : `${baselineArtifact}-${model}`),
    model,
    firstRun,
    reader,
    files,
    now,
    sources,
    learnsNoise,
    predictions: wanted?.columns,
  };
  if (diffArtifact === undefined) return findBaseline(github, subject, query);
  const found = await findAllowedDiff(github, subject, { ...query, shown: [] });
  return policy === null ? found.shown : found.judged;
}

const toTrusted = (found: TrustedPolicy | NoPolicy): Trusted =>
  "policy" in found
    ? {
        rules: found.policy,
        policy: { path: found.path, ref: found.ref, digest: found.digest, version: found.policy.version },
      }
    : null;
