/** Reviews of pull requests, and requests for reviews. */
import { pullByNumber } from "../../operations/pulls/pulls.ts";
import { removeReviewers, requestReviewers } from "../../operations/pulls/review-requests.ts";
import {
  createReview,
  deletePendingReview,
  dismissReview,
  reviewById,
  submitReview,
  updateReview,
  visibleReviews,
} from "../../operations/pulls/reviews.ts";
import { renderAccount } from "../../render/account.ts";
import { renderPullSimple } from "../../render/pulls.ts";
import { renderReview } from "../../render/reviews.ts";
import { renderTeam } from "../../render/team.ts";
import type { Review } from "../../world/pulls.ts";
import type { PullRequest } from "../../world/repository.ts";
import { typedBody } from "../requests/body.ts";
import { type Call, created, list, ok, type Route, route } from "../route.ts";

export const reviewRoutes: readonly Route[] = [
  route("pulls/list-reviews", (call) => {
    const pull = pullNamed(call);
    return list(visibleReviews(pull, call.caller), (review) => renderReview(call.world, pull, review));
  }),
  route("pulls/create-review", async (call) => {
    const pull = pullNamed(call);
    const { commit_id: commitId, body, event, comments } = typedBody(call, "pulls/create-review");
    const input = {
      ...(commitId !== undefined && { commitId }),
      ...(body !== undefined && { body }),
      ...(event !== undefined && { event }),
      ...(comments !== undefined && {
        comments: comments.map((comment) => ({
          path: comment.path,
          line: comment.line ?? comment.position ?? null,
          body: comment.body,
        })),
      }),
    };
    return ok(renderReview(call.world, pull, await createReview(call.world, pull, input, call.requiredCaller)));
  }),
  route("pulls/get-review", (call) => ok(rendered(call, named(call)))),
  route("pulls/update-review", (call) => {
    const [pull, review] = named(call);
    updateReview(call.world, pull, review, typedBody(call, "pulls/update-review").body, call.requiredCaller);
    return ok(rendered(call, [pull, review]));
  }),
  route("pulls/submit-review", (call) => {
    const [pull, review] = named(call);
    submitReview(call.world, pull, review, typedBody(call, "pulls/submit-review"), call.requiredCaller);
    return ok(rendered(call, [pull, review]));
  }),
  route("pulls/dismiss-review", (call) => {
    const [pull, review] = named(call);
    dismissReview(call.world, pull, review, typedBody(call, "pulls/dismiss-review").message, call.requiredCaller);
    return ok(rendered(call, [pull, review]));
  }),
  route("pulls/delete-pending-review", (call) => {
    const [pull, review] = named(call);
    deletePendingReview(pull, review);
    return ok(rendered(call, [pull, review]));
  }),

  route("pulls/list-requested-reviewers", (call) => {
    const { world, repository } = call;
    const { requestedReviewers, requestedTeams } = pullNamed(call);
    return ok({
      users: [...requestedReviewers].map((account) => renderAccount(world, account)),
      teams: [...requestedTeams].map((team) => renderTeam(world, team, repository.teams.get(team))),
    });
  }),
  route("pulls/request-reviewers", (call) => {
    const pull = pullNamed(call);
    const { reviewers = [], team_reviewers: teams = [] } = typedBody(call, "pulls/request-reviewers");
    requestReviewers(call.world, pull, { reviewers, teams }, call.requiredCaller);
    return created(renderPullSimple(call.world, pull));
  }),
  route("pulls/remove-requested-reviewers", (call) => {
    const pull = pullNamed(call);
    const { reviewers, team_reviewers: teams = [] } = typedBody(call, "pulls/remove-requested-reviewers");
    removeReviewers(call.world, pull, { reviewers, teams }, call.requiredCaller);
    return ok(renderPullSimple(call.world, pull));
  }),
];

const pullNamed = ({ repository, path }: Call): PullRequest => pullByNumber(repository, Number(path["pull_number"]));

function named(call: Call): readonly [PullRequest, Review] {
  const pull = pullNamed(call);
  return [pull, reviewById(pull, Number(call.path["review_id"]), call.caller)];
}

const rendered = ({ world }: Call, [pull, review]: readonly [PullRequest, Review]) => renderReview(world, pull, review);
