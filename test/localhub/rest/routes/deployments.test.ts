import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MAX_DEPLOYMENT_STATUS_DESCRIPTION_LENGTH } from "../../operations/deployments/deployments.ts";
import { startTestHub, type TestHub } from "../serving/testing.ts";
import { deploymentRoutes } from "./deployments.ts";
import { statusRoutes } from "./statuses.ts";

const CREATE = "POST /repos/{owner}/{repo}/deployments";
const LIST = "GET /repos/{owner}/{repo}/deployments";
const GET = "GET /repos/{owner}/{repo}/deployments/{deployment_id}";
const DELETE = "DELETE /repos/{owner}/{repo}/deployments/{deployment_id}";
const SET = "POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses";
const STATUSES = "GET /repos/{owner}/{repo}/deployments/{deployment_id}/statuses";
const STATUS = "GET /repos/{owner}/{repo}/deployments/{deployment_id}/statuses/{status_id}";

describe("deployments", () => {
  let hub: TestHub;
  beforeAll(async () => {
    hub = await startTestHub({ routes: [...deploymentRoutes, ...statusRoutes] });
  });
  afterAll(() => hub[Symbol.asyncDispose]());

  const deploy = async (environment: string, extra: object = {}) =>
    (await hub.as("bob").request(CREATE, { ref: "main", environment, ...extra })).body;
  const set = (deployment_id: number, state: string, extra: object = {}) =>
    hub.as("bob").request(SET, { deployment_id, state, ...extra });
  const states = async (deployment_id: number) =>
    (await hub.as("dave").request(STATUSES, { deployment_id })).body.map(({ state }: { state: string }) => state);

  test("a deployment has GitHub's defaults, and its environment is created without protection", async () => {
    const made = await hub.asJob({ deployments: "write" }).request(CREATE, { ref: "main" });
    expect(made).toMatchObject({
      status: 201,
      body: {
        task: "deploy",
        environment: "production",
        production_environment: true,
        transient_environment: false,
        payload: {},
        description: null,
        performed_via_github_app: { slug: "github-actions" },
      },
    });
    expect(hub.repository.environments.get("production")).toMatchObject({ waitTimer: 0, reviewers: [] });
    expect(await deploy("qa", { payload: "text", task: "deploy:db" })).toMatchObject({
      payload: "text",
      production_environment: false,
      performed_via_github_app: null,
    });
    const listed = await hub.as("dave").request(LIST, { environment: "qa", task: "deploy:db", ref: "main" });
    expect(listed.body).toHaveLength(1);
    const effects = hub.world.journal.effects("deployment.created");
    expect(effects.map(({ actor }) => actor)).toEqual(["github-actions[bot]", "bob"]);
  });

  test("statuses are listed newest first and inherit the environment of the one before", async () => {
    const { id } = await deploy("stage-1");
    await set(id, "in_progress", { environment: "stage-2", log_url: "https://example.com/log" });
    const last = await set(id, "success", { environment_url: "https://example.com", description: "Live" });
    expect(last).toMatchObject({
      status: 201,
      body: { environment: "stage-2", environment_url: "https://example.com" },
    });
    expect(await states(id)).toEqual(["success", "in_progress"]);
    const one = await hub.as("dave").request(STATUS, { deployment_id: id, status_id: last.body.id });
    expect(one.body.description).toBe("Live");
    expect((await hub.as("dave").request(STATUS, { deployment_id: id, status_id: 1 })).status).toBe(404);
    expect((await hub.as("dave").request(GET, { deployment_id: id })).body).toMatchObject({
      environment: "stage-2",
      original_environment: "stage-1",
    });
  });

  // GitHub docs, "Create a deployment status", `auto_inactive`.
  test("a success makes earlier deployments inactive, unless transient, production, elsewhere or not successful", async () => {
    const live = await deploy("live");
    const transient = await deploy("live", { transient_environment: true });
    const production = await deploy("live", { production_environment: true });
    const elsewhere = await deploy("other");
    const failed = await deploy("live");
    for (const { id } of [live, transient, production, elsewhere]) await set(id, "success", { auto_inactive: false });
    await set(failed.id, "failure");
    const next = await deploy("LIVE");
    await set(next.id, "in_progress");
    expect(await states(live.id)).toEqual(["success"]);
    await set(next.id, "success");
    expect(await states(live.id)).toEqual(["inactive", "success"]);
    for (const { id } of [transient, production, elsewhere]) expect(await states(id)).toEqual(["success"]);
    expect(await states(failed.id)).toEqual(["failure"]);
    const later = await deploy("live");
    await set(later.id, "success", { auto_inactive: false });
    expect(await states(next.id)).toEqual(["success", "in_progress"]);
  });

  // GitHub docs, "Create a deployment status".
  test("a status' description has at most 140 characters", async () => {
    const { id } = await deploy("described");
    const at = (length: number) => set(id, "pending", { description: "é".repeat(length) });
    expect((await at(MAX_DEPLOYMENT_STATUS_DESCRIPTION_LENGTH)).status).toBe(201);
    expect(await at(MAX_DEPLOYMENT_STATUS_DESCRIPTION_LENGTH + 1)).toMatchObject({
      status: 422,
      body: {
        errors: [{ resource: "DeploymentStatus", message: "description is too long (maximum is 140 characters)" }],
      },
    });
  });

  test("an active deployment can only be deleted when it is the only one", async () => {
    const { id } = await deploy("deleted");
    const remove = () => hub.as("bob").request(DELETE, { deployment_id: id });
    expect(await remove()).toMatchObject({
      status: 422,
      body: {
        message: "We cannot delete an active deployment unless it is the only deployment in a given repository.",
      },
    });
    await set(id, "inactive");
    expect((await remove()).status).toBe(204);
    expect((await remove()).status).toBe(404);
  });

  test("all reported contexts must have succeeded, or those in the request, or none", async () => {
    const { repository, world } = hub;
    const sha = await hub.commit({ "checked.txt": "1" }, "checked");
    const report = (context: string, state: string) =>
      hub.as("bob").request("POST /repos/{owner}/{repo}/statuses/{sha}", { sha, context, state });
    const request = (extra: object = {}) =>
      hub.as("bob").request(CREATE, { ref: "checked", auto_merge: false, environment: "checks", ...extra });
    await report("ci", "success");
    await report("lint", "pending");
    expect(await request()).toMatchObject({
      status: 409,
      body: {
        message: "Conflict: Commit status checks failed for checked.",
        errors: [
          {
            contexts: [
              { context: "ci", state: "success" },
              { context: "lint", state: "pending" },
            ],
            resource: "Deployment",
            field: "required_contexts",
            code: "invalid",
          },
        ],
      },
    });
    expect((await request({ required_contexts: ["ci"] })).status).toBe(201);
    expect((await request({ required_contexts: ["unknown"] })).status).toBe(409);
    expect((await request({ required_contexts: [] })).status).toBe(201);
    await report("lint", "success");
    expect((await request()).status).toBe(201);
    expect(world.journal.effects("push")).toHaveLength(0);
    expect(repository.deployments.size).toBeGreaterThan(3);
  });

  test("a branch that is behind is updated first, and deployed with the next request", async () => {
    await hub.commit({ "topic.txt": "1" }, "topic");
    await hub.repository.git.createRef("refs/heads/behind", (await hub.repository.git.resolve("main")) ?? "");
    await hub.commit({ "behind.txt": "1" }, "behind");
    const main = await hub.commit({ "main.txt": "1" });
    const before = await hub.repository.git.resolve("behind");
    const request = () => hub.as("bob").request(CREATE, { ref: "behind", environment: "merged" });
    expect(await request()).toMatchObject({
      status: 202,
      body: { message: "Auto-merged main into behind on deployment." },
    });
    const merged = await hub.repository.git.commit((await hub.repository.git.resolve("behind")) ?? "");
    expect(merged?.parents).toEqual([before, main]);
    expect(hub.world.journal.effects("push")).toHaveLength(1);
    expect((await request()).status).toBe(201);
    // Without common history there is nothing to merge.
    expect(await hub.as("bob").request(CREATE, { ref: "topic" })).toMatchObject({
      status: 409,
      body: { message: "Conflict merging main into topic." },
    });
    expect((await hub.as("bob").request(CREATE, { ref: before ?? "" })).status).toBe(409);
    expect((await hub.as("bob").request(CREATE, { ref: before ?? "", auto_merge: false })).status).toBe(201);
  });

  test("a conflict with the default branch is rejected", async () => {
    await hub.repository.git.createRef("refs/heads/clash", (await hub.repository.git.resolve("main")) ?? "");
    await hub.commit({ "same.txt": "theirs\n" }, "clash");
    await hub.commit({ "same.txt": "ours\n" });
    expect((await hub.as("bob").request(CREATE, { ref: "clash" })).body.message).toBe(
      "Conflict merging main into clash.",
    );
  });

  test("an unknown ref is rejected", async () => {
    expect(await hub.as("bob").request(CREATE, { ref: "nowhere" })).toMatchObject({
      status: 422,
      body: { message: "No ref found for: nowhere" },
    });
  });
});
