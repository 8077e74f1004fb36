/** Opening and editing pull requests. */
import type { Caller } from "../world/caller.ts";
import type { PullRequest } from "../world/pulls.ts";
import type { FieldError } from "../world/refusal.ts";
import { notFound, Refusal, validationFailed } from "../world/refusal.ts";
import type { Repository } from "../world/repository.ts";
import type { World } from "../world/world.ts";
import { mayPush } from "./access.ts";
import { addIssue, assertMayEdit, editTexts, issueOf } from "./issues.ts";
import { networkOf } from "./networks.ts";
import { comparePull } from "./pull-comparison.ts";
import { closePull, isOpen, reopenPull } from "./pull-state.ts";
import { assertTexts } from "./text-limits.ts";

export interface NewPull {
  /** May be left out only where an issue is turned into a pull request. */
  readonly title?: string | undefined;
  readonly body?: string | null | undefined;
  /** `branch`, or `owner:branch` for the branch of a fork. */
  readonly head: string;
  /** The name of the head's repository, where its owner has several of the same network. */
  readonly headRepository?: string | undefined;
  readonly base: string;
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

/** @throws Refusal 404 */
export function pullOf(repository: Repository, number: number): PullRequest {
  const pull = repository.pulls.get(number);
  if (pull === undefined) throw notFound();
  return pull;
}

/** The ref that runs for the pull request are about: the test merge. */
export const pullRefOf = (pull: PullRequest): string => `refs/pull/${pull.number}/merge`;

/**
 * @throws Refusal 422 in GitHub's words: an unknown base or head, no commits between them, no common history, a pull
 * request for the two already open, no right to the head branch, texts too long.
 */
export async function openPull(
  world: World,
  repository: Repository,
  wanted: NewPull,
  caller: Caller,
): Promise<PullRequest> {
  if (caller.token?.kind === "actions" && !repository.actions.canApprovePullRequests) {
    throw new Refusal(403, "GitHub Actions is not permitted to create or approve pull requests.");
  }
  if (wanted.issue === undefined) assertTexts("PullRequest", { title: wanted.title ?? "", body: wanted.body ?? null });
  const head = headOf(world, repository, wanted);
  const { git } = repository;
  const [baseTip, headTip] = await Promise.all([
    git.ref(`refs/heads/${wanted.base}`),
    head.repository?.git.ref(`refs/heads/${head.branch}`),
  ]);
  const errors: FieldError[] = [];
  if (baseTip === undefined) errors.push({ resource: "PullRequest", field: "base", code: "invalid" });
  if (headTip === undefined) errors.push({ resource: "PullRequest", field: "head", code: "invalid" });
  if (baseTip === undefined || headTip === undefined || head.repository === undefined) {
    throw validationFailed(...errors);
  }
  if (!mayPush(repository, caller) && !mayPush(head.repository, caller)) {
    throw validationFailed({ resource: "PullRequest", code: "custom", message: "must be a collaborator" });
  }
  if (head.repository !== repository) await git.fetch(head.repository.git, `refs/heads/${head.branch}`);
  await assertSomethingToMerge(repository, wanted, baseTip.sha, headTip.sha);

  // From here to the record nothing waits: two callers cannot both find that there is no such pull request yet.
  assertNoOther(repository, head.repository, head.branch, wanted.base);
  const issue =
    wanted.issue === undefined
      ? addIssue(world, repository, { title: wanted.title ?? "", body: wanted.body ?? null }, caller, true)
      : promoteIssue(repository, wanted.issue);
  const pull: PullRequest = {
    id: world.nextId(),
    number: issue.number,
    base: repository,
    baseRef: wanted.base,
    baseSha: baseTip.sha,
    head: head.repository,
    headRef: head.branch,
    headSha: headTip.sha,
    draft: wanted.draft ?? false,
    merged: false,
    mergedBy: undefined,
    mergedAt: null,
    mergeCommitSha: null,
    mergeable: undefined,
    reviews: [],
    requestedReviewers: new Set(),
    requestedTeams: new Set(),
    maintainerCanModify: wanted.maintainerCanModify ?? head.repository !== repository,
    lastPusher: caller.actor,
    comparison: undefined,
  };
  repository.pulls.set(pull.number, pull);
  await git.createRef(`refs/pull/${pull.number}/head`, pull.headSha);
  await comparePull(world, pull);
  const who = { repository, actor: caller.actor, cause: caller.token };
  world.announce({ event: "pull_request", action: "opened", pull, ...who });
  return pull;
}

/** @throws Refusal 403 for callers who may not edit, 422 for a base or a state that cannot be. */
export async function updatePull(world: World, pull: PullRequest, change: PullChange, caller: Caller): Promise<void> {
  const repository = pull.base;
  const issue = issueOf(repository, pull.number);
  assertMayEdit(repository, issue, caller);
  assertTexts("PullRequest", change);
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
    const who = { repository, actor: caller.actor, cause: caller.token };
    world.announce({ event: "pull_request", action: "edited", pull, changes, ...who });
  }
  if (change.maintainerCanModify !== undefined) pull.maintainerCanModify = change.maintainerCanModify;
  if (change.state === "closed") closePull(world, pull, caller);
  if (change.state === "open") await reopenPull(world, pull, caller);
}

