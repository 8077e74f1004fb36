import { describe, expect, test } from "vitest";
import { ensureEnvironment } from "../../operations/deployments/environments.ts";
import { setSecret } from "../../operations/people/variables.ts";
import { startTestHub } from "../serving/testing.ts";
import { variableRoutes } from "./variables.ts";

const PATH = "/repos/{owner}/{repo}/actions/variables";

describe("variables", () => {
  test("are created, read with any case, changed, renamed and deleted", async () => {
    await using hub = await startTestHub({ routes: variableRoutes });
    const bob = hub.as("bob");
    const get = async (name: string) => (await bob.request(`GET ${PATH}/{name}`, { name })).body;
    expect((await bob.request(`POST ${PATH}`, { name: "model_name", value: "resnet" })).status).toBe(201);
    expect((await bob.request(`POST ${PATH}`, { name: "Model_Name", value: "again" })).status).toBe(409);
    const made = await get("model_name");
    expect(made).toMatchObject({ name: "MODEL_NAME", value: "resnet", created_at: made.updated_at });
    hub.world.clock.advance(60_000);
    expect((await bob.request(`PATCH ${PATH}/MODEL_NAME`, { value: "vit" })).status).toBe(204);
    const changed = await get("MODEL_NAME");
    expect([changed.value, changed.created_at, changed.updated_at > changed.created_at]).toEqual([
      "vit",
      made.created_at,
      true,
    ]);
    expect((await bob.request(`PATCH ${PATH}/MODEL_NAME`, { name: "backbone" })).status).toBe(204);
    expect(await get("BACKBONE")).toMatchObject({ value: "vit" });
    expect((await get("MODEL_NAME")).status).toBe("404");
    expect((await bob.request(`DELETE ${PATH}/backbone`)).status).toBe(204);
    expect((await bob.request(`DELETE ${PATH}/backbone`)).status).toBe(404);
    expect((await bob.request(`PATCH ${PATH}/backbone`, { value: "x" })).status).toBe(404);
  });

  // GitHub docs, "Naming conventions" and "Limits for configuration variables".
  test.each<[string, string, string, number]>([
    ["a digit first", "1st", "x", 422],
    ["a dash", "a-b", "x", 422],
    ["GitHub's prefix", "github_x", "x", 422],
    ["48 KB", "LARGE", "x".repeat(48 * 1024), 201],
    ["more than 48 KB", "LARGE", "é".repeat(24 * 1024 + 1), 422],
  ])("with %s", async (_, name, value, status) => {
    await using hub = await startTestHub({ routes: variableRoutes });
    expect((await hub.as("bob").request(`POST ${PATH}`, { name, value })).status).toBe(status);
  });

  test("number 501 is rejected", async () => {
    await using hub = await startTestHub({ routes: variableRoutes });
    for (let index = 0; index < 500; index++) hub.repository.actions.variables.set(`V${index}`, "x");
    expect((await hub.as("bob").request(`POST ${PATH}`, { name: "ONE_MORE", value: "x" })).status).toBe(422);
  });
});

test("secrets are listed only by name, of the repository and of an environment", async () => {
  await using hub = await startTestHub({ routes: variableRoutes });
  const production = ensureEnvironment(hub.world, hub.repository, "production");
  setSecret(hub.repository.actions.secrets, "api_key", "hunter2");
  setSecret(production.secrets, "deploy_key", "hunter3");
  production.variables.set("REGION", "eu");
  const get = async (path: string) => (await hub.as("bob").request(`GET /repos/{owner}/{repo}/${path}`)).body;
  const replies = [await get("actions/secrets"), await get("environments/Production/secrets")];
  expect(replies).toMatchObject([
    { total_count: 1, secrets: [{ name: "API_KEY" }] },
    { total_count: 1, secrets: [{ name: "DEPLOY_KEY" }] },
  ]);
  expect(JSON.stringify(replies)).not.toContain("hunter");
  expect(await get("environments/production/variables")).toMatchObject({
    variables: [{ name: "REGION", value: "eu" }],
  });
  expect((await get("environments/none/secrets")).status).toBe("404");
});

test("the default permissions of jobs are set by administrators", async () => {
  await using hub = await startTestHub({ routes: variableRoutes });
  const path = "/repos/{owner}/{repo}/actions/permissions/workflow";
  const set = (login: string) =>
    hub
      .as(login)
      .request(`PUT ${path}`, { default_workflow_permissions: "write", can_approve_pull_request_reviews: true });
  expect((await hub.as("alice").request(`GET ${path}`)).body).toEqual({
    default_workflow_permissions: "read",
    can_approve_pull_request_reviews: false,
  });
  expect([(await set("bob")).status, hub.repository.actions.defaultPermissions]).toEqual([403, "read"]);
  expect([(await set("alice")).status, hub.repository.actions.defaultPermissions]).toEqual([204, "write"]);
});
