import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addAssignees, removeAssignees } from "../operations/conversations/assignees.ts";
import { createComment, deleteComment, updateComment } from "../operations/conversations/comments.ts";
import { addLabels, removeLabel } from "../operations/conversations/issue-labels.ts";
import { createIssue, issueByNumber, updateIssue } from "../operations/conversations/issues.ts";
import { createLabel, deleteLabel, labelByName, updateLabel } from "../operations/conversations/labels.ts";
import { openPull, setDraft, updatePull } from "../operations/pulls/pulls.ts";
import { removeReviewers, requestReviewers } from "../operations/pulls/review-requests.ts";
import { createReview, dismissReview } from "../operations/pulls/reviews.ts";
import { createEventFixture, type EventFixture } from "./testing.ts";

describe("payloads of conversations have the fields of GitHub's examples", () => {
  let hub: EventFixture;
  beforeAll(async () => {
    hub = await createEventFixture();
  });
  afterAll(() => hub[Symbol.asyncDispose]());

  test("pull requests", async () => {
    const { world, repository, alice, bob } = hub;
    const { actor } = alice;
    await hub.commit("main", "base.txt");
    await hub.commit("topic", "topic.txt");
    const recorded = await hub.comparePayloadsDuring(async () => {
      const pull = await openPull(world, repository, { title: "T", body: "B", head: "topic", base: "main" }, alice);
      await hub.commit("topic", "more.txt");
      await updatePull(world, pull, { title: "Title", body: "Body" }, alice);
      const issue = issueByNumber(repository, pull.number);
      addLabels(world, repository, issue, ["bug"], alice);
      removeLabel(world, repository, issue, "bug", alice);
      addAssignees(world, repository, issue, [actor.login], alice);
      removeAssignees(world, repository, issue, [actor.login], alice);
      requestReviewers(world, pull, { reviewers: [bob.actor.login], teams: [] }, alice);
      removeReviewers(world, pull, { reviewers: [bob.actor.login], teams: [] }, alice);
      setDraft(world, pull, true, alice);
      setDraft(world, pull, false, alice);
      const review = await createReview(world, pull, { event: "APPROVE" }, bob);
      dismissReview(world, pull, review, "Changed since", alice);
      await updatePull(world, pull, { state: "closed" }, alice);
      await updatePull(world, pull, { state: "open" }, alice);
    });
    expect(recorded).toEqual({
      differences: [],
      events: [
        "pull_request.opened",
        "push",
        "pull_request.synchronize",
        "pull_request.edited",
        "pull_request.labeled",
        "pull_request.unlabeled",
        "pull_request.assigned",
        "pull_request.unassigned",
        "pull_request.review_requested",
        "pull_request.review_request_removed",
        "pull_request.converted_to_draft",
        "pull_request.ready_for_review",
        "pull_request_review.submitted",
        "pull_request_review.dismissed",
        "pull_request.closed",
        "pull_request.reopened",
      ],
    });
  });

  test("issues, comments and labels", async () => {
    const { world, repository, alice, job } = hub;
    const recorded = await hub.comparePayloadsDuring(async () => {
      createLabel(world, repository, { name: "gpu", color: "ff0000", description: "Needs one" }, alice);
      const label = updateLabel(world, repository, labelByName(repository, "gpu"), { color: "00ff00" }, alice);
      const issue = createIssue(world, repository, { title: "Broken", body: "Yes" }, alice);
      updateIssue(world, repository, issue, { title: "Very broken", body: "Oh yes" }, alice);
      addLabels(world, repository, issue, ["gpu"], alice);
      addAssignees(world, repository, issue, [alice.actor.login], alice);
      const comment = createComment(world, repository, issue, "First", job);
      updateComment(world, repository, comment, "Second", job);
      deleteComment(world, repository, comment, job);
      updateIssue(world, repository, issue, { state: "closed" }, alice);
      updateIssue(world, repository, issue, { state: "open" }, alice);
      deleteLabel(world, repository, label, alice);
    });
    expect(recorded).toEqual({
      differences: [],
      events: [
        "label.created",
        "label.edited",
        "issues.opened",
        "issues.edited",
        "issues.labeled",
        "issues.assigned",
        "issue_comment.created",
        "issue_comment.edited",
        "issue_comment.deleted",
        "issues.closed",
        "issues.reopened",
        "label.deleted",
      ],
    });
  });
});
