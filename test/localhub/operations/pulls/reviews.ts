/** Reviews of pull requests: drafted, submitted, dismissed. */

import { ApiError, notFound, unprocessable } from "../../world/api-error.ts";
import type { Caller } from "../../world/caller.ts";
import type { Review, ReviewState } from "../../world/pulls.ts";
import type { PullRequest } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";
import { issueByNumber } from "../conversations/issues.ts";
import { assertBody } from "../conversations/text-limits.ts";
import { mayPush } from "../people/access.ts";
import { allowanceIncludes, refProtectionsOf } from "../protection/ref-protections.ts";
import { isOpen } from "./pull-state.ts";

export type ReviewEvent = "APPROVE" | "REQUEST_CHANGES" | "COMMENT";

export interface NewReview {
  /** When absent, the review stays a draft that only its author sees. */
  readonly event?: ReviewEvent;
  readonly body?: string;
  /** The reviewed commit; the head by default. */
  readonly commitId?: string;
  readonly comments?: readonly { readonly path: string; readonly line?: number | null; readonly body: string }[];
}

const STATES: Readonly<Record<ReviewEvent, ReviewState>> = {
  APPROVE: "APPROVED",
  REQUEST_CHANGES: "CHANGES_REQUESTED",
  COMMENT: "COMMENTED",
};

/** @throws ApiError 404, also for another person's draft. */
export function reviewById(pull: PullRequest, id: number, caller: Caller | undefined): Review {
  const review = visibleReviews(pull, caller).find((one) => one.id === id);
  if (review === undefined) throw notFound();
  return review;
}

/** In the order of their creation. Drafts are visible only to their authors. */
export const visibleReviews = (pull: PullRequest, caller: Caller | undefined): readonly Review[] =>
  pull.reviews.filter((review) => review.state !== "PENDING" || review.author === caller?.actor);

/**
 * @throws ApiError 422 with GitHub's message: one's own pull request, a second draft, an unknown commit, an empty
 * review.
 */
export async function createReview(world: World, pull: PullRequest, input: NewReview, caller: Caller): Promise<Review> {
  if (input.event !== undefined) assertMaySubmit(pull, input.event, input, caller);
  assertBody("PullRequestReview", input.body ?? "");
  const commitId = input.commitId ?? pull.headSha;
  if (!(await isOfPull(pull, commitId))) throw unprocessableReview("Commit id is not part of the pull request");
  for (const { path } of input.comments ?? []) {
    if (!pull.comparison?.files.some((file) => file.path === path))
      throw unprocessableReview("Path could not be resolved");
  }
  if (pull.reviews.some((one) => one.state === "PENDING" && one.author === caller.actor)) {
    throw unprocessableReview("User can only have one pending review per pull request");
  }
  const review: Review = {
    id: world.nextId(),
    author: caller.actor,
    body: input.body ?? "",
    state: "PENDING",
    commitId,
    submittedAt: undefined,
    comments: (input.comments ?? []).map((comment) => ({
      id: world.nextId(),
      path: comment.path,
      line: comment.line ?? null,
      body: comment.body,
    })),
  };
  pull.reviews.push(review);
  if (input.event !== undefined) applySubmission(world, pull, review, input.event, caller);
  return review;
}

/** @throws ApiError 422 when it is no longer a draft. */
export function submitReview(
  world: World,
  pull: PullRequest,
  review: Review,
  submission: { readonly event: ReviewEvent; readonly body?: string },
  caller: Caller,
): void {
  if (review.state !== "PENDING") throw unprocessableReview("Can not submit a review that is not pending");
  const body = submission.body ?? review.body;
  assertMaySubmit(pull, submission.event, { body, comments: review.comments }, caller);
  assertBody("PullRequestReview", body);
  review.body = body;
  applySubmission(world, pull, review, submission.event, caller);
}

/** Only authors may edit the text of their review. */
export function updateReview(world: World, pull: PullRequest, review: Review, body: string, caller: Caller): void {
  if (review.author !== caller.actor) throw unprocessableReview("Can not edit the review of somebody else");
  assertBody("PullRequestReview", body);
  review.body = body;
  if (review.state !== "PENDING") publishReviewEvent(world, pull, review, "edited", caller);
}

