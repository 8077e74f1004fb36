/** The newest record of the base branch that is about the base commit or one before it. */
import * as z from "zod";
import type { Baseline } from "../../core/gate/baseline.ts";
import { isBaseBranchRun } from "../../core/gate/baseline-runs.ts";
import type { BaseCommit } from "../../core/gate/gate-subject.ts";
import { listBaselineCandidates } from "../../core/gate/nearest-record.ts";
import type { GitHub } from "../github/github.ts";
import { parseResponse } from "../github/parse-response.ts";
import {
  type ListedArtifacts,
  listNewestArtifacts,
  listRunArtifacts,
  type RunArtifact,
} from "../github/run-artifacts.ts";
import { readRun, type WorkflowRun, workflowRun } from "../github/workflow-run.ts";

export type FoundBaseline = Extract<Baseline, { kind: "found" }>;
export type NotFound = { readonly reason: string };

export interface NearestRecordSearch {
  readonly base: BaseCommit;
  /** Of the artifacts with a record. */
  readonly name: string;
  /** The commit that is judged: its own records are not what it is compared with. */
  readonly judged: string;
  /** How many commits back; without a limit unless given. */
  readonly within?: number;
  /** The record in the artifact, as of `commit`; `source` names the run. */
  readonly read: (commit: BaseCommit, run: WorkflowRun, artifact: RunArtifact) => Promise<FoundBaseline | NotFound>;
}

export interface NearestRecord extends ListedArtifacts {
  readonly nearest: FoundBaseline | undefined;
  /** Why nearer ones do not count. */
  readonly reasons: readonly string[];
}

/** @throws GitHubError */
export async function findNearestRecord(
  github: GitHub,
  { base, name, judged, within = Number.POSITIVE_INFINITY, read }: NearestRecordSearch,
): Promise<NearestRecord> {
  const listed = await listBranchArtifacts(github, base, judged, name);
  const reasons: string[] = [];
  for (const artifact of listBaselineCandidates(listed.artifacts, base, judged)) {
    const tried = await tryArtifact(artifact);
    if ("kind" in tried) return { nearest: tried, reasons, ...listed };
    reasons.push(tried.reason);
  }
  return { nearest: undefined, reasons, ...listed };

  async function tryArtifact(artifact: RunArtifact): Promise<FoundBaseline | NotFound> {
    const { workflow_run: maker } = artifact;
    if (!maker) return { reason: `artifact ${artifact.id} has no run` };
    const commit = { commit: maker.head_sha, branch: base.branch };
    const run = await readRun(github, maker.id);
    if (run === undefined || !isBaseBranchRun(run, commit))
      return { reason: `run ${maker.id} is not a push or schedule of ${base.branch}` };
    const distance = commit.commit === base.commit ? 0 : await countCommitsBetween(github, commit.commit, base.commit);
    if (distance === undefined) return { reason: `run ${maker.id} is not about a commit before the base` };
    if (distance > within) return { reason: `run ${maker.id} is about ${countCommits(distance)} before the base` };
    const found = await read(commit, run, artifact);
    return "kind" in found ? atDistance(found, distance) : found;
  }
}

/**
 * Pull requests, of forks too, leave artifacts of the same name: a hundred newer ones must not hide the base commit's, or
 * whoever pushes often enough is compared with nothing.
 */
async function listBranchArtifacts(
  github: GitHub,
  base: BaseCommit,
  judged: string,
  name: string,
): Promise<ListedArtifacts> {
  const newest = await listNewestArtifacts(github, name);
  const [first] = listBaselineCandidates(newest.artifacts, base, judged);
  if (newest.isComplete || first?.workflow_run?.head_sha === base.commit) return newest;
  const { listWorkflowRunsForRepo } = github.rest.actions;
  const runs = await github.readAll(listWorkflowRunsForRepo, { ...github.repository, head_sha: base.commit });
  const own = runs
    .map((run) => parseResponse(workflowRun, run, "workflow runs"))
    .filter((run) => isBaseBranchRun(run, base));
  const older = [];
  for (const run of own) older.push(...(await listRunArtifacts(github, run.id, name)));
  return { artifacts: [...newest.artifacts, ...older.sort((a, b) => b.id - a.id)], isComplete: false };
}

/** How far away it is, for the reader. */
function atDistance({ metrics, provenance, ...found }: FoundBaseline, distance: number): FoundBaseline {
  const kind = distance === 0 ? "first-parent" : "nearest-ancestor";
  const source = distance === 0 ? provenance.source : `${provenance.source}, ${countCommits(distance)} before the base`;
  return { ...found, metrics, provenance: { ...provenance, source, kind, distance } };
}

const countCommits = (count: number): string => `${count} ${count === 1 ? "commit" : "commits"}`;

const comparison = z.object({ status: z.string(), ahead_by: z.int().nonnegative() });

/** @returns `undefined` when the first is not an ancestor of the second */
async function countCommitsBetween(github: GitHub, ancestor: string, commit: string): Promise<number | undefined> {
  const basehead = `${ancestor}...${commit}`;
  const response = await github.find(() =>
    github.rest.repos.compareCommitsWithBasehead({ ...github.repository, basehead, per_page: 1 }),
  );
  if (response === undefined) return undefined;
  const { status, ahead_by: ahead } = parseResponse(comparison, response, `the comparison ${basehead}`);
  return status === "ahead" ? ahead : undefined;
}
