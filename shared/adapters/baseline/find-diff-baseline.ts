/**
 * What a diff is shown against, without any set-up: the base commit's record, the nearest one before it, or the metrics as
 * the base commit itself has them. Rules use the first of these alone.
 */
import type { Baseline } from "../../core/gate/baseline.ts";
import type { DiffBaseline } from "../../core/gate/baseline-sources.ts";
import { mayHaveMadeBaseline, selectEarlierRuns } from "../../core/gate/first-run.ts";
import type { BaseCommit, GateSubject } from "../../core/gate/gate-subject.ts";
import { listKeptPredictions } from "../../core/gate/kept-predictions.ts";
import { measuredIn } from "../../core/gate/rejudge.ts";
import { collectMetrics, readMetrics } from "../../core/metrics/read-metrics.ts";
import { DEFAULT_COLUMNS } from "../../core/statistics/predictions/case-result.ts";
import { ActionError } from "../../problem/problem.ts";
import { digestMetrics } from "../../records/digest.ts";
import { readRecord } from "../../records/read-record.ts";
import { isSameRepository } from "../../records/repository-name.ts";
import { verdictRecord } from "../../records/verdict.ts";
import { digestOf } from "../files/digest.ts";
import { type GitHub, GitHubError } from "../github/github.ts";
import { readFileAtCommit } from "../github/read-file-at-commit.ts";
import { type RunArtifact, readArtifactRecord } from "../github/run-artifacts.ts";
import { readRun } from "../github/workflow-run.ts";
import {
  type FoundBaseline,
  findNearestRecord,
  type NearestRecordSearch,
  type NotFound,
} from "./find-nearest-record.ts";
import { readKeptCases } from "./read-kept-cases.ts";

export interface DiffBaselineQuery {
  /** Name of the artifact in which runs of the branch keep their record. */
  readonly artifact: string;
  /** The files whose metrics are shown; one that the base commit has too can stand for a record. */
  readonly files: readonly string[];
  readonly reader: string;
  /** The one of several models that is judged: a record that names another one is none. */
  readonly model?: string | undefined;
  /** Whether a rule wants per-example results, too. */
  readonly withPredictions?: boolean;
}

/** @throws GitHubError when GitHub does not respond: that is not the same as "there is nothing to compare with" */
export async function findDiffBaseline(
  github: GitHub,
  subject: GateSubject,
  query: DiffBaselineQuery,
): Promise<DiffBaseline> {
  const { base, branch, judged } = subject;
  if (base === undefined) return same({ kind: "first-run", reason: "there is no commit before this one" });
  const read = readVerdict(github, query);
  const { nearest, ...search } = await findNearestRecord(github, { base, name: query.artifact, judged, read });
  if (nearest?.provenance.commit === base.commit) return same(nearest);
  const instead = nearest ?? (await readCommittedMetrics(github, base, query));
  // What cannot be seen may be a record: then rules that need one fail.
  const before = !search.isComplete || (await hasEarlierRecord(github, search.artifacts, branch, judged));
  const reason = [`${base.branch} has no record of ${base.commit.slice(0, 7)}`, ...search.reasons].join("; ");
  const other = instead === undefined ? "" : `; shown against ${instead.provenance.source}`;
  const missing: Baseline = { kind: before ? "missing" : "first-run", reason: reason + other };
  return { judged: missing, shown: instead ?? missing };
}

const same = (baseline: Baseline): DiffBaseline => ({ judged: baseline, shown: baseline });

/** The candidate of an earlier verdict. */
const readVerdict =
  (github: GitHub, { reader, model, withPredictions = false }: DiffBaselineQuery): NearestRecordSearch["read"] =>
  async ({ commit }, run, artifact): Promise<FoundBaseline | NotFound> => {
    const end = run.conclusion === "success" ? "" : `, which ended in ${run.conclusion ?? "nothing yet"}`;
    const source = `run ${run.id} of ${run.path}${end}`;
    try {
      const { text, file, files } = await readArtifactRecord(github, artifact, verdictRecord);
      const { record } = readRecord(verdictRecord, text, { file, reader });
      const { owner, repo } = github.repository;
      if (record.judged !== commit || !isSameRepository(record.origin.repository, `${owner}/${repo}`))
        return { reason: `the record of ${source} is about another commit or repository` };
      if (model !== undefined && record.model !== undefined && record.model !== model)
        return { reason: `the record of ${source} is about the model ${record.model}` };
      const metrics = measuredIn(record);
      const measured = { run: run.id, ...(artifact.created_at && { measuredAt: artifact.created_at }) };
      const metricsDigest = digestMetrics(metrics, digestOf);
      const { history } = record;
      return {
        ...{ kind: "found", metrics, provenance: { commit, metricsDigest, source, ...measured } },
        ...(history !== undefined && { history }),
        ...(withPredictions && { predictions: readKeptCases(files, listKeptPredictions(record), DEFAULT_COLUMNS) }),
      };
    } catch (error) {
      // A failed request says nothing about the baseline: the next try may find it.
      if (!(error instanceof ActionError) || error instanceof GitHubError) throw error;
      const [problem] = error.problems;
      return { reason: `the record of ${source} is unusable: ${problem?.message} [${problem?.code}]` };
    }
  };

/** All of the files, or nothing: a part of them would look as if the rest were new. */
async function readCommittedMetrics(
  github: GitHub,
  { commit }: BaseCommit,
  { files, reader }: DiffBaselineQuery,
): Promise<FoundBaseline | undefined> {
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
