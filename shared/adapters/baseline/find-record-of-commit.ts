/** The training record of one commit of the base branch, from the artifacts of the branch's own runs. */
import type { Baseline } from "../../core/gate/baseline.ts";
import { findRecordMismatch, isArtifactOfRun } from "../../core/gate/baseline-record.ts";
import { type BaselineRun, selectBaselineRuns } from "../../core/gate/baseline-runs.ts";
import { mayHaveMadeBaseline, selectEarlierRuns } from "../../core/gate/first-run.ts";
import type { BaseCommit, GateSubject } from "../../core/gate/gate-subject.ts";
import { collectMetrics, readMetrics } from "../../core/metrics/read-metrics.ts";
import type { WantedPredictions } from "../../core/policy/wanted-predictions.ts";
import { ActionError } from "../../problem/problem.ts";
import { digestMetrics } from "../../records/digest.ts";
import { trainingRecord } from "../../records/training-record.ts";
import { digestOf } from "../files/digest.ts";
import { type GitHub, GitHubError } from "../github/github.ts";
import { parseResponse } from "../github/parse-response.ts";
import {
  listArtifacts,
  listArtifactsOfFinishedRun,
  type RunArtifact,
  readArtifactRecord,
} from "../github/run-artifacts.ts";
import { readRun, workflowRun } from "../github/workflow-run.ts";
import { readKeptCases } from "./read-kept-cases.ts";

export interface RecordQuery {
  /** Name of the artifact that contains the record. */
  readonly artifact: string;
  /** The one of several models that is judged: a record that names another one is none. */
  readonly model?: string | undefined;
  /** Whether a repository that never had a baseline may continue without one. */
  readonly firstRun: "fail" | "allow";
  /** Which columns of per-example results have what; left out: no rule wants any. */
  readonly predictions?: WantedPredictions["columns"] | undefined;
}

/**
 * @param subject its base is the commit whose record is wanted
 * @throws GitHubError when GitHub does not respond: that is not the same as "there is no baseline"
 */
export async function findRecordOfCommit(github: GitHub, subject: GateSubject, query: RecordQuery): Promise<Baseline> {
  const { base } = subject;
  const absent = async (reason: string, mayBeFirst: boolean): Promise<Baseline> =>
    query.firstRun === "allow" && mayBeFirst && (await neverHadBaseline(github, subject, query.artifact))
      ? { kind: "first-run", reason: `${reason}; the branch never had a baseline` }
      : { kind: "missing", reason };
  if (base === undefined) return absent("there is no commit to compare with", true);
  const { listWorkflowRunsForRepo } = github.rest.actions;
  const runs = await github.readAll(listWorkflowRunsForRepo, { ...github.repository, head_sha: base.commit });
  const { usable, pending, reason } = selectBaselineRuns(
    runs.map((run) => parseResponse(workflowRun, run, "workflow runs")),
    base,
  );
  const unusable: string[] = [];
  for (const run of usable) {
    const [artifact] = (await listArtifactsOfFinishedRun(github, run.id, query.artifact)).filter((found) =>
      isArtifactOfRun(run, found),
    );
    if (artifact === undefined) continue;
    const found = await readBaseline(github, base, run, artifact, query);
    if (found.kind === "found") return found;
    unusable.push(found.reason);
  }
  if (unusable.length > 0) return { kind: "missing", reason: unusable.join("; ") };
  return absent(
    usable.length === 0 ? reason : `${reason}; no artifact ${query.artifact} of it: never uploaded, or expired`,
    !pending,
  );
}

/** A record that is broken, of a failed training or about another commit is not a baseline. @throws GitHubError */
export async function readBaseline(
  github: GitHub,
  base: BaseCommit,
  run: Pick<BaselineRun, "id" | "path" | "conclusion">,
  artifact: RunArtifact,
  { model, predictions: columns }: Pick<RecordQuery, "model" | "predictions">,
): Promise<Exclude<Baseline, { readonly kind: "first-run" }>> {
  const end = run.conclusion === "success" ? "" : `, which ended in ${run.conclusion ?? "nothing yet"}`;
  const source = `run ${run.id} of ${run.path}${end}`;
  try {
    const { text, file, files } = await readArtifactRecord(github, artifact, trainingRecord);
    const metricsFile = readMetrics(text, file, "gate-metrics");
    const { owner, repo } = github.repository;
    const mismatch = findRecordMismatch(metricsFile.record, {
      commit: base.commit,
      repository: `${owner}/${repo}`,
      model,
    });
    if (mismatch !== undefined) return { kind: "missing", reason: `the training record of ${source} ${mismatch}` };
    const metrics = collectMetrics([metricsFile]);
    const metricsDigest = digestMetrics(metrics, digestOf);
    const measured = { run: run.id, ...(artifact.created_at && { measuredAt: artifact.created_at }) };
    const provenance = { commit: base.commit, metricsDigest, source, ...measured };
    const { record: training } = metricsFile;
    const cases = columns && { predictions: readKeptCases(files, training?.predictionFiles, columns) };
    return { kind: "found", metrics, provenance, ...(training && { training }), ...cases };
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

/** @throws GitHubError */
async function neverHadBaseline(github: GitHub, { branch, judged }: GateSubject, name: string): Promise<boolean> {
  // A tag is on no branch that could have had one.
  if (branch === undefined) return false;
  const earlier = selectEarlierRuns(await listArtifacts(github, name), branch, judged);
  if (earlier === undefined) return false;
  for (const id of earlier) {
    if (mayHaveMadeBaseline(await readRun(github, id), branch)) return false;
  }
  return true;
}
