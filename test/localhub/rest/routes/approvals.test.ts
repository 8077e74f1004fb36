import { expect, test } from "vitest";
import { openDeployment } from "../../operations/deployments/deployments.ts";
import { protectEnvironment } from "../../operations/deployments/environments.ts";
import { createApp, createTeam } from "../../operations/people/accounts.ts";
import { appToken } from "../../operations/people/tokens.ts";
import { addJobRecord, addRunRecord } from "../../operations/testing.ts";
import { startTestHub } from "../serving/testing.ts";
import { approvalRoutes } from "./approvals.ts";
import { createRecordingActionsService, type RecordingActionsService } from "./testing.ts";

const PATH = "/repos/{owner}/{repo}/actions/runs/{run_id}";

async function start() {
  let actions: RecordingActionsService | undefined;
  const hub = await startTestHub({
    routes: approvalRoutes,
    actions: (world) => (actions = createRecordingActionsService(world)),
  });
  const { world, repository } = hub;
  const alice = world.accounts.get("alice");
  if (actions === undefined || alice === undefined) throw new Error("the test hub is not whole");
  const team = createTeam(world, repository.owner, "approvers", [alice]);
  const environment = protectEnvironment(world, repository, "production", { reviewers: [alice, team], waitTimer: 5 });
  const run = await addRunRecord(world, repository, alice);
  const startedAt = world.clock.now();
  actions.pendingEnvironments = [
    {
      id: environment.id,
      name: "production",
      waitTimer: 5,
      waitTimerStartedAt: startedAt,
      currentUserCanApprove: true,
    },
  ];
  return { hub, actions, alice, environment, run };
}

test("pending deployments have the environment, its timer and its reviewers", async () => {
  const { hub, environment, run } = await start();
  await using _ = hub;
  const { body } = await hub.as("alice").request(`GET ${PATH}/pending_deployments`, { run_id: run.id });
  expect(body).toMatchObject([
    {
      environment: { id: environment.id, name: "production" },
      wait_timer: 5,
      wait_timer_started_at: expect.any(String),
      current_user_can_approve: true,
      reviewers: [
        { type: "User", reviewer: { login: "alice" } },
        { type: "Team", reviewer: { slug: "approvers" } },
      ],
    },
  ]);
});

test("a review is passed to the Actions service and returns its deployments", async () => {
  const { hub, actions, alice, environment, run } = await start();
  await using _ = hub;
  const job = addJobRecord(hub.world, run, { environment: "production", status: "waiting" });
  const caller = { actor: alice, token: undefined };
  const place = { sha: run.sha, ref: "main", environment: "production" };
  const deployment = openDeployment(hub.world, hub.repository, place, caller);
  openDeployment(hub.world, hub.repository, { ...place, environment: "staging" }, caller);
  job.checkRun.deploymentId = deployment.id;
  const response = { environment_ids: [environment.id], state: "approved", comment: "ship it" };
  const reply = await hub.as("alice").request(`POST ${PATH}/pending_deployments`, { run_id: run.id, ...response });
  expect(reply).toMatchObject({ status: 200, body: [{ id: deployment.id, environment: "production" }] });
  expect(reply.body).toHaveLength(1);
  expect(actions.calls).toEqual([
    ["review", run.id, [environment.id], { state: "approved", comment: "ship it" }, "alice"],
  ]);
  const wrong = { run_id: run.id, ...response, state: "maybe" };
  expect((await hub.as("alice").request(`POST ${PATH}/pending_deployments`, wrong)).status).toBe(422);
});

test("the history of approvals has no times and no attempts", async () => {
  const { hub, alice, run } = await start();
  await using _ = hub;
  run.approvals.push({ state: "rejected", comment: "not yet", user: alice, environments: ["production"] });
  const { body } = await hub.as("dave").request(`GET ${PATH}/approvals`, { run_id: run.id });
  expect(body).toMatchObject([
    { state: "rejected", comment: "not yet", user: { login: "alice" }, environments: [{ name: "production" }] },
  ]);
  expect(Object.keys(body[0]).toSorted()).toEqual(["comment", "environments", "state", "user"]);
});

test("custom gates are for apps, and none is enabled", async () => {
  const { hub, run } = await start();
  await using _ = hub;
  const path = `POST ${PATH}/deployment_protection_rule`;
  const response = { run_id: run.id, environment_name: "production", state: "approved" };
  const app = createApp(hub.world, "gatekeeper", hub.repository.owner, { deployments: "write" });
  const asApp = hub.withToken(appToken(hub.world, app, { deployments: "write" }, hub.repository));
  expect((await hub.as("alice").request(path, response)).status).toBe(403);
  expect((await asApp.request(path, response)).body.message).toContain("No custom deployment protection rule");
  expect((await asApp.request(path, { ...response, environment_name: "staging" })).body.message).toContain(
    "No pending",
  );
});
