/** The training record of the base commit, from the artifacts of the base branch's own runs. */
import * as z from "zod";
import type { Baseline } from "../../core/gate/baseline.ts";
import { type BaselineRun, isBaseBranchRun, selectBaselineRuns } from "../../core/gate/baseline-runs.ts";
import type { BaseCommit, GateSubject } from "../../core/gate/gate-subject.ts";
import { collectMetrics, type MetricsFile, readMetrics } from "../../core/metrics/read-metrics.ts";
import { ActionError } from "../../problem/problem.ts";
import { canonicalJson } from "../../records/canonical-json.ts";
import { TRAINING_RECORD } from "../../records/training-record.ts";
import { digestOf } from "../files/digest.ts";
import { type GitHub, GitHubError } from "../github/github.ts";
import { parseResponse } from "../github/parse-response.ts";
import { listArtifacts, listRunArtifacts, type RunArtifact, readArtifactRecord } from "../github/run-artifacts.ts";

export interface BaselineQuery {
  /** Name of the artifact that contains the record. */
  readonly artifact: string;
  /** Whether a repository that never had a baseline may continue without one. */
  readonly firstRun: "fail" | "allow";
}

const repository = z.object({ id: z.int() });
const workflowRun = z.object({
  id: z.int(),
  path: z.string(),
  event: z.string(),
  status: z.string().nullable(),
  conclusion: z.string().nullable(),
  head_sha: z.string(),
  head_branch: z.string().nullable(),
  repository,
  head_repository: repository.nullable(),
});

/** With more earlier runs than this, it is not a first run, whatever they are. */
const MAX_EARLIER_RUNS = 50;

/** @throws GitHubError when GitHub does not respond: that is not the same as "there is no baseline" */
export async function findBaseline(github: GitHub, subject: GateSubject, query: BaselineQuery): Promise<Baseline> {
  const { base } = subject;
  const absent = async (reason: string, mayBeFirst: boolean): Promise<Baseline> =>
    query.firstRun === "allow" && mayBeFirst && (await neverHadBaseline(github, subject, query.artifact))
      ? { kind: "first-run", reason: `${reason}; the branch never had a baseline` }
      : { kind: "missing", reason };
  if (base === undefined) return absent("there is no commit to compare with", true);
  const runs = await github.readAll("GET /repos/{owner}/{repo}/actions/runs", { head_sha: base.commit });
  const { usable, pending, reason } = selectBaselineRuns(
    runs.map((run) => parseResponse(workflowRun, run, "workflow runs")),
    base,
  );
  const unusable: string[] = [];
  for (const run of usable) {
    const [artifact] = (await listRunArtifacts(github, run.id, query.artifact)).filter((found) =>
      isArtifactOfRun(run, found),
    );
    if (artifact === undefined) continue;
    const found = await readBaseline(github, base, run, artifact);
    if (found.kind === "found") return found;
    unusable.push(found.reason);
  }
  if (unusable.length > 0) return { kind: "missing", reason: unusable.join("; ") };
  return absent(
    usable.length === 0 ? reason : `${reason}; no artifact ${query.artifact} of it: never uploaded, or expired`,
    !pending,
  );
}

const isArtifactOfRun = (run: BaselineRun, { expired, workflow_run: maker }: RunArtifact): boolean =>
  !expired &&
  maker?.id === run.id &&
  maker.head_sha === run.head_sha &&
  maker.head_repository_id === maker.repository_id;

/** A record that is broken, of a failed training or about another commit is not a baseline. */
async function readBaseline(
  github: GitHub,
  base: BaseCommit,
  run: BaselineRun,
  artifact: RunArtifact,
): Promise<Exclude<Baseline, { readonly kind: "first-run" }>> {
  const end = run.conclusion === "success" ? "" : `, which ended in ${run.conclusion}`;
  const source = `run ${run.id} of ${run.path}${end}`;
  try {
    const { text, file } = await readArtifactRecord(github, artifact, TRAINING_RECORD);
    const metricsFile = readMetrics(text, file);
    const mismatch = findRecordMismatch(base, metricsFile, `${github.repository.owner}/${github.repository.repo}`);
    if (mismatch !== undefined) return { kind: "missing", reason: `the training record of ${source} ${mismatch}` };
    const metrics = collectMetrics([metricsFile]);
    const metricsDigest = digestOf(canonicalJson(metrics));
    return { kind: "found", metrics, provenance: { commit: base.commit, metricsDigest, source } };
  } catch (error) {
    // A failed request says nothing about the baseline: the next try may find it.
    if (!(error instanceof ActionError) || error instanceof GitHubError) throw error;
    const [problem] = error.problems;
    return {
      kind: "missing",
      reason: `the training record of ${source} is unusable: ${problem?.message} [${problem?.code}]`,
    };
  }
}

function findRecordMismatch(
  { commit }: BaseCommit,
  { record }: MetricsFile,
  repositoryName: string,
): string | undefined {
  if (record?.outcome !== "success") return `says that the training ended in ${record?.outcome ?? "nothing"}`;
  if (record.commit !== commit) return `is about commit ${record.commit.slice(0, 7)}, and not ${commit.slice(0, 7)}`;
  return record.origin.repository === repositoryName ? undefined : "was made in another repository";
}

/**
 * Whether no run of the branch itself ever uploaded such a record; an expired one counts too. Runs of the judged commit do
 * not count: one of them may be the current run.
 */
async function neverHadBaseline(github: GitHub, { branch, judged }: GateSubject, name: string): Promise<boolean> {
  if (branch === undefined) return false;
  const makers = (await listArtifacts(github, name)).flatMap(({ workflow_run: maker }) => {
    const counts = maker && maker.head_branch === branch && maker.head_repository_id === maker.repository_id;
    return counts && maker.head_sha !== judged ? [maker.id] : [];
  });
  const earlierRuns = [...new Set(makers)];
  if (earlierRuns.length > MAX_EARLIER_RUNS) return false;
  for (const id of earlierRuns) {
    const response = await github.find("GET /repos/{owner}/{repo}/actions/runs/{run_id}", { run_id: id });
    const run = response === undefined ? undefined : parseResponse(workflowRun, response, `run ${id}`);
    // A run that was deleted could have been one of the base branch.
    if (run === undefined || isBaseBranchRun(run, { commit: run.head_sha, branch })) return false;
  }
  return true;
}
