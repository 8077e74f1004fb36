/** Opening and editing pull requests. */

import { ApiError, notFound, validationFailed } from "../../world/api-error.ts";
import type { Caller } from "../../world/caller.ts";
import type { PullRequest, Repository } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";
import { addIssue, assertMayEdit, editTexts, issueByNumber } from "../conversations/issues.ts";
import { assertTitleAndBody } from "../conversations/text-limits.ts";
import { comparePull } from "./pull-comparison.ts";
import {
  assertNoOpenPull,
  assertSomethingToMerge,
  type BranchPair,
  resolvePullBranches,
} from "./pull-preconditions.ts";
import { closePull, reopenPull } from "./pull-state.ts";

export interface NewPull extends BranchPair {
  /** Optional only when an issue is turned into a pull request. */
  readonly title?: string | undefined;
  readonly body?: string | null | undefined;
  readonly draft?: boolean | undefined;
  readonly maintainerCanModify?: boolean | undefined;
  /** The number of the issue that becomes the pull request. */
  readonly issue?: number | undefined;
}

export interface PullChange {
  readonly title?: string;
  readonly body?: string | null;
  readonly state?: "open" | "closed";
  readonly base?: string;
  readonly maintainerCanModify?: boolean;
}

/** @throws ApiError 404 */
export function pullByNumber(repository: Repository, number: number): PullRequest {
  const pull = repository.pulls.get(number);
  if (pull === undefined) throw notFound();
  return pull;
}

/**
 * @throws ApiError 422 with GitHub's message: an unknown base or head, no commits between them, no common history, a
 * pull request for the two already open, no right to the head branch, texts too long.
 */
export async function openPull(
  world: World,
  repository: Repository,
  input: NewPull,
  caller: Caller,
): Promise<PullRequest> {
  if (caller.token?.kind === "actions" && !repository.actions.canApprovePullRequests) {
    throw new ApiError(403, "GitHub Actions is not permitted to create or approve pull requests.");
  }
  if (input.issue === undefined)
    assertTitleAndBody("PullRequest", { title: input.title ?? "", body: input.body ?? null });
  const { baseTip, headTip, head, branch } = await resolvePullBranches(world, repository, input, caller);
  const { git } = repository;
  await assertSomethingToMerge(repository, input, baseTip, headTip);

  // No await between this check and adding the record: two callers cannot both find no such pull request.
  assertNoOpenPull(repository, head, branch, input.base);
  const issue =
    input.issue === undefined
      ? addIssue(world, repository, { title: input.title ?? "", body: input.body ?? null }, caller, true)
      : convertIssueToPull(repository, input.issue);
  const pull: PullRequest = {
    id: world.nextId(),
    number: issue.number,
    base: repository,
    baseRef: input.base,
    baseSha: baseTip,
    head,
    headRef: branch,
    headSha: headTip,
    draft: input.draft ?? false,
    merged: false,
    mergedBy: undefined,
    mergedAt: null,
    mergeCommitSha: null,
    mergeable: undefined,
    reviews: [],
    requestedReviewers: new Set(),
    requestedTeams: new Set(),
    maintainerCanModify: input.maintainerCanModify ?? head !== repository,
    lastPusher: caller.actor,
    comparison: undefined,
  };
  repository.pulls.set(pull.number, pull);
  await git.createRef(`refs/pull/${pull.number}/head`, pull.headSha);
  await comparePull(world, pull);
  const origin = { repository, actor: caller.actor, cause: caller.token };
  world.publish({ event: "pull_request", action: "opened", pull, ...origin });
  return pull;
}

/** @throws ApiError 403 for callers who may not edit, 422 for an invalid base or state. */
export async function updatePull(world: World, pull: PullRequest, change: PullChange, caller: Caller): Promise<void> {
  const repository = pull.base;
  const issue = issueByNumber(repository, pull.number);
  assertMayEdit(repository, issue, caller);
  assertTitleAndBody("PullRequest", change);
  const before = { title: issue.title, body: issue.body, base: pull.baseRef, baseSha: pull.baseSha };
  if (change.base !== undefined && change.base !== pull.baseRef) await changeBase(pull, change.base);
  const edited = editTexts(world, issue, change);
  if (edited || pull.baseRef !== before.base) {
    await comparePull(world, pull);
    const changes = {
      ...(issue.title !== before.title && { title: { from: before.title } }),
      ...(issue.body !== before.body && { body: { from: before.body } }),
      ...(pull.baseRef !== before.base && { base: { ref: { from: before.base }, sha: { from: before.baseSha } } }),
    };
    const origin = { repository, actor: caller.actor, cause: caller.token };
    world.publish({ event: "pull_request", action: "edited", pull, changes, ...origin });
  }
  if (change.maintainerCanModify !== undefined) pull.maintainerCanModify = change.maintainerCanModify;
  if (change.state === "closed") closePull(world, pull, caller);
  if (change.state === "open") await reopenPull(world, pull, caller);
}

/** Drafts cannot be merged. On GitHub only GraphQL and the page change this. */
export function setDraft(world: World, pull: PullRequest, draft: boolean, caller: Caller): void {
  if (pull.draft === draft) return;
  assertMayEdit(pull.base, issueByNumber(pull.base, pull.number), caller);
  pull.draft = draft;
  const action = draft ? "converted_to_draft" : "ready_for_review";
  const origin = { repository: pull.base, actor: caller.actor, cause: caller.token };
  world.publish({ event: "pull_request", action, pull, ...origin });
}

function convertIssueToPull(repository: Repository, number: number) {
  const issue = issueByNumber(repository, number);
  if (issue.isPullRequest) {
    throw validationFailed({ resource: "PullRequest", code: "invalid", field: "issue" });
  }
  issue.isPullRequest = true;
  return issue;
}

async function changeBase(pull: PullRequest, branch: string): Promise<void> {
  const tip = await pull.base.git.ref(`refs/heads/${branch}`);
  if (tip === undefined) {
    const message = `Proposed base branch '${branch}' was not found`;
    throw validationFailed({ resource: "PullRequest", field: "base", code: "invalid", message });
  }
  await assertSomethingToMerge(pull.base, { base: branch, head: pull.headRef }, tip.sha, pull.headSha);
  if (pull.head !== undefined) assertNoOpenPull(pull.base, pull.head, pull.headRef, branch);
  pull.baseRef = branch;
  pull.baseSha = tip.sha;
}
