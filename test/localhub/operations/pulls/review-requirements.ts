/** What the reviews of a pull request amount to. */
import type { Account } from "../../world/identity.ts";
import { roleAtLeast } from "../../world/identity.ts";
import type { Review } from "../../world/pulls.ts";
import type { PullRequest } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";
import { roleOf } from "../people/repositories.ts";
import type { ReviewRequirement } from "../protection/requirements.ts";
import { isOwner, ownersOf, parseOwners } from "./code-owners.ts";

/**
 * What GitHub says is missing; nothing when the reviews suffice.
 * @param owners The text of CODEOWNERS on the base branch.
 */
export function unmetReviewRequirements(
  world: World,
  pull: PullRequest,
  wanted: ReviewRequirement,
  owners: string,
): readonly string[] {
  const opinions = latestReviews(world, pull);
  const approvals = opinions.filter(({ state }) => state === "APPROVED");
  const against = opinions.filter(({ state }) => state === "CHANGES_REQUESTED").length;
  const failures: string[] = [];
  if (approvals.length < wanted.count) {
    const [noun, verb] = wanted.count === 1 ? ["review", "is"] : ["reviews", "are"];
    failures.push(`At least ${wanted.count} approving ${noun} ${verb} required by reviewers with write access.`);
  }
  if (against > 0 && (wanted.count > 0 || wanted.codeOwners)) {
    const noun = against === 1 ? "review" : "reviews";
    failures.push(`${against} ${noun} requesting changes by reviewers with write access.`);
  }
  if (wanted.codeOwners) failures.push(...missingOwners(world, pull, approvals, owners));
  const fresh = approvals.some(({ author, commitId }) => author !== pull.lastPusher && commitId === pull.headSha);
  if (wanted.lastPushApproval && !fresh) {
    failures.push("New changes require approval from someone other than the last pusher.");
  }
  return failures;
}

/** One sentence for each group of owners none of whom has approved. */
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
 * The last opinion of every reviewer whose opinion counts: who may write, other than the author. A comment leaves an
 * earlier opinion standing; a dismissed one leaves none.
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

/** Who may write: by role, or as the bot of an app that may write contents. */
function hasWriteAccess(world: World, pull: PullRequest, account: Account): boolean {
  if (roleAtLeast(roleOf(pull.base, account), "write")) return true;
  const app = [...world.apps.values()].find(({ bot }) => bot === account);
  return app?.permissions["contents"] === "write";
}
