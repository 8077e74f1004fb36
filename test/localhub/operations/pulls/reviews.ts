/** Reviews of pull requests: drafted, submitted, dismissed. */

import { ApiError, invalid, notFound } from "../../world/api-error.ts";
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
  /** Left out, the review stays a draft that only its author sees. */
  readonly event?: ReviewEvent;
  readonly body?: string;
  /** The commit that was looked at; the head unless given. */
  readonly commitId?: string;
  readonly comments?: readonly { readonly path: string; readonly line?: number | null; readonly body: string }[];
}

const STATES: Readonly<Record<ReviewEvent, ReviewState>> = {
  APPROVE: "APPROVED",
  REQUEST_CHANGES: "CHANGES_REQUESTED",
  COMMENT: "COMMENTED",
};

/** @throws Refusal 404, also for the draft of somebody else. */
export function reviewById(pull: PullRequest, id: number, caller: Caller | undefined): Review {
  const review = visibleReviews(pull, caller).find((one) => one.id === id);
  if (review === undefined) throw notFound();
  return review;
}

/** In the order they were begun. Drafts are seen by their authors only. */
export const visibleReviews = (pull: PullRequest, caller: Caller | undefined): readonly Review[] =>
  pull.reviews.filter((review) => review.state !== "PENDING" || review.author === caller?.actor);

/** @throws Refusal 422 in GitHub's words: one's own pull request, a second draft, an unknown commit, nothing said. */
export async function createReview(
  world: World,
  pull: PullRequest,
  wanted: NewReview,
  caller: Caller,
): Promise<Review> {
  if (wanted.event !== undefined) assertMaySubmit(pull, wanted.event, wanted, caller);
  assertBody("PullRequestReview", wanted.body ?? "");
  const commitId = wanted.commitId ?? pull.headSha;
  if (!(await isOfPull(pull, commitId))) throw unprocessableReview("Commit id is not part of the pull request");
  for (const { path } of wanted.comments ?? []) {
    if (!pull.comparison?.files.some((file) => file.path === path))
      throw unprocessableReview("Path could not be resolved");
  }
  if (pull.reviews.some((one) => one.state === "PENDING" && one.author === caller.actor)) {
    throw unprocessableReview("User can only have one pending review per pull request");
  }
  const review: Review = {
    id: world.nextId(),
    author: caller.actor,
    body: wanted.body ?? "",
    state: "PENDING",
    commitId,
    submittedAt: undefined,
    comments: (wanted.comments ?? []).map((comment) => ({
      id: world.nextId(),
      path: comment.path,
      line: comment.line ?? null,
      body: comment.body,
    })),
  };
  pull.reviews.push(review);
  if (wanted.event !== undefined) applySubmission(world, pull, review, wanted.event, caller);
  return review;
}

/** @throws Refusal 422 when it is no draft any more. */
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

/** Only authors edit the text of their review. */
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
 * Takes an approval or a request for changes out of account.
 * @throws Refusal 403 for callers who may not write or whom the branch's protection does not name, 422 for a review
 * that has no opinion to dismiss.
 */
export function dismissReview(world: World, pull: PullRequest, review: Review, message: string, caller: Caller): void {
  const named = pull.base.protections.get(pull.baseRef)?.requiredReviews?.dismissal;
  if (!mayPush(pull.base, caller)) throw new ApiError(403, "Must have push access to dismiss a review.");
  if (named && !allowanceIncludes(named, caller.actor) && !bypassesReviews(world, pull, caller)) {
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
  const own = issueByNumber(pull.base, pull.number).author === caller.actor;
  if (own && event === "APPROVE") throw unprocessableReview("Can not approve your own pull request");
  if (own && event === "REQUEST_CHANGES") throw unprocessableReview("Can not request changes on your own pull request");
  if (event === "APPROVE" && caller.token?.kind === "actions" && !pull.base.actions.canApprovePullRequests) {
    throw unprocessableReview("GitHub Actions is not permitted to approve pull requests.");
  }
  if (event !== "COMMENT" && pull.merged)
    throw unprocessableReview(`Can not ${event.toLowerCase()} a merged pull request`);
  if (event !== "COMMENT" && !isOpen(pull)) throw unprocessableReview("Can not review a closed pull request");
  const silent = (body ?? "").trim() === "" && (comments ?? []).length === 0;
  if (silent && event !== "APPROVE") throw unprocessableReview("Body can't be blank");
}

/** Whether the commit is, or once was, in the pull request: an earlier head can still be named. */
async function isOfPull(pull: PullRequest, sha: string): Promise<boolean> {
  if (sha === pull.headSha) return true;
  const known = /^[0-9a-f]{40}$/.test(sha) ? await pull.base.git.commit(sha) : undefined;
  return known !== undefined;
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
  const who = { repository: pull.base, actor: caller.actor, cause: caller.token };
  world.publish({ event: "pull_request_review", action, pull, review, ...who });
}

const unprocessableReview = (reason: string): ApiError => invalid("Unprocessable Entity", [reason]);
