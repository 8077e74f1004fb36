/** Whether the reviews of a pull request are sufficient. */
import type { Account } from "../../world/identity.ts";
import { roleAtLeast } from "../../world/identity.ts";
import type { Review } from "../../world/pulls.ts";
import type { PullRequest } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";
import { roleOf } from "../people/repositories.ts";
import type { ReviewRequirement } from "../protection/requirements.ts";
import { isOwner, ownersOf, parseOwners } from "./code-owners.ts";

/**
 * GitHub's messages about missing reviews; empty when the reviews suffice.
 * @param owners The text of CODEOWNERS on the base branch.
 */
export function unmetReviewRequirements(
  world: World,
  pull: PullRequest,
  requirement: ReviewRequirement,
  owners: string,
): readonly string[] {
  const reviews = latestReviews(world, pull);
  const approvals = reviews.filter(({ state }) => state === "APPROVED");
  const against = reviews.filter(({ state }) => state === "CHANGES_REQUESTED").length;
  const failures: string[] = [];
  if (approvals.length < requirement.count) {
    const [noun, verb] = requirement.count === 1 ? ["review", "is"] : ["reviews", "are"];
    failures.push(`At least ${requirement.count} approving ${noun} ${verb} required by reviewers with write access.`);
  }
  if (against > 0 && (requirement.count > 0 || requirement.codeOwners)) {
    const noun = against === 1 ? "review" : "reviews";
    failures.push(`${against} ${noun} requesting changes by reviewers with write access.`);
  }
  if (requirement.codeOwners) failures.push(...missingOwners(world, pull, approvals, owners));
  const fresh = approvals.some(({ author, commitId }) => author !== pull.lastPusher && commitId === pull.headSha);
  if (requirement.lastPushApproval && !fresh) {
    failures.push("New changes require approval from someone other than the last pusher.");
  }
  return failures;
}

/** One sentence for each group of owners of whom none has approved. */
function missingOwners(world: World, pull: PullRequest, approvals: readonly Review[], text: string): readonly string[] {
  const rules = parseOwners(text);
  const open = new Set<string>();
  for (const { path } of pull.comparison?.files ?? []) {
    const names = ownersOf(rules, path);
    const approved = approvals.some(({ author }) => names.some((name) => isOwner(world, pull.base, name, author)));
    if (names.length > 0 && !approved) open.add(names.map((name) => name.replace(/^@/, "")).join(" and/or "));
  }
  return [...open].map((names) => `Waiting on code owner review from ${names}.`);
}

/**
 * The latest review of every reviewer that counts: those who may write, other than the author. A comment does not
 * replace an earlier approval or request for changes; a dismissed review does not count.
 */
function latestReviews(world: World, pull: PullRequest): readonly Review[] {
  const author = pull.base.issues.get(pull.number)?.author;
  const last = new Map<Account, Review>();
  for (const review of pull.reviews) {
    if (review.state === "COMMENTED" || review.state === "PENDING" || review.author === author) continue;
    last.set(review.author, review);
  }
  return [...last.values()].filter(
    (review) => review.state !== "DISMISSED" && hasWriteAccess(world, pull, review.author),
  );
}

/** Whether the account may write: by role, or as the bot of an app that may write contents. */
function hasWriteAccess(world: World, pull: PullRequest, account: Account): boolean {
  if (roleAtLeast(roleOf(pull.base, account), "write")) return true;
  const app = [...world.apps.values()].find(({ bot }) => bot === account);
  return app?.permissions["contents"] === "write";
}
