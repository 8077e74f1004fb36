import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createCheckRun, rerequestCheckRun } from "../operations/checks/app-checks.ts";
import { createStatus } from "../operations/checks/statuses.ts";
import { openDeployment, setDeploymentStatus } from "../operations/deployments/deployments.ts";
import { createRef, deleteRef } from "../operations/refs/refs.ts";
import { createRelease, updateRelease } from "../operations/refs/releases.ts";
import { addJobRecord, addRunRecord, endRunRecord } from "../operations/testing.ts";
import type { Runner } from "../world/actions.ts";
import { ALLOWED_DIFFERENCES } from "./allowed-differences.ts";
import { diffAgainstExamples } from "./diff-against-examples.ts";
import { dispatchPayload, repositoryDispatchPayload, schedulePayload } from "./dispatch-payloads.ts";
import { createEventFixture, type EventFixture } from "./testing.ts";

describe("payloads have the fields of GitHub's examples", () => {
  let hub: EventFixture;
  beforeAll(async () => {
    hub = await createEventFixture();
  });
  afterAll(() => hub[Symbol.asyncDispose]());

  test("pushes, branches and tags", async () => {
    const { world, repository, alice } = hub;
    const recorded = await hub.comparePayloadsDuring(async () => {
      const first = await hub.commit("main", "one.txt");
      await hub.commit("main", "two.txt");
      await createRef(world, repository, { ref: "refs/tags/v1", sha: first }, alice);
      await deleteRef(world, repository, { ref: "refs/tags/v1" }, alice);
    });
    expect(recorded).toEqual({ differences: [], events: ["create", "push", "delete"] });
  });

  test("a push lists its new commits, oldest first, and a new branch those that the default branch does not have", async () => {
    const { repository } = hub;
    const tip = await hub.commit("main", "tip.txt");
    const pushes = await hub.recordDuring(async () => {
      await hub.commit("main", "next.txt");
      await hub.commit("feature/x", "feature.txt");
    });
    const [onMain, onBranch] = pushes.filter(({ event }) => event === "push").map(({ payload }) => payload);
    expect(onMain).toMatchObject({
      before: tip,
      created: false,
      commits: [{ message: "Add next.txt", author: { username: "alice" } }],
      pusher: { name: "alice" },
    });
    expect(onMain?.["compare"]).toContain(`${repository.fullName}/compare/${tip.slice(0, 12)}...`);
    expect(onBranch).toMatchObject({
      ref: "refs/heads/feature/x",
      before: "0".repeat(40),
      created: true,
      commits: [{ message: "Add feature.txt" }],
      head_commit: { message: "Add feature.txt" },
    });
    expect(onBranch?.["compare"]).toContain("/compare/feature/x");
  });

  test("statuses", async () => {
    const { world, repository, alice } = hub;
    const sha = await hub.commit("main", "status.txt");
    const recorded = await hub.comparePayloadsDuring(() =>
      createStatus(world, repository, sha, { state: "success" }, alice),
    );
    expect(recorded).toEqual({ differences: [], events: ["status"] });
  });

  test("check runs and suites", async () => {
    const { world, repository, job } = hub;
    const sha = await hub.commit("main", "checks.txt");
    const recorded = await hub.comparePayloadsDuring(async () => {
      const output = { title: "Gate", summary: "Passed", text: "All of it" };
      const report = { name: "gate", headSha: sha, conclusion: "success", output } as const;
      const run = await createCheckRun(world, repository, report, job);
      rerequestCheckRun(world, repository, run, job);
    });
    expect(recorded).toEqual({
      differences: [],
      events: [
        "check_suite.requested",
        "check_run.created",
        "check_run.completed",
        "check_suite.completed",
        "check_run.rerequested",
      ],
    });
  });

  test("deployments", async () => {
    const { world, repository, alice, job } = hub;
    const sha = await hub.commit("main", "deployment.txt");
    const recorded = await hub.comparePayloadsDuring(() => {
      const deployment = openDeployment(world, repository, { sha, ref: "main", environment: "staging" }, alice);
      setDeploymentStatus(world, repository, deployment, { state: "success" }, job);
    });
    expect(recorded).toEqual({ differences: [], events: ["deployment.created", "deployment_status.created"] });
  });

  test("releases", async () => {
    const { world, repository, alice } = hub;
    const recorded = await hub.comparePayloadsDuring(async () => {
      const release = await createRelease(world, repository, { tag: "v2", name: "Two", body: "Notes" }, alice);
      await updateRelease(world, repository, release, { name: "Second", body: "More notes" }, alice);
    });
    expect(recorded).toEqual({
      differences: [],
      events: ["create", "push", "release.created", "release.published", "release.released", "release.edited"],
    });
  });

  test("merge groups", async () => {
    const { world, repository, alice } = hub;
    const sha = await hub.commit("main", "queue.txt");
    const entry = {
      pull: 7,
      base: "main",
      ref: `refs/heads/gh-readonly-queue/main/pr-7-${sha}`,
      headSha: sha,
      baseSha: sha,
      enqueuedBy: alice.actor,
      enqueuedAt: world.clock.now(),
      requestedAt: world.clock.now(),
    };
    const origin = { repository, actor: alice.actor, cause: undefined };
    const recorded = await hub.comparePayloadsDuring(() =>
      world.publish({ event: "merge_group", action: "checks_requested", entry, ...origin }),
    );
    expect(recorded).toEqual({ differences: [], events: ["merge_group.checks_requested"] });
    const [destroyed] = await hub.recordDuring(() =>
      world.publish({ event: "merge_group", action: "destroyed", reason: "merged", entry, ...origin }),
    );
    expect(destroyed?.payload).toMatchObject({ reason: "merged", merge_group: { base_ref: "refs/heads/main" } });
  });

  test("workflow runs and jobs", async () => {
    const { world, repository, alice } = hub;
    const run = await addRunRecord(world, repository, alice.actor);
    const job = addJobRecord(world, run);
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
    const origin = { repository, actor: alice.actor, cause: undefined };
    const recorded = await hub.comparePayloadsDuring(() => {
      world.publish({ event: "workflow_run", action: "requested", run, ...origin });
      world.publish({ event: "workflow_job", action: "queued", job, ...origin });
      job.runner = runner;
      world.publish({ event: "workflow_job", action: "in_progress", job, ...origin });
      endRunRecord(world, run, "success");
      world.publish({ event: "workflow_job", action: "completed", job, ...origin });
      world.publish({ event: "workflow_run", action: "completed", run, ...origin });
    });
    expect(recorded).toEqual({
      differences: [],
      events: [
        "workflow_run.requested",
        "workflow_job.queued",
        "workflow_job.in_progress",
        "workflow_job.completed",
        "workflow_run.completed",
      ],
    });
  });

  test("commands", () => {
    const { world, repository, alice } = hub;
    const sender = alice.actor;
    const dispatch = {
      workflow: ".github/workflows/train.yml",
      ref: "refs/heads/main",
      inputs: { epochs: "3" },
      sender,
    };
    const custom = { eventType: "retrain", clientPayload: { rows: 7 }, sender };
    expect([
      ...diffAgainstExamples("workflow_dispatch", dispatchPayload(world, repository, dispatch), ALLOWED_DIFFERENCES),
      ...diffAgainstExamples(
        "repository_dispatch",
        repositoryDispatchPayload(world, repository, custom),
        ALLOWED_DIFFERENCES,
      ),
    ]).toEqual([]);
    // GitHub publishes no example of this event.
    const scheduled = schedulePayload(world, repository, { cron: "0 3 * * *", workflow: dispatch.workflow });
    expect(Object.keys(scheduled)).toEqual(["schedule", "workflow", "repository", "organization"]);
  });
});
