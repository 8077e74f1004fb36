/** Updates the pull requests from and into a branch that was moved. */
import { ZERO_SHA } from "../../git/git-repository.ts";
import type { Caller } from "../../world/caller.ts";
import type { PullRequest, Repository } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";
import { baseTipOf, comparePull } from "./pull-comparison.ts";
import { closePull, isOpen, markMerged, setHead } from "./pull-state.ts";
import { dismissStaleReviews } from "./stale-reviews.ts";

/**
 * To be called for every ref that has moved. Open pull requests from the branch get its new head (or are closed when it
 * was deleted); open pull requests into it become merged when it now contains their head, and closed when it was
 * deleted.
 */
export async function updatePullsAfterPush(
  world: World,
  repository: Repository,
  ref: string,
  before: string,
  after: string,
  caller: Caller,
): Promise<void> {
  if (!ref.startsWith("refs/heads/") || before === ZERO_SHA) return;
  const branch = ref.slice("refs/heads/".length);
  for (const pull of [...world.repositories.values()].flatMap((one) => [...one.pulls.values()])) {
    if (!isOpen(pull)) continue;
    if (pull.head === repository && pull.headRef === branch) {
      if (after === ZERO_SHA) closePull(world, pull, caller);
      else await updatePullHead(world, pull, after, caller);
    } else if (pull.base === repository && pull.baseRef === branch) {
      if (after === ZERO_SHA) closePull(world, pull, caller);
      else if (await repository.git.isAncestor(pull.headSha, after)) markMerged(world, pull, after, caller);
    }
  }
}

async function updatePullHead(world: World, pull: PullRequest, sha: string, caller: Caller): Promise<void> {
  const before = pull.headSha;
  if (before === sha) return;
  const previous = await comparePull(world, pull);
  if (pull.head !== undefined && pull.head !== pull.base) await pull.base.git.fetch(pull.head.git, sha);
  await setHead(pull, sha);
  pull.lastPusher = caller.actor;
  pull.baseSha = (await baseTipOf(pull)) ?? pull.baseSha;
  const comparison = await comparePull(world, pull);
  dismissStaleReviews(world, pull, previous, caller);
  const origin = { repository: pull.base, actor: caller.actor, cause: caller.token };
  world.publish({ event: "pull_request", action: "synchronize", pull, before, after: sha, ...origin });
  // A head that was reset to a commit of its base has nothing left to merge: GitHub closes the pull request.
  if (comparison?.commits === 0) closePull(world, pull, caller);
}
