/** The requested reviewers of a pull request. */

import { ApiError } from "../../world/api-error.ts";
import type { Caller } from "../../world/caller.ts";
import type { Account, Team } from "../../world/identity.ts";
import type { PullRequest } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";
import { issueByNumber } from "../conversations/issues.ts";
import { isCollaborator, mayTriage } from "../people/access.ts";

export interface Reviewers {
  /** Logins of people. */
  readonly reviewers: readonly string[];
  /** Slugs of teams of the organisation that owns the repository. */
  readonly teams: readonly string[];
}

/** GitHub docs, "Request reviewers for a pull request": up to 15. */
const REVIEWER_LIMIT = 15;

/** @throws ApiError 403 for callers who may not request reviews, 422 for the author or for a non-collaborator. */
export function requestReviewers(world: World, pull: PullRequest, requested: Reviewers, caller: Caller): void {
  const { base } = pull;
  const author = issueByNumber(base, pull.number).author;
  if (!mayTriage(base, caller) && author !== caller.actor) {
    throw new ApiError(403, "Must have push access to request reviewers.");
  }
  const people = requested.reviewers.map((login) => world.accounts.get(login.toLowerCase()));
  const teams = requested.teams.map((slug) => world.teams.get(`${base.owner.login}/${slug}`.toLowerCase()));
  if (people.includes(author)) throw new ApiError(422, "Review cannot be requested from pull request author.");
  const outsiders =
    people.some((one) => one === undefined || !isCollaborator(base, one)) ||
    teams.some((team) => team === undefined || !base.teams.has(team));
  if (outsiders) {
    const reason = `One or more of the users or teams you specified is not a collaborator of the ${base.fullName} repository.`;
    throw new ApiError(422, `Reviews may only be requested from collaborators. ${reason}`);
  }
  const total = new Set([...pull.requestedReviewers, ...pull.requestedTeams, ...people, ...teams]).size;
  if (total > REVIEWER_LIMIT) {
    throw new ApiError(422, `A pull request can only have ${REVIEWER_LIMIT} reviewers requested.`);
  }
  for (const one of people) if (one !== undefined) addReviewRequest(world, pull, pull.requestedReviewers, one, caller);
  for (const one of teams) if (one !== undefined) addReviewRequest(world, pull, pull.requestedTeams, one, caller);
}

/** Reviewers who were not requested are ignored. */
export function removeReviewers(world: World, pull: PullRequest, removed: Reviewers, caller: Caller): void {
  if (!mayTriage(pull.base, caller)) throw new ApiError(403, "Must have push access to remove reviewers.");
  for (const login of removed.reviewers) {
    const account = world.accounts.get(login.toLowerCase());
    if (account !== undefined) removeReviewRequest(world, pull, pull.requestedReviewers, account, caller);
  }
  for (const slug of removed.teams) {
    const team = world.teams.get(`${pull.base.owner.login}/${slug}`.toLowerCase());
    if (team !== undefined) removeReviewRequest(world, pull, pull.requestedTeams, team, caller);
  }
}

function addReviewRequest<Reviewer extends Account | Team>(
  world: World,
  pull: PullRequest,
  requests: Set<Reviewer>,
  requested: Reviewer,
  caller: Caller,
): void {
  if (requests.has(requested)) return;
  requests.add(requested);
  const origin = { requested, repository: pull.base, actor: caller.actor, cause: caller.token };
  world.publish({ event: "pull_request", action: "review_requested", pull, ...origin });
}

function removeReviewRequest<Reviewer extends Account | Team>(
  world: World,
  pull: PullRequest,
  requests: Set<Reviewer>,
  requested: Reviewer,
  caller: Caller,
): void {
  if (!requests.delete(requested)) return;
  const origin = { requested, repository: pull.base, actor: caller.actor, cause: caller.token };
  world.publish({ event: "pull_request", action: "review_request_removed", pull, ...origin });
}
