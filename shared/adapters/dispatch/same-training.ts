/** An earlier training with the same content, proven by what GitHub says about its run and artifact. */
import * as z from "zod";
import type { Data2 } from "../../core/policy/policy-2-train.ts";
import { getModelPolicy } from "../../core/policy/require-model.ts";
import { assertRecordMatches } from "../../core/training/assert-record-matches.ts";
import {
  type ContentKey,
  contentKeyOf,
  contentPartOf,
  reuseRecord,
  type SkipRules,
} from "../../core/training/content-key.ts";
import { reusableRuns } from "../../core/training/training-request.ts";
import { ActionError } from "../../problem/problem.ts";
import { digestRecord } from "../../records/digest.ts";
import { inVersion } from "../../records/in-version.ts";
import { type TrainingRecord, trainingRecord } from "../../records/training-record.ts";
import { compilePattern } from "../files/compile-pattern.ts";
import { digestOf } from "../files/digest.ts";
import type { GitHub } from "../github/github.ts";
import { isOutage } from "../github/outage.ts";
import { parseResponse } from "../github/parse-response.ts";
import { readBranchHead } from "../github/trusted-commit.ts";
import { readPolicyAt } from "../github/trusted-policy.ts";
import { readRun } from "../github/workflow-run.ts";
import { downloadRecord } from "./download-record.ts";
import { listDispatchedRuns } from "./listed-runs.ts";
import type { TargetWorkflow } from "./target-workflow.ts";

const tree = z.object({
  truncated: z.boolean(),
  tree: z.array(z.object({ path: z.string(), mode: z.string(), type: z.string(), sha: z.string() })),
});

export interface SkipPolicy {
  readonly rules: SkipRules;
  readonly data: Data2 | undefined;
}

/** How long an earlier training is looked for: about as long as GitHub keeps artifacts by default. */
const MAX_AGE_DAYS = 90;
/** A candidate that turns out not to be one costs three requests. */
const MAX_CANDIDATES = 3;

/** `train.skip` of the default branch's policy, which no change can choose. @throws ActionError; GitHubError */
export async function readSkipPolicy(github: GitHub, branch: string, model: string): Promise<SkipPolicy | undefined> {
  const reading = { reader: "dispatch-training", model } as const;
  const found = await readPolicyAt(github, await readBranchHead(github, branch), reading);
  if (!("policy" in found)) return undefined;
  const { train, data } = getModelPolicy(found.policy);
  return train?.skip && { rules: train.skip, data };
}

/** Of a commit, in two requests. @throws GitHubError */
export async function readContentKey(
  github: GitHub,
  { rules, data }: SkipPolicy,
  order: {
    readonly commit: string;
    readonly target: TargetWorkflow;
    readonly inputs: Readonly<Record<string, unknown>>;
  },
): Promise<ContentKey | { readonly because: string }> {
  const { commit, target, inputs } = order;
  const files = await readTree(github, commit);
  const workflow = (await readTree(github, target.ref))?.find(({ path }) => path === target.path);
  if (files === undefined || workflow === undefined) return { because: "GitHub does not list all files of the commit" };
  const compiled = new Map<string, (path: string) => boolean>();
  const covers = (pattern: string, path: string): boolean => {
    const isMatch = compiled.get(pattern) ?? compilePattern(pattern);
    compiled.set(pattern, isMatch);
    return path === pattern || path.startsWith(`${pattern.replace(/\/$/, "")}/`) || isMatch(path);
  };
  return contentKeyOf(rules, { files, inputs, workflow, data }, covers, digestOf);
}

async function readTree(github: GitHub, commit: string) {
  const { data } = await github.rest.git.getTree({ ...github.repository, tree_sha: commit, recursive: "1" });
  const found = parseResponse(tree, data, `the files of ${commit}`);
  if (found.truncated) return undefined;
  // A submodule is a commit: it counts like a file.
  return found.tree.filter(({ type }) => type !== "tree").map(({ path, mode, sha }) => ({ path, mode, sha }));
}

interface SameContent {
  readonly key: ContentKey;
  readonly policy: SkipPolicy;
  readonly target: TargetWorkflow;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly commit: string;
  readonly artifact: string;
  /** `owner/name` */
  readonly repository: string;
  readonly now: Date;
}

/**
 * Only a run of the same workflow, branch and account that succeeded counts, with the artifact whose digest GitHub knows; and
 * the commit that its record names is read again: what a record says about its content is not believed.
 *
 * @returns the record of this commit: that of the earlier training, with its proof; `undefined` when there is none
 * @throws GitHubError
 */
export async function findSameTraining(github: GitHub, wanted: SameContent): Promise<TrainingRecord | undefined> {
  const { key, target, now } = wanted;
  const since = new Date(now.getTime() - MAX_AGE_DAYS * 86_400_000).toISOString().slice(0, 10);
  const runs = await listDispatchedRuns(github, target, `-${contentPartOf(key)}-`, since);
  const ended = reusableRuns(runs.filter(({ state }) => state.kind === "ended"));
  for (const run of ended.slice(0, MAX_CANDIDATES)) {
    try {
      const found = await proveSame(github, run, wanted);
      if (found !== undefined) return found;
    } catch (error) {
      // It is none, for example because its artifact has expired.
      if (!(error instanceof ActionError) || isOutage(error)) throw error;
    }
  }
  return undefined;
}

async function proveSame(
  github: GitHub,
  { id, attempt }: { readonly id: number; readonly attempt: number },
  { key, policy, target, inputs, commit, artifact, repository, now }: SameContent,
): Promise<TrainingRecord | undefined> {
  const run = await readRun(github, id);
  const isProven =
    run?.conclusion === "success" &&
    run.event === "workflow_dispatch" &&
    run.path === target.path &&
    run.head_branch === target.ref;
  if (!isProven || run.head_repository?.id !== run.repository.id) return undefined;
  const downloaded = await downloadRecord(github, { id, attempt }, artifact);
  const { record } = downloaded;
  if (!downloaded.artifact.digest || record.reused !== undefined) return undefined;
  assertRecordMatches(record, { commit: record.commit, repository, run: id }, artifact);
  const theirs = await readContentKey(github, policy, { commit: record.commit, target, inputs });
  if (!("digest" in theirs) || theirs.digest !== key.digest) return undefined;
  const proof = {
    ...{ repository, run: id, attempt, event: run.event, branch: target.ref, headCommit: run.head_sha },
    ...{ workflow: target.path, conclusion: run.conclusion, at: now.toISOString() },
    artifact: { id: downloaded.artifact.id, name: artifact, digest: downloaded.artifact.digest },
  };
  const recordDigest = digestRecord(inVersion(trainingRecord, record, 2), digestOf);
  return reuseRecord(record, { commit, contentKey: key }, { recordDigest, proof });
}
