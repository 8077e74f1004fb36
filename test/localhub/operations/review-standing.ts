/** What the reviews of a pull request amount to. */
import type { Account } from "../world/identity.ts";
import { roleAtLeast } from "../world/identity.ts";
import type { PullRequest, Review } from "../world/pulls.ts";
import type { World } from "../world/world.ts";
import { roleOf } from "./repositories.ts";

/**
 * The last opinion of every reviewer whose opinion counts: who may write, other than the author. A comment leaves an
 * earlier opinion standing; a dismissed one leaves none.
 */
export function opinionsOn(world: World, pull: PullRequest): readonly Review[] {
  const author = pull.base.issues.get(pull.number)?.author;
  const last = new Map<Account, Review>();
  for (const review of pull.reviews) {
    if (review.state === "COMMENTED" || review.state === "PENDING" || review.author === author) continue;
    last.set(review.author, review);
  }
  return [...last.values()].filter((review) => review.state !== "DISMISSED" && countsOn(world, pull, review.author));
}

/** Who may write: by role, or as the bot of an app that may write contents. */
function countsOn(world: World, pull: PullRequest, account: Account): boolean {
  if (roleAtLeast(roleOf(pull.base, account), "write")) return true;
  const app = [...world.apps.values()].find(({ bot }) => bot === account);
  return app?.permissions["contents"] === "write";
}
