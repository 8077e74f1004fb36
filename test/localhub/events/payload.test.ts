import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { actionsApp, createAccount } from "../operations/accounts.ts";
import { createCheckRun, rerequestCheckRun } from "../operations/app-checks.ts";
import { addAssignees, removeAssignees } from "../operations/assignees.ts";
import { createComment, deleteComment, updateComment } from "../operations/comments.ts";
import { commitFiles } from "../operations/contents.ts";
import { openDeployment, setDeploymentStatus } from "../operations/deployments.ts";
import { createIssue, issueOf, updateIssue } from "../operations/issues.ts";
import { addLabels, createLabel, deleteLabel, labelOf, removeLabel, updateLabel } from "../operations/labels.ts";
import { openPull, setDraft, updatePull } from "../operations/pulls.ts";
import { createRef, deleteRef } from "../operations/refs.ts";
import { createRelease, updateRelease } from "../operations/releases.ts";
import { createRepository } from "../operations/repositories.ts";
import { removeReviewers, requestReviewers } from "../operations/review-requests.ts";
import { createReview, dismissReview } from "../operations/reviews.ts";
import { createStatus } from "../operations/statuses.ts";
import { endRun, recordJob, recordRun } from "../operations/testing.ts";
import { jobToken } from "../operations/tokens.ts";
import type { Runner } from "../world/actions.ts";
import type { Caller } from "../world/caller.ts";
import type { Repository } from "../world/repository.ts";
import { createWorld, type World } from "../world/world.ts";
import { dispatchPayload, type Payload, repositoryDispatchPayload, schedulePayload } from "./commands.ts";
import { type Exception, misfitsOf } from "./example-shapes.ts";
import { payloadOf } from "./payload.ts";

const EXCEPTIONS: readonly Exception[] = [
  { at: "*user_view_type is in no example", why: "newer than the examples; in GitHub's description" },
  { at: "*.client_id is in no example", why: "newer than the examples; in GitHub's description" },
  { at: "*.verified_at is in no example", why: "newer than the examples; in GitHub's description" },
  { at: "*:release.immutable is in no example", why: "newer than the examples; in GitHub's description" },
  {
    at: "*:workflow_run.referenced_workflows is in no example",
    why: "newer than the examples; in GitHub's description",
  },
  {
    at: "*:organization is in no example",
    why: "GitHub docs: sent wherever the repository belongs to an organisation",
  },
  { at: "*:installation is missing", why: "only in what an app's own webhook gets; workflows do not see it" },
  { at: "*app.permissions.*", why: "every app has permissions of its own" },
  { at: "push:repository.owner.email is null", why: "an organisation need not show an address" },
  { at: "push:*.added is missing", why: "GitHub docs, `push`: workflows do not get it" },
  { at: "push:*.removed is missing", why: "GitHub docs, `push`: workflows do not get it" },
  { at: "push:*.modified is missing", why: "GitHub docs, `push`: workflows do not get it" },
  { at: "workflow_dispatch:inputs.*", why: "every workflow has inputs of its own" },
  { at: "repository_dispatch.*:client_payload.*", why: "whatever the client sends" },
  {
    at: "check_run.rerequested:check_run.check_suite.conclusion is null",
    why: 'GitHub docs, "Rerequest a check run": the suite\'s conclusion is cleared',
  },
];

