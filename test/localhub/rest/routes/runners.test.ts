import { describe, expect, test } from "vitest";
import { createTeam } from "../../operations/people/accounts.ts";
import { createRepository } from "../../operations/people/repositories.ts";
import { createRunnerGroup, registerRunner } from "../../operations/runs/runners.ts";
import { startTestHub } from "../serving/testing.ts";
import { runnerRoutes } from "./runners.ts";

const PATH = "/repos/{owner}/{repo}/actions/runners";

describe("runners of a repository", () => {
  test("are visible only to its administrators, never to a job", async () => {
    await using hub = await startTestHub({ routes: runnerRoutes });
    const status = async (client: ReturnType<typeof hub.as>) => (await client.request(`GET ${PATH}`)).status;
    expect(await status(hub.as("alice"))).toBe(200);
    expect(await status(hub.as("bob"))).toBe(403);
    expect(await status(hub.asJob({ actions: "write" }))).toBe(403);
  });

  test("have their labels and state, without GitHub-hosted runners", async () => {
    await using hub = await startTestHub({ routes: runnerRoutes });
    const { world, repository } = hub;
    const gpu = registerRunner(world, repository, { name: "gpu-1", labels: ["gpu", "linux"], ephemeral: true });
    registerRunner(world, repository, { name: "mac-1", os: "macos", status: "offline" });
    repository.actions.runners.set(1, { ...gpu, id: 1, name: "hosted", hosted: true });
    const { body } = await hub.as("alice").request(`GET ${PATH}`);
    expect(body).toMatchObject({
      total_count: 2,
      runners: [
        { id: gpu.id, name: "gpu-1", os: "linux", status: "online", busy: false, ephemeral: true },
        { name: "mac-1", os: "macos", status: "offline" },
      ],
    });
    const labels = await hub.as("alice").request(`GET ${PATH}/{runner_id}/labels`, { runner_id: gpu.id });
    expect(labels.body.labels).toEqual([
      { name: "self-hosted", type: "read-only" },
      { name: "Linux", type: "read-only" },
      { name: "X64", type: "read-only" },
      { name: "gpu", type: "custom" },
    ]);
    expect((await hub.as("alice").request(`GET ${PATH}`, { name: "gpu-1" })).body.total_count).toBe(1);
    expect((await hub.as("alice").request(`GET ${PATH}/{runner_id}`, { runner_id: 1 })).status).toBe(404);
  });

  test("are removed unless they run a job", async () => {
    await using hub = await startTestHub({ routes: runnerRoutes });
    const runner = registerRunner(hub.world, hub.repository, { name: "gpu-1" });
    const remove = async () =>
      (await hub.as("alice").request(`DELETE ${PATH}/{runner_id}`, { runner_id: runner.id })).status;
    runner.busy = true;
    expect(await remove()).toBe(422);
    runner.busy = false;
    expect([await remove(), await remove()]).toEqual([204, 404]);
  });
});

test("an organization's owners see its runners and groups, with the workflows of each group", async () => {
  await using hub = await startTestHub({ routes: runnerRoutes });
  const { world, repository } = hub;
  const alice = world.accounts.get("alice");
  createTeam(world, repository.owner, "owners", alice ? [alice] : []);
  const sibling = await createRepository(world, { owner: repository.owner, name: "data" });
  const workflows = ["acme/model/.github/workflows/train.yml@refs/heads/main"];
  const group = createRunnerGroup(world, sibling, "gpus", workflows);
  registerRunner(world, repository, { name: "gpu-1", group });
  const get = async (login: string, path: string) => {
    const { status, body } = await hub.as(login).request(`GET /orgs/acme/actions/${path}`);
    return status === 200 ? body : status;
  };
  expect(await get("bob", "runners")).toBe(403);
  expect(await get("alice", "runners")).toMatchObject({ total_count: 1, runners: [{ name: "gpu-1" }] });
  expect(await get("alice", "runner-groups")).toMatchObject({
    total_count: 2,
    runner_groups: [
      { name: "Default", default: true, restricted_to_workflows: false, selected_workflows: [] },
      { name: "gpus", default: false, restricted_to_workflows: true, selected_workflows: workflows },
    ],
  });
  expect(await get("alice", `runner-groups/${group.id}`)).toMatchObject({ id: group.id, name: "gpus" });
  expect(await get("alice", "runner-groups/1")).toBe(404);
});
