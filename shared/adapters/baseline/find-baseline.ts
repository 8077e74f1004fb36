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
import type { GitHub } from "../github/github.ts";
import { parseResponse } from "../github/parse-response.ts";
import { listArtifacts, listRunArtifacts, type RunArtifact, readArtifactRecord } from "../github/run-artifacts.ts";

export interface BaselineQuery {
  /** Name of the artifact that holds the record. */
  readonly artifact: string;
  /** Whether a repository that never had a baseline may go on without one. */
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

/** More runs than this to look at are no first run, whatever they are. */
const MAX_EARLIER_RUNS = 50;

/** @throws GitHubError when GitHub cannot be asked: that is not the same as "there is none" */
export async function findBaseline(github: GitHub, subject: GateSubject, wanted: BaselineQuery): Promise<Baseline> {
  const { base } = subject;
  const absent = async (reason: string, mayBeFirst: boolean): Promise<Baseline> =>
    wanted.firstRun === "allow" && mayBeFirst && (await neverHadBaseline(github, subject, wanted.artifact))
      ? { kind: "first-run", reason: `${reason}; the branch never had one` }
      : { kind: "missing", reason };
  if (base === undefined) return absent("there is no commit to compare with", true);
  const runs = await github.readAll("GET /repos/{owner}/{repo}/actions/runs", { head_sha: base.commit });
  const { usable, pending, reason } = selectBaselineRuns(
    runs.map((run) => parseResponse(workflowRun, run, "workflow runs")),
    base,
  );
  const unusable: string[] = [];
  for (const run of usable) {
    const [artifact] = (await listRunArtifacts(github, run.id, wanted.artifact)).filter((found) =>
      isArtifactOfRun(run, found),
    );
    if (artifact === undefined) continue;
    const found = await readBaseline(github, base, run, artifact);
    if (found.kind === "found") return found;
    unusable.push(found.reason);
  }
  if (unusable.length > 0) return { kind: "missing", reason: unusable.join("; ") };
  return absent(usable.length === 0 ? reason : `${reason}; no artifact ${wanted.artifact} of it exists`, !pending);
}

const isArtifactOfRun = (run: BaselineRun, { expired, workflow_run: made }: RunArtifact): boolean =>
  !expired && made?.id === run.id && made.head_sha === run.head_sha && made.head_repository_id === made.repository_id;

/** A record that is broken, of a failed training or about something else is no baseline. */
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
    const read = readMetrics(text, file);
    const wrong = findRecordMismatch(base, read, `${github.repository.owner}/${github.repository.repo}`);
    if (wrong !== undefined) return { kind: "missing", reason: `the training record of ${source} ${wrong}` };
    const metrics = collectMetrics([read]);
    const metricsDigest = digestOf(canonicalJson(metrics));
    return { kind: "found", metrics, provenance: { commit: base.commit, metricsDigest, source } };
  } catch (error) {
    // What GitHub did not give is a fault, and may be there at the next try.
    if (!(error instanceof ActionError) || error.name === "GitHubError") throw error;
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
  if (record?.outcome !== "success") return `ended in ${record?.outcome ?? "nothing"}`;
  if (record.commit !== commit) return `is about commit ${record.commit.slice(0, 7)}, and not ${commit.slice(0, 7)}`;
  return record.origin.repository === repositoryName ? undefined : "was made in another repository";
}

/**
 * Whether no run of the branch itself ever kept such a record; one that has expired counts as kept. Runs of the judged
 * commit do not count: one of them may be the very run that asks.
 */
async function neverHadBaseline(github: GitHub, { branch, judged }: GateSubject, name: string): Promise<boolean> {
  if (branch === undefined) return false;
  const made = (await listArtifacts(github, name)).flatMap(({ workflow_run: by }) => {
    const counts = by && by.head_branch === branch && by.head_repository_id === by.repository_id;
    return counts && by.head_sha !== judged ? [by.id] : [];
  });
  const earlier = [...new Set(made)];
  if (earlier.length > MAX_EARLIER_RUNS) return false;
  for (const id of earlier) {
    const answer = await github.find("GET /repos/{owner}/{repo}/actions/runs/{run_id}", { run_id: id });
    const run = answer === undefined ? undefined : parseResponse(workflowRun, answer, `run ${id}`);
    // A run that was deleted could have been one.
    if (run === undefined || isBaseBranchRun(run, { commit: run.head_sha, branch })) return false;
  }
  return true;
}
