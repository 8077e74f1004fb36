/** Proves a registered version again: that trusted runs uploaded its evidence, and that a trusted branch has its commit. */
import * as z from "zod";
import { assertTrustedRun, type TrustedRuns, whyUntrusted } from "../../core/registry/trusted-run.ts";
import type { Evidence, VersionProof } from "../../core/registry/version-proof.ts";
import type { ModelVersionRecord } from "../../records/model-version.ts";
import { readRecord } from "../../records/read-record.ts";
import type { RecordFormat } from "../../records/record-format.ts";
import { trainingRecord } from "../../records/training-record.ts";
import { type Verdict, verdictRecord } from "../../records/verdict.ts";
import type { GitHub } from "../github/github.ts";
import { parseResponse } from "../github/parse-response.ts";
import { readFileAtCommit } from "../github/read-file-at-commit.ts";
import { listAllRunArtifacts, type RunArtifact } from "../github/run-artifacts.ts";
import { readRun, type WorkflowRun, workflowRun } from "../github/workflow-run.ts";
import { findTrustedBranch } from "./find-trusted-branch.ts";
import { findUploaded, isReadable, notUploaded } from "./prove-record.ts";

/** Runs of the version's commit that are looked into where the version does not say which one trained it. */
const MAX_RUNS = 10;
const runs = z.object({ workflow_runs: z.array(workflowRun) });

export interface Trust extends Omit<TrustedRuns, "branches"> {
  /** Patterns, as `trust.release-branches` of the policy. */
  readonly releaseBranches: readonly string[];
  /** Pattern of the default branch, and those of release branches. */
  readonly branches: readonly string[];
  /** Digest of the policy as it is now on the default branch. */
  readonly policyDigest: string;
}

/** @throws ActionError (a refusal) `evidence-run-untrusted`, `evidence-not-uploaded`; GitHubError */
export async function proveVersion(github: GitHub, record: ModelVersionRecord, trust: Trust): Promise<VersionProof> {
  const seen = rememberRuns(github);
  const { trainingRecordDigest, verdictDigest } = record;
  const branch = await findTrustedBranch(github, record.commit, trust.releaseBranches);
  const look = { github, record, trust, seen };
  const training = await findEvidence(look, "training record", "training-record", trainingRecord, trainingRecordDigest);
  const verdict =
    verdictDigest === null ? undefined : await findEvidence(look, "verdict", "verdict", verdictRecord, verdictDigest);
  return {
    ...{ branch, training, verdict },
    isPolicyTrusted: verdict?.status !== "proven" || (await isPolicyTrusted(github, verdict.record, trust)),
    registrar: await findOddRegistrar(record, seen, trust),
  };
}

interface Look {
  readonly github: GitHub;
  readonly record: ModelVersionRecord;
  readonly trust: Trust;
  readonly seen: ReturnType<typeof rememberRuns>;
}

async function findEvidence<Old, Content>(
  { github, record, trust, seen }: Look,
  what: string,
  kind: "training-record" | "verdict",
  format: RecordFormat<Old, Content>,
  digest: string,
): Promise<Evidence<Content>> {
  const sealed = record.evidence?.find((item) => item.kind === kind && item.digest === digest)?.proof;
  const candidates = sealed === undefined ? await seen.ofCommit(record.commit, trust) : [sealed.run];
  for (const id of candidates) {
    const run = await seen.run(id);
    if (run === undefined) continue;
    assertTrustedRun(`${what} of ${record.version}`, id, run, trust);
    const artifacts = await seen.artifacts(id);
    const found = await findUploaded(github, artifacts, format, digest, sealed?.artifact?.id);
    if (found !== undefined) {
      const source = { file: `${found.artifact.name} of run ${id}`, reader: "promote-model" };
      return { status: "proven", record: readRecord(format, found.text, source).record, run: id };
    }
    const isThere = artifacts.some((artifact) => artifact.id === sealed?.artifact?.id && isReadable(artifact));
    if (isThere) throw notUploaded(`${what} of ${record.version}`, run);
  }
  return sealed === undefined ? { status: "claimed" } : { status: "gone", run: sealed.run };
}

/** Each run and its artifacts are read once: training and verdict are often of one run. */
function rememberRuns(github: GitHub) {
  const found = new Map<number, Promise<WorkflowRun | undefined>>();
  const artifactsOf = new Map<number, Promise<readonly RunArtifact[]>>();
  const once = <Value>(cache: Map<number, Promise<Value>>, id: number, read: () => Promise<Value>): Promise<Value> => {
    const value = cache.get(id) ?? read();
    cache.set(id, value);
    return value;
  };
  let listed: Promise<readonly number[]> | undefined;
  async function listRuns(commit: string, trust: TrustedRuns): Promise<readonly number[]> {
    const query = { ...github.repository, head_sha: commit, status: "completed", per_page: 50 } as const;
    const { data } = await github.rest.actions.listWorkflowRunsForRepo(query);
    const all = parseResponse(runs, data, `the runs of ${commit.slice(0, 7)}`).workflow_runs;
    const trusted = all.filter((run) => run.head_sha === commit && whyUntrusted(run, trust) === undefined);
    for (const run of trusted) found.set(run.id, Promise.resolve(run));
    return trusted.slice(0, MAX_RUNS).map(({ id }) => id);
  }
  return {
    run: (id: number) => once(found, id, () => readRun(github, id)),
    artifacts: (id: number) => once(artifactsOf, id, () => listAllRunArtifacts(github, id)),
    /** Trusted ones, newest first. */
    ofCommit(commit: string, trust: TrustedRuns): Promise<readonly number[]> {
      listed ??= listRuns(commit, trust);
      return listed;
    },
  };
}

/** The policy of today, or one that a trusted branch has had. */
async function isPolicyTrusted(github: GitHub, { policy }: Verdict, trust: Trust): Promise<boolean> {
  if (policy === null) return false;
  if (policy.digest === trust.policyDigest) return true;
  const found = await readFileAtCommit(github, policy.ref, policy.path);
  if (found?.digest !== policy.digest) return false;
  return (await findTrustedBranch(github, policy.ref, trust.releaseBranches)) !== undefined;
}

/** Whatever started it: only that no change which was not merged could decide what it does. */
async function findOddRegistrar(
  { origin }: ModelVersionRecord,
  seen: ReturnType<typeof rememberRuns>,
  { branches }: Trust,
): Promise<string | undefined> {
  const run = await seen.run(origin.run);
  if (run === undefined) return `run ${origin.run}, which GitHub does not have, or no longer`;
  const reason = whyUntrusted(run, { branches, events: [run.event], workflows: undefined });
  return reason === undefined ? undefined : `run ${origin.run}, a run ${reason}`;
}
