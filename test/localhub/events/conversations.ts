/** The payloads of issues, pull requests, their comments, reviews and labels. */
import { renderAccount } from "../render/account.ts";
import { renderIssue, renderIssueComment } from "../render/issues.ts";
import { renderLabel } from "../render/labels.ts";
import { renderPull, renderPullSimple } from "../render/pulls.ts";
import { renderReview } from "../render/reviews.ts";
import { renderTeam } from "../render/team.ts";
import type { DomainEvent } from "../world/domain-events.ts";
import type { Issue } from "../world/issues.ts";
import type { Repository } from "../world/repository.ts";
import type { World } from "../world/world.ts";

type EventOf<Event extends DomainEvent["event"]> = Extract<DomainEvent, { event: Event }>;

export function renderPullEvent(world: World, event: EventOf<"pull_request">) {
  const { pull, before, after, reason } = event;
  return {
    number: pull.number,
    pull_request: renderPull(world, pull),
    ...renderLabelAndAssignee(world, event),
    ...renderRequestedReviewer(world, event),
    ...(before !== undefined && { before }),
    ...(after !== undefined && { after }),
    ...(reason !== undefined && { reason }),
  };
}

/** States are written in lower case here, unlike in REST replies, and an empty body is null. */
export function renderReviewEvent(world: World, { pull, review }: EventOf<"pull_request_review">) {
  const rendered = renderReview(world, pull, review);
  return {
    review: { ...rendered, state: review.state.toLowerCase(), body: review.body === "" ? null : review.body },
    pull_request: renderPullSimple(world, pull),
  };
}

export function renderIssueEvent(world: World, event: EventOf<"issues">) {
  const { repository, issue } = event;
  return { issue: renderWebhookIssue(world, repository, issue), ...renderLabelAndAssignee(world, event) };
}

export function renderCommentEvent(world: World, { repository, issue, comment }: EventOf<"issue_comment">) {
  return {
    issue: renderWebhookIssue(world, repository, issue),
    comment: renderIssueComment(world, repository, comment),
  };
}

export function renderLabelEvent(world: World, { repository, label }: EventOf<"label">) {
  return { label: renderLabel(world, repository, label) };
}

/** In webhooks every issue has `draft`, but not `closed_by`. */
function renderWebhookIssue(world: World, repository: Repository, issue: Issue) {
  const { closed_by: _, ...rendered } = renderIssue(world, repository, issue);
  return { draft: false, ...rendered };
}

/** The label or person that the event is about, if any. */
function renderLabelAndAssignee(world: World, { repository, label, assignee }: EventOf<"pull_request" | "issues">) {
  return {
    ...(label && { label: renderLabel(world, repository, label) }),
    ...(assignee && { assignee: renderAccount(world, assignee) }),
  };
}

function renderRequestedReviewer(world: World, { repository, requested }: EventOf<"pull_request">) {
  if (requested === undefined) return {};
  return "slug" in requested
    ? { requested_team: renderTeam(world, requested, repository.teams.get(requested)) }
    : { requested_reviewer: renderAccount(world, requested) };
}
