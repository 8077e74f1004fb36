/** The states of a pull request: open, closed, merged. */

import { validationFailed } from "../../world/api-error.ts";
import type { Caller } from "../../world/caller.ts";
import type { PullRequest } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";
import { issueByNumber, setIssueState } from "../conversations/issues.ts";
import { comparePull } from "./pull-comparison.ts";

export const isOpen = (pull: PullRequest): boolean => issueByNumber(pull.base, pull.number).state === "open";

/** Does nothing when it is closed already. */
export function closePull(world: World, pull: PullRequest, caller: Caller): void {
  if (!isOpen(pull)) return;
  setIssueState(world, issueByNumber(pull.base, pull.number), "closed", caller);
  publishPullEvent(world, pull, "closed", caller);
}

/** @throws ApiError 422 for a merged one, or one whose branches were deleted or rewritten. */
export async function reopenPull(world: World, pull: PullRequest, caller: Caller): Promise<void> {
  if (isOpen(pull)) return;
  const reject = (reason: string): never => {
    const message = `state cannot be changed. ${reason}`;
    throw validationFailed({ resource: "PullRequest", code: "invalid", field: "state", message });
  };
  if (pull.merged) reject("The pull request cannot be reopened.");
  const head = await pull.head?.git.ref(`refs/heads/${pull.headRef}`);
  if (head === undefined) return reject(`The ${pull.headRef} branch has been deleted.`);
  if ((await pull.base.git.ref(`refs/heads/${pull.baseRef}`)) === undefined) {
    reject(`The ${pull.baseRef} branch has been deleted.`);
  }
  if (pull.head !== pull.base && pull.head !== undefined) await pull.base.git.fetch(pull.head.git, head.name);
  if (!(await pull.base.git.isAncestor(pull.headSha, head.sha))) {
    reject(`The ${pull.headRef} branch was force-pushed or recreated.`);
  }
  const other = [...pull.base.pulls.values()].find(
    (one) => isOpen(one) && one.head === pull.head && one.headRef === pull.headRef && one.baseRef === pull.baseRef,
  );
  if (other !== undefined) reject(`There is already an open pull request from ${pull.headRef}.`);
  await setHead(pull, head.sha);
  setIssueState(world, issueByNumber(pull.base, pull.number), "open", caller);
  await comparePull(world, pull);
  publishPullEvent(world, pull, "reopened", caller);
}

/** Marks it as merged by the base branch's commit `sha`. Does nothing when it is merged already. */
export function markMerged(world: World, pull: PullRequest, sha: string, caller: Caller): void {
  if (pull.merged) return;
  pull.merged = true;
  pull.mergedBy = caller.actor;
  pull.mergedAt = world.clock.now();
  pull.mergeCommitSha = sha;
  const issue = issueByNumber(pull.base, pull.number);
  if (issue.state === "open") setIssueState(world, issue, "closed", caller);
  publishPullEvent(world, pull, "closed", caller);
}

/** Moves the head and `refs/pull/N/head`; the commit must be in the base repository. */
export async function setHead(pull: PullRequest, sha: string): Promise<void> {
  const { git } = pull.base;
  const name = `refs/pull/${pull.number}/head`;
  const now = await git.ref(name);
  if (now === undefined) await git.createRef(name, sha);
  else await git.updateRef(name, sha, now.sha);
  pull.headSha = sha;
}

function publishPullEvent(world: World, pull: PullRequest, action: "closed" | "reopened", caller: Caller): void {
  const origin = { repository: pull.base, actor: caller.actor, cause: caller.token };
  world.publish({ event: "pull_request", action, pull, ...origin });
}