export function deletePendingReview(pull: PullRequest, review: Review): void {
  if (review.state !== "PENDING") throw unprocessableReview("Can not delete a non-pending pull request review");
  pull.reviews.splice(pull.reviews.indexOf(review), 1);
}

/**
 * Dismisses an approval or a request for changes, so that it no longer counts.
 * @throws ApiError 403 for callers who may not write or whom the branch's protection does not list, 422 for a review
 * that is neither of the two.
 */
export function dismissReview(world: World, pull: PullRequest, review: Review, message: string, caller: Caller): void {
  const allowance = pull.base.protections.get(pull.baseRef)?.requiredReviews?.dismissal;
  if (!mayPush(pull.base, caller)) throw new ApiError(403, "Must have push access to dismiss a review.");
  if (allowance && !allowanceIncludes(allowance, caller.actor) && !bypassesReviews(world, pull, caller)) {
    throw new ApiError(403, "Not authorized to dismiss reviews on this branch.");
  }
  if (message.trim() === "") throw unprocessableReview("Message can't be blank");
  if (review.state !== "APPROVED" && review.state !== "CHANGES_REQUESTED") {
    const kind = { COMMENTED: "commented", DISMISSED: "dismissed", PENDING: "pending" }[review.state];
    throw unprocessableReview(`Can not dismiss a ${kind} pull request review`);
  }
  review.state = "DISMISSED";
  publishReviewEvent(world, pull, review, "dismissed", caller);
}

function assertMaySubmit(
  pull: PullRequest,
  event: ReviewEvent,
  { body, comments }: Pick<NewReview, "body" | "comments">,
  caller: Caller,
): void {
  const isAuthor = issueByNumber(pull.base, pull.number).author === caller.actor;
  if (isAuthor && event === "APPROVE") throw unprocessableReview("Can not approve your own pull request");
  if (isAuthor && event === "REQUEST_CHANGES")
    throw unprocessableReview("Can not request changes on your own pull request");
  if (event === "APPROVE" && caller.token?.kind === "actions" && !pull.base.actions.canApprovePullRequests) {
    throw unprocessableReview("GitHub Actions is not permitted to approve pull requests.");
  }
  if (event !== "COMMENT" && pull.merged)
    throw unprocessableReview(`Can not ${event.toLowerCase()} a merged pull request`);
  if (event !== "COMMENT" && !isOpen(pull)) throw unprocessableReview("Can not review a closed pull request");
  const isEmpty = (body ?? "").trim() === "" && (comments ?? []).length === 0;
  if (isEmpty && event !== "APPROVE") throw unprocessableReview("Body can't be blank");
}

/** Whether the commit can be reviewed: any commit of the repository, since an earlier head is valid too. */
async function isOfPull(pull: PullRequest, sha: string): Promise<boolean> {
  if (sha === pull.headSha) return true;
  const commit = /^[0-9a-f]{40}$/.test(sha) ? await pull.base.git.commit(sha) : undefined;
  return commit !== undefined;
}

function applySubmission(world: World, pull: PullRequest, review: Review, event: ReviewEvent, caller: Caller): void {
  review.state = STATES[event];
  review.submittedAt = world.clock.now();
  pull.requestedReviewers.delete(review.author);
  issueByNumber(pull.base, pull.number).updatedAt = review.submittedAt;
  publishReviewEvent(world, pull, review, "submitted", caller);
}

function bypassesReviews(world: World, pull: PullRequest, caller: Caller): boolean {
  return refProtectionsOf(world, pull.base, `refs/heads/${pull.baseRef}`)
    .filter(({ ruleset }) => ruleset === undefined)
    .every(({ requirements, bypass }) =>
      requirements.filter(({ kind }) => kind === "reviews").every((one) => bypass(one, caller.actor) === "always"),
    );
}

function publishReviewEvent(
  world: World,
  pull: PullRequest,
  review: Review,
  action: "submitted" | "edited" | "dismissed",
  caller: Caller,
): void {
  const origin = { repository: pull.base, actor: caller.actor, cause: caller.token };
  world.publish({ event: "pull_request_review", action, pull, review, ...origin });
}

const unprocessableReview = (reason: string): ApiError => unprocessable("Unprocessable Entity", [reason]);
