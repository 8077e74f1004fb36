/** Locked conversations: only those who may write can still comment (GitHub docs: "Locking conversations"). */

import { ApiError } from "../../world/api-error.ts";
import type { Caller } from "../../world/caller.ts";
import type { Issue } from "../../world/issues.ts";
import type { Repository } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";
import { mayTriage } from "../people/access.ts";

/** @throws ApiError 403 for callers who may not triage. */
export function lockIssue(
  world: World,
  repository: Repository,
  issue: Issue,
  reason: Issue["lockReason"],
  caller: Caller,
): void {
  setLock(world, repository, issue, true, reason, caller);
}

export function unlockIssue(world: World, repository: Repository, issue: Issue, caller: Caller): void {
  setLock(world, repository, issue, false, null, caller);
}

function setLock(
  world: World,
  repository: Repository,
  issue: Issue,
  locked: boolean,
  reason: Issue["lockReason"],
  caller: Caller,
): void {
  if (!mayTriage(repository, caller)) throw new ApiError(403, "Must have admin rights to Repository.");
  Object.assign(issue, { locked, lockReason: reason, updatedAt: world.clock.now() });
  const action = locked ? "locked" : "unlocked";
  const origin = { repository, actor: caller.actor, cause: caller.token };
  const pull = repository.pulls.get(issue.number);
  if (pull === undefined) world.publish({ event: "issues", action, issue, ...origin });
  else world.publish({ event: "pull_request", action, pull, ...origin });
}
