/** Approvals that a push has made stale. */
import type { Caller } from "../../world/caller.ts";
import type { PullComparison } from "../../world/pulls.ts";
import type { PullRequest } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";
import { refProtectionsOf } from "../protection/ref-protections.ts";

/**
 * Dismisses the approvals when a rule of the base branch requires it. A push that does not change the diff (the base
 * was merged in) dismisses none. To be called after the new head has been compared; `before` is the previous
 * comparison.
 */
export function dismissStaleReviews(
  world: World,
  pull: PullRequest,
  before: PullComparison | undefined,
  caller: Caller,
): void {
  const dismisses = refProtectionsOf(world, pull.base, `refs/heads/${pull.baseRef}`).some(({ requirements }) =>
    requirements.some((requirement) => requirement.kind === "reviews" && requirement.dismissStale),
  );
  if (!dismisses || fingerprint(before) === fingerprint(pull.comparison)) return;
  const origin = { repository: pull.base, actor: caller.actor, cause: caller.token };
  for (const review of pull.reviews) {
    if (review.state !== "APPROVED") continue;
    review.state = "DISMISSED";
    world.publish({ event: "pull_request_review", action: "dismissed", pull, review, ...origin });
  }
}

const fingerprint = (comparison: PullComparison | undefined): string =>
  JSON.stringify(
    comparison?.files.map(({ path, previousPath, status, sha, patch }) => [path, previousPath, status, patch ?? sha]),
  );
