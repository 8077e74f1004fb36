/** The baseline of a commit, from the first of the policy's sources that has one. */
import type { Baseline } from "../../core/gate/baseline.ts";
import { DEFAULT_WITHIN, findAgeProblem, joinAbsent } from "../../core/gate/baseline-sources.ts";
import type { BaseCommit, GateSubject } from "../../core/gate/gate-subject.ts";
import { collectMetrics, readMetrics } from "../../core/metrics/read-metrics.ts";
import type { BaselineSource } from "../../core/policy/policy-2-gates.ts";
import { ActionError } from "../../problem/problem.ts";
import { digestMetrics } from "../../records/digest.ts";
import { digestOf } from "../files/digest.ts";
import type { WorkspaceFiles } from "../files/workspace-files.ts";
import { type GitHub, GitHubError } from "../github/github.ts";
import { readFileAtCommit } from "../github/read-file-at-commit.ts";
import { readDvcFile } from "./dvc-file.ts";
import { findNearestRecord, type NearestRecordSearch } from "./find-nearest-record.ts";
import { findRecordOfCommit, type RecordQuery, readBaseline } from "./find-record-of-commit.ts";
import { readHistory } from "./read-history.ts";

export interface BaselineQuery extends RecordQuery {
  /** In the order in which they are tried. */
  readonly sources: readonly BaselineSource[];
  /** The action that reads. */
  readonly reader: string;
  /** Where `dvc fetch` has put the files of pointers. */
  readonly files: Pick<WorkspaceFiles, "exists" | "read">;
  readonly now: Date;
  /** Whether a rule learns the noise of its metric, and so needs earlier values. */
  readonly learnsNoise: boolean;
}

/** @throws GitHubError when GitHub does not respond: that is not the same as "there is no baseline" */
export async function findBaseline(github: GitHub, subject: GateSubject, query: BaselineQuery): Promise<Baseline> {
  const absent = [];
  for (const source of query.sources) {
    const found = await findIn(github, subject, source, query);
    if (found.kind !== "found") {
      absent.push(found);
      continue;
    }
    const provenance = { kind: source.from, ...found.provenance };
    const old = findAgeProblem(provenance, source["max-age"], query.now);
    if (old === undefined) {
      const { commit, run } = provenance;
      const history = query.learnsNoise && run !== undefined ? await readHistory(github, run, commit) : undefined;
      return { ...found, provenance, ...(history !== undefined && { history }) };
    }
    absent.push({ kind: "missing", reason: old } as const);
  }
  return joinAbsent(absent);
}

async function findIn(
  github: GitHub,
  subject: GateSubject,
  source: BaselineSource,
  query: BaselineQuery,
): Promise<Baseline> {
  const { base, branch, judged } = subject;
  if (source.from === "first-parent") return findRecordOfCommit(github, subject, query);
  if (base === undefined || branch === undefined)
    return { kind: "missing", reason: "there is no commit to compare with" };
  switch (source.from) {
    case "commit": {
      const pinned = { ...subject, base: { commit: source.commit ?? "", branch } };
      return findRecordOfCommit(github, pinned, { ...query, firstRun: "fail" });
    }
    case "nearest-ancestor": {
      const within = source.within ?? DEFAULT_WITHIN;
      const read: NearestRecordSearch["read"] = (commit, run, artifact) =>
        readBaseline(github, commit, run, artifact, query);
      const { nearest, reasons } = await findNearestRecord(github, {
        base,
        name: query.artifact,
        judged,
        within,
        read,
      });
      if (nearest !== undefined) return nearest;
      const none = `none of the ${within} commits of ${branch} before it has a record`;
      return { kind: "missing", reason: [none, ...reasons].join("; ") };
    }
    case "file":
    case "ratchet":
      return readCommitted(github, base, source.path ?? "", query);
    case "environment":
      throw new Error("a baseline of an environment was not refused");
  }
}

/** Metrics as the base commit has them, in git or by a DVC pointer there. */
async function readCommitted(
  github: GitHub,
  { commit }: BaseCommit,
  path: string,
  { reader, files }: BaselineQuery,
): Promise<Baseline> {
  try {
    const text =
      (await readFileAtCommit(github, commit, path))?.text ?? (await readDvcFile(github, commit, path, files));
    if (text === undefined) return { kind: "missing", reason: `${path} is not there at ${commit.slice(0, 7)}` };
    const metrics = collectMetrics([readMetrics(text, path, reader)]);
    const source = `${path} as committed there`;
    return { kind: "found", metrics, provenance: { commit, metricsDigest: digestMetrics(metrics, digestOf), source } };
  } catch (error) {
    if (!(error instanceof ActionError) || error instanceof GitHubError) throw error;
    const [problem] = error.problems;
    return {
      kind: "missing",
      reason: `${path} at ${commit.slice(0, 7)} is unusable: ${problem?.message} [${problem?.code}]`,
    };
  }
}