/** Drafts cannot be merged. On GitHub only GraphQL and the page change this. */
export function setDraft(world: World, pull: PullRequest, draft: boolean, caller: Caller): void {
  if (pull.draft === draft) return;
  assertMayEdit(pull.base, issueOf(pull.base, pull.number), caller);
  pull.draft = draft;
  const action = draft ? "converted_to_draft" : "ready_for_review";
  const who = { repository: pull.base, actor: caller.actor, cause: caller.token };
  world.announce({ event: "pull_request", action, pull, ...who });
}

function headOf(
  world: World,
  base: Repository,
  wanted: NewPull,
): { readonly repository: Repository | undefined; readonly branch: string } {
  const colon = wanted.head.indexOf(":");
  if (colon < 0 && wanted.headRepository === undefined) return { repository: base, branch: wanted.head };
  const owner = colon < 0 ? undefined : wanted.head.slice(0, colon).toLowerCase();
  const name = wanted.headRepository?.split("/").at(-1)?.toLowerCase();
  const repository = [base, ...networkOf(world, base)].find(
    (candidate) =>
      (owner === undefined || candidate.owner.login.toLowerCase() === owner) &&
      (name === undefined || candidate.name.toLowerCase() === name),
  );
  return { repository, branch: wanted.head.slice(colon + 1) };
}

async function assertSomethingToMerge(
  repository: Repository,
  wanted: NewPull,
  baseTip: string,
  headTip: string,
): Promise<void> {
  const { git } = repository;
  const refuse = (message: string): never => {
    throw validationFailed({ resource: "PullRequest", code: "custom", message });
  };
  const mergeBase = await git.mergeBase(baseTip, headTip);
  if (mergeBase === headTip) refuse(`No commits between ${wanted.base} and ${wanted.head}`);
  if (mergeBase === undefined) {
    refuse(`The ${wanted.head} branch has no history in common with ${wanted.base}`);
  }
}

function assertNoOther(repository: Repository, head: Repository, branch: string, base: string): void {
  const other = [...repository.pulls.values()].find(
    (pull) => isOpen(pull) && pull.head === head && pull.headRef === branch && pull.baseRef === base,
  );
  if (other === undefined) return;
  const message = `A pull request already exists for ${head.owner.login}:${branch}.`;
  throw validationFailed({ resource: "PullRequest", code: "custom", message });
}

function promoteIssue(repository: Repository, number: number) {
  const issue = issueOf(repository, number);
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
  if (pull.head !== undefined) assertNoOther(pull.base, pull.head, pull.headRef, branch);
  pull.baseRef = branch;
  pull.baseSha = tip.sha;
}
