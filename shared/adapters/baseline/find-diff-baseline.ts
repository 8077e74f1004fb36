/**
 * What a diff is shown against, without any set-up: the base commit's record, the nearest one before it, or the metrics as
 * the base commit itself has them. Rules use the first of these alone.
 */
import * as z from "zod";
import type { Baseline } from "../../core/gate/baseline.ts";
import { isBaseBranchRun } from "../../core/gate/baseline-runs.ts";
import { mayHaveMadeBaseline, selectEarlierRuns } from "../../core/gate/first-run.ts";
import type { BaseCommit, GateSubject } from "../../core/gate/gate-subject.ts";
import { listBaselineCandidates } from "../../core/gate/nearest-record.ts";
import { measuredIn } from "../../core/gate/rejudge.ts";
import { collectMetrics, readMetrics } from "../../core/metrics/read-metrics.ts";
import { ActionError } from "../../problem/problem.ts";
import { digestMetrics } from "../../records/digest.ts";
import { readRecord } from "../../records/read-record.ts";
import { isSameRepository } from "../../records/repository-name.ts";
import { verdictRecord } from "../../records/verdict.ts";
import { digestOf } from "../files/digest.ts";
import { type GitHub, GitHubError } from "../github/github.ts";
import { parseResponse } from "../github/parse-response.ts";
import { readFileAtCommit } from "../github/read-file-at-commit.ts";
import { listNewestArtifacts, type RunArtifact, readArtifactRecord } from "../github/run-artifacts.ts";
import { readRun } from "./workflow-run.ts";

export interface DiffBaseline {
  /** For the policy's rules. */
  readonly judged: Baseline;
  /** For the reader; the same, or one that is further away. */
  readonly shown: Baseline;
}

export interface DiffBaselineQuery {
  /** Name of the artifact in which runs of the branch keep their record. */
  readonly artifact: string;
  /** The files whose metrics are shown; one that the base commit has too can stand for a record. */
  readonly files: readonly string[];
  readonly reader: string;
}

type Found = Extract<Baseline, { kind: "found" }>;
type NotFound = { readonly reason: string };

/** @throws GitHubError when GitHub does not respond: that is not the same as "there is nothing to compare with" */
export async function findDiffBaseline(
  github: GitHub,
  subject: GateSubject,
  query: DiffBaselineQuery,
): Promise<DiffBaseline> {
  const { base, branch, judged } = subject;
  if (base === undefined) return same({ kind: "first-run", reason: "there is no commit before this one" });
  const artifacts = await listNewestArtifacts(github, query.artifact);
  const reasons: string[] = [];
  for (const artifact of listBaselineCandidates(artifacts, base, judged)) {
    const tried = await tryRecord(github, base, artifact, query.reader);
    if (!("kind" in tried)) {
      reasons.push(tried.reason);
      continue;
    }
    if (tried.provenance.commit === base.commit) return same(tried);
    return { judged: await absent(tried), shown: tried };
  }
  const committed = await readCommittedMetrics(github, base, query);
  const missing = await absent(committed);
  return { judged: missing, shown: committed ?? missing };

  /** @param other what is shown instead */
  async function absent(other: Found | undefined): Promise<Exclude<Baseline, Found>> {
    const before = await hasEarlierRecord(github, artifacts, branch, judged);
    const reason = [`${base?.branch} has no record of ${base?.commit.slice(0, 7)}`, ...reasons].join("; ");
    const instead = other === undefined ? "" : `; shown against ${other.provenance.source}`;
    return { kind: before ? "missing" : "first-run", reason: reason + instead };
  }
}

const same = (baseline: Baseline): DiffBaseline => ({ judged: baseline, shown: baseline });

async function tryRecord(
  github: GitHub,
  base: BaseCommit,
  artifact: RunArtifact,
  reader: string,
): Promise<Found | NotFound> {
  const { workflow_run: maker } = artifact;
  if (!maker) return { reason: `artifact ${artifact.id} has no run` };
  const run = await readRun(github, maker.id);
  if (run === undefined || !isBaseBranchRun(run, { commit: maker.head_sha, branch: base.branch })) {
    return { reason: `run ${maker.id} is not a push or schedule of ${base.branch}` };
  }
  const distance = maker.head_sha === base.commit ? 0 : await countCommitsBetween(github, maker.head_sha, base.commit);
  if (distance === undefined) return { reason: `run ${maker.id} is not about a commit before the base` };
  const end = run.conclusion === "success" ? "" : `, which ended in ${run.conclusion ?? "nothing yet"}`;
  const source = `run ${run.id} of ${run.path}${end}`;
  try {
    const { text, file } = await readArtifactRecord(github, artifact, verdictRecord);
    const { record } = readRecord(verdictRecord, text, { file, reader });
    const { owner, repo } = github.repository;
    if (record.judged !== maker.head_sha || !isSameRepository(record.origin.repository, `${owner}/${repo}`)) {
      return { reason: `the record of ${source} is about another commit or repository` };
    }
    const metrics = measuredIn(record);
    return {
      kind: "found",
      metrics,
      provenance: {
        commit: record.judged,
        metricsDigest: digestMetrics(metrics, digestOf),
        source:
          distance === 0 ? source : `${source}, ${distance} ${distance === 1 ? "commit" : "commits"} before the base`,
        kind: distance === 0 ? "first-parent" : "nearest-ancestor",
        distance,
        run: run.id,
        ...(artifact.created_at && { measuredAt: artifact.created_at }),
      },
    };
  } catch (error) {
    // A failed request says nothing about the baseline: the next try may find it.
    if (!(error instanceof ActionError) || error instanceof GitHubError) throw error;
    const [problem] = error.problems;
    return { reason: `the record of ${source} is unusable: ${problem?.message} [${problem?.code}]` };
  }
}

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

/** All of the files, or nothing: a part of them would look as if the rest were new. */
async function readCommittedMetrics(
  github: GitHub,
  { commit }: BaseCommit,
  { files, reader }: DiffBaselineQuery,
): Promise<Found | undefined> {
  try {
    const read = [];
    for (const path of files) {
      const file = await readFileAtCommit(github, commit, path);
      if (file === undefined) return undefined;
      read.push(readMetrics(file.text, path, reader));
    }
    if (read.length === 0 || read.some(({ record }) => record !== undefined)) return undefined;
    const metrics = collectMetrics(read);
    const source = `${files.join(", ")} as committed there`;
    return {
      kind: "found",
      metrics,
      provenance: { commit, metricsDigest: digestMetrics(metrics, digestOf), source, kind: "file" },
    };
  } catch (error) {
    if (!(error instanceof ActionError) || error instanceof GitHubError) throw error;
    return undefined;
  }
}

/** Whether the branch may have had a record before: what is deleted or not known could have been one. */
async function hasEarlierRecord(
  github: GitHub,
  artifacts: readonly RunArtifact[],
  branch: string | undefined,
  judged: string,
): Promise<boolean> {
  if (branch === undefined) return true;
  const earlier = selectEarlierRuns(artifacts, branch, judged);
  if (earlier === undefined) return true;
  for (const id of earlier) if (mayHaveMadeBaseline(await readRun(github, id), branch)) return true;
  return false;
}