describe("payloads have the shape of GitHub's own", () => {
  let directory: string;
  let world: World;
  let repository: Repository;
  let alice: Caller;
  let bob: Caller;
  let job: Caller;
  const told: { event: string; payload: Promise<Payload> }[] = [];

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "localhub-events-"));
    world = createWorld({ directory });
    Object.assign(world.urls, { api: "http://127.0.0.1:1", html: "http://127.0.0.1:1" });
    const owner = createAccount(world, { login: "acme", kind: "Organization" });
    repository = await createRepository(world, { owner, name: "model" });
    bob = { actor: createAccount(world, { login: "bob" }), token: undefined };
    alice = { actor: createAccount(world, { login: "alice" }), token: undefined };
    job = {
      actor: actionsApp(world).bot,
      token: jobToken(world, repository, world.nextId(), { checks: "write", issues: "write" }),
    };
    repository.collaborators.set(alice.actor, "admin").set(bob.actor, "write");
    world.subscribe((happening) => {
      told.push({ event: happening.event, payload: payloadOf(world, happening) });
    });
  });
  afterAll(async () => {
    world.clock.stop();
    repository.git.close();
    await rm(directory, { recursive: true, force: true });
  });

  /** Everything that is told of while `act` runs. */
  async function during(act: () => unknown) {
    told.length = 0;
    await act();
    return Promise.all(told.map(async ({ event, payload }) => ({ event, payload: await payload })));
  }

  async function expectShapes(act: () => unknown, events: readonly string[]) {
    const happened = await during(act);
    const named = happened.map(({ event, payload }) => [event, payload["action"]].filter(Boolean).join("."));
    expect([...new Set(named)]).toEqual(events);
    expect(happened.flatMap(({ event, payload }) => misfitsOf(event, payload, EXCEPTIONS))).toEqual([]);
  }

  const commit = (branch: string, path: string) =>
    commitFiles(world, repository, { branch, files: { [path]: path }, message: `Add ${path}` }, alice);

  test("pushes, branches and tags", async () => {
    await expectShapes(async () => {
      const first = await commit("main", "one.txt");
      await commit("main", "two.txt");
      await createRef(world, repository, { ref: "refs/tags/v1", sha: first }, alice);
      await deleteRef(world, repository, { ref: "refs/tags/v1" }, alice);
    }, ["create", "push", "delete"]);
  });

  test("pull requests", async () => {
    const { actor } = alice;
    await commit("main", "base.txt");
    await commitFiles(
      world,
      repository,
      { branch: "topic", files: { "t.txt": "1" }, message: "One", startFrom: "main" },
      alice,
    );
    await expectShapes(async () => {
      const pull = await openPull(world, repository, { title: "T", body: "B", head: "topic", base: "main" }, alice);
      await commit("topic", "more.txt");
      await updatePull(world, pull, { title: "Title", body: "Body" }, alice);
      const issue = issueOf(repository, pull.number);
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
    }, [
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
    ]);
  });

  test("issues, comments and labels", async () => {
    await expectShapes(async () => {
      createLabel(world, repository, { name: "gpu", color: "ff0000", description: "Needs one" }, alice);
      const label = updateLabel(world, repository, labelOf(repository, "gpu"), { color: "00ff00" }, alice);
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
    }, [
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
    ]);
  });

  test("statuses", async () => {
    const sha = await commit("main", "status.txt");
    await expectShapes(() => createStatus(world, repository, sha, { state: "success" }, alice), ["status"]);
  });

  test("check runs and suites", async () => {
    const sha = await commit("main", "checks.txt");
    await expectShapes(async () => {
      const output = { title: "Gate", summary: "Passed", text: "All of it" };
      const report = { name: "gate", headSha: sha, conclusion: "success", output } as const;
      const run = await createCheckRun(world, repository, report, job);
      rerequestCheckRun(world, repository, run, job);
    }, [
      "check_suite.requested",
      "check_run.created",
      "check_run.completed",
      "check_suite.completed",
      "check_run.rerequested",
    ]);
  });

  test("deployments", async () => {
    const sha = await commit("main", "deployment.txt");
    await expectShapes(() => {
      const deployment = openDeployment(world, repository, { sha, ref: "main", environment: "staging" }, alice);
      setDeploymentStatus(world, repository, deployment, { state: "success" }, job);
    }, ["deployment.created", "deployment_status.created"]);
  });

  test("releases", async () => {
    await expectShapes(async () => {
      const release = await createRelease(world, repository, { tag: "v2", name: "Two", body: "Notes" }, alice);
      await updateRelease(world, repository, release, { name: "Second", body: "More notes" }, alice);
    }, ["create", "push", "release.created", "release.published", "release.released", "release.edited"]);
  });

  test("merge groups", async () => {
    const sha = await commit("main", "queue.txt");
    const entry = {
      pull: 7,
      base: "main",
      ref: `refs/heads/gh-readonly-queue/main/pr-7-${sha}`,
      headSha: sha,
      baseSha: sha,
      enqueuedBy: alice.actor,
      enqueuedAt: world.clock.now(),
    };
    const who = { repository, actor: alice.actor, cause: undefined };
    await expectShapes(
      () => world.announce({ event: "merge_group", action: "checks_requested", entry, ...who }),
      ["merge_group.checks_requested"],
    );
    const [destroyed] = await during(() =>
      world.announce({ event: "merge_group", action: "destroyed", reason: "merged", entry, ...who }),
    );
    expect(destroyed?.payload).toMatchObject({ reason: "merged", merge_group: { base_ref: "refs/heads/main" } });
  });

  test("workflow runs and jobs", async () => {
    const run = await recordRun(world, repository, alice.actor);
    const recorded = recordJob(world, run);
    const [group] = repository.actions.runnerGroups.values();
    if (group === undefined) throw new Error("a repository has a default runner group");
    const runner: Runner = {
      id: world.nextId(),
      name: "gpu-1",
      os: "linux",
      labels: [],
      group,
      ephemeral: false,
      hosted: false,
      status: "online",
      busy: true,
    };
    const who = { repository, actor: alice.actor, cause: undefined };
    await expectShapes(() => {
      world.announce({ event: "workflow_run", action: "requested", run, ...who });
      world.announce({ event: "workflow_job", action: "queued", job: recorded, ...who });
      recorded.runner = runner;
      world.announce({ event: "workflow_job", action: "in_progress", job: recorded, ...who });
      endRun(world, run, "success");
      world.announce({ event: "workflow_job", action: "completed", job: recorded, ...who });
      world.announce({ event: "workflow_run", action: "completed", run, ...who });
    }, [
      "workflow_run.requested",
      "workflow_job.queued",
      "workflow_job.in_progress",
      "workflow_job.completed",
      "workflow_run.completed",
    ]);
  });

  test("commands", () => {
    const sender = alice.actor;
    const dispatch = {
      workflow: ".github/workflows/train.yml",
      ref: "refs/heads/main",
      inputs: { epochs: "3" },
      sender,
    };
    const custom = { eventType: "retrain", clientPayload: { rows: 7 }, sender };
    expect([
      ...misfitsOf("workflow_dispatch", dispatchPayload(world, repository, dispatch), EXCEPTIONS),
      ...misfitsOf("repository_dispatch", repositoryDispatchPayload(world, repository, custom), EXCEPTIONS),
    ]).toEqual([]);
    // GitHub publishes no example of it.
    const scheduled = schedulePayload(world, repository, { cron: "0 3 * * *", workflow: dispatch.workflow });
    expect(Object.keys(scheduled)).toEqual(["schedule", "workflow", "repository", "organization"]);
  });
});
