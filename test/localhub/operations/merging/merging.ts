/** Merging pull requests, and updating their branches. */

import { runExclusive } from "../../git/mutex.ts";
import { ApiError, notFound, unprocessable } from "../../world/api-error.ts";
import type { Caller } from "../../world/caller.ts";
import type { PullRequest } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";
import { gitIdentityOf, serverGitIdentity } from "../git/git-identity.ts";
import { mayPush } from "../people/access.ts";
import { findCommitRuleViolation } from "../protection/commit-rules.ts";
import { refProtectionsOf, requirementsFor } from "../protection/ref-protections.ts";
import type { MergeMethod } from "../protection/requirements.ts";
import type { Blocker } from "../pulls/merge-blockers.ts";
import { formatBlockers, mergeBlockers } from "../pulls/merge-blockers.ts";
import { baseTipOf, comparePull, isBehind } from "../pulls/pull-comparison.ts";
import { isOpen, markMerged } from "../pulls/pull-state.ts";
import { moveRef } from "../refs/refs.ts";
import { createMergeResultCommit, type MergeMessage } from "./merge-commits.ts";

export interface MergeOptions extends MergeMessage {
  readonly method?: MergeMethod | undefined;
  /** The expected head; the merge is rejected when it has moved. */
  readonly sha?: string | undefined;
}

const METHOD_NAMES = { merge: "Merge commits", squash: "Squash merges", rebase: "Rebase merges" } as const;

/**
 * @returns The base branch's new commit.
 * @throws ApiError 405 with GitHub's message for what blocks the merge, 409 when the head is no longer `sha`, 404 for
 * callers who may not write.
 */
export function mergePull(world: World, pull: PullRequest, options: MergeOptions, caller: Caller): Promise<string> {
  return runExclusive(pull.base, async () => {
    const { base } = pull;
    if (!mayPush(base, caller)) throw notFound();
    if (options.sha !== undefined && options.sha !== pull.headSha && isOpen(pull)) {
      throw new ApiError(409, "Head branch was modified. Review and try the merge again.");
    }
    const blockers = await mergeBlockers(world, pull, caller.actor);
    if (blockers.length > 0) throw new ApiError(405, formatBlockers(blockers));
    const tip = pull.comparison?.base;
    const method = options.method ?? "merge";
    assertMethod(world, pull, method, caller);
    const head = pull.headSha;
    const sha = tip && (await createMergeResultCommit(world, pull, tip, method, options, caller.actor));
    if (tip === undefined || sha === undefined) throw new ApiError(405, "Pull Request is not mergeable");
    await assertCommits(world, pull, tip, sha, caller);
    if (pull.headSha !== head) {
      throw new ApiError(409, "Head branch was modified. Review and try the merge again.");
    }
    await moveBase(world, pull, tip, sha, caller);
    return sha;
  });
}

/**
 * Merges the base branch into the head branch.
 * @throws ApiError 422 when the head is not `expected`, is up to date, or conflicts.
 */
export async function updatePullBranch(
  world: World,
  pull: PullRequest,
  expected: string | undefined,
  caller: Caller,
): Promise<void> {
  const { head, headSha } = pull;
  if (!isOpen(pull) || head === undefined) throw unprocessable("Cannot update the branch of a closed pull request.");
  const viaMaintainer = pull.maintainerCanModify && mayPush(pull.base, caller);
  if (!mayPush(head, caller) && !viaMaintainer) throw new ApiError(403, "Must have push access to the head branch.");
  if (expected !== undefined && expected !== headSha) {
    throw unprocessable("expected head sha didn’t match current head ref.");
  }
  const comparison = await comparePull(world, pull);
  if (comparison === undefined || !isBehind(comparison))
    throw unprocessable("There are no new commits on the base branch.");
  const merged = await pull.base.git.mergeTree(headSha, comparison.base);
  if (!merged.clean) throw unprocessable("merge conflict between base and head");
  const sha = await pull.base.git.writeCommit({
    tree: merged.tree,
    parents: [headSha, comparison.base],
    author: gitIdentityOf(world, caller.actor),
    committer: serverGitIdentity(world),
    message: `Merge branch '${pull.baseRef}' into ${pull.headRef}`,
  });
  if (head !== pull.base) await head.git.fetch(pull.base.git, sha);
  await moveRef(world, head, { ref: `refs/heads/${pull.headRef}`, sha, expected: headSha }, caller);
}

/** Linear history allows no merge commits; a ruleset may list the methods it allows. */
function assertMethod(world: World, pull: PullRequest, method: MergeMethod, caller: Caller): void {
  const rules = requirementsFor(refProtectionsOf(world, pull.base, `refs/heads/${pull.baseRef}`), caller.actor, true);
  const forbidden = rules.some(
    ({ requirement }) =>
      (requirement.kind === "linear-history" && method === "merge") ||
      (requirement.kind === "reviews" && requirement.methods !== undefined && !requirement.methods.includes(method)),
  );
  if (forbidden) throw new ApiError(405, `${METHOD_NAMES[method]} are not allowed on this repository.`);
}

async function assertCommits(
  world: World,
  pull: PullRequest,
  before: string,
  after: string,
  caller: Caller,
): Promise<void> {
  const ref = `refs/heads/${pull.baseRef}`;
  const blockers: Blocker[] = [];
  for (const { requirement, ruleset } of requirementsFor(refProtectionsOf(world, pull.base, ref), caller.actor, true)) {
    if (requirement.kind !== "linear-history" && requirement.kind !== "pattern") continue;
    const message = await findCommitRuleViolation(pull.base, { ref, before, after }, requirement);
    if (message !== undefined) blockers.push({ kind: requirement.kind, message, ruleset: ruleset?.name });
  }
  if (blockers.length > 0) throw new ApiError(405, formatBlockers(blockers));
}

async function moveBase(world: World, pull: PullRequest, before: string, sha: string, caller: Caller): Promise<void> {
  const move = { ref: `refs/heads/${pull.baseRef}`, sha, expected: before, skipProtection: true };
  try {
    await moveRef(world, pull.base, move, caller);
  } catch (error) {
    const now = await baseTipOf(pull);
    if (now === before || now === sha) throw error;
    throw new ApiError(405, "Base branch was modified. Review and try the merge again.");
  }
  markMerged(world, pull, sha, caller);
}
