import { describe, expect, test } from "vitest";
import { addWorkflowRecord } from "../../operations/testing.ts";
import type { ProfileName } from "../../world/profile.ts";
import { startTestHub } from "../serving/testing.ts";
import { repositoryDispatchRoutes } from "./repository-dispatch.ts";
import { createRecordingActionsService, type RecordingActionsService } from "./testing.ts";
import { workflowRoutes } from "./workflows.ts";

async function start(profile: ProfileName = "github.com") {
  let actions: RecordingActionsService | undefined;
  const hub = await startTestHub({
    profile,
    routes: [...workflowRoutes, ...repositoryDispatchRoutes],
    actions: (world) => (actions = createRecordingActionsService(world)),
  });
  if (actions === undefined) throw new Error("the hub was started without its Actions service");
  return { hub, calls: actions.calls, workflow: addWorkflowRecord(hub.world, hub.repository, "train") };
}

const DISPATCH = "POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches";
const NEW_VERSION = { headers: { "x-github-api-version": "2026-03-10" } };

describe("workflows", () => {
  test("are listed, and found by id or file name", async () => {
    const { hub, workflow } = await start();
    await using _ = hub;
    const all = await hub.as("dave").request("GET /repos/{owner}/{repo}/actions/workflows");
    expect(all.body).toMatchObject({
      total_count: 1,
      workflows: [{ id: workflow.id, name: "train", state: "active" }],
    });
    const get = (id: string | number) =>
      hub.as("dave").request("GET /repos/{owner}/{repo}/actions/workflows/{workflow_id}", { workflow_id: id });
    expect((await get(workflow.id)).body).toEqual((await get("train.yml")).body);
    expect((await get("other.yml")).status).toBe(404);
  });

  test("are switched off and on by those who may write", async () => {
    const { hub, workflow } = await start();
    await using _ = hub;
    const change = async (login: string, what: string) =>
      (
        await hub
          .as(login)
          .request(`PUT /repos/{owner}/{repo}/actions/workflows/{workflow_id}/${what}`, { workflow_id: workflow.id })
      ).status;
    expect([await change("dave", "disable"), workflow.state]).toEqual([403, "active"]);
    expect([await change("bob", "disable"), workflow.state]).toEqual([204, "disabled_manually"]);
    expect([await change("bob", "enable"), workflow.state]).toEqual([204, "active"]);
  });
});

// GitHub changelog, 2026-02-19.
describe("a dispatch returns", () => {
  test.each<[string, object, object, number]>([
    ["nothing by default", {}, {}, 204],
    ["nothing when this is requested", { return_run_details: false }, {}, 204],
    ["the run when requested", { return_run_details: true }, {}, 200],
    ["the run on the version of 2026-03-10", {}, NEW_VERSION, 200],
  ])("%s", async (_, parameters, extra, status) => {
    const { hub, calls } = await start();
    await using __ = hub;
    const inputs = { epochs: "3" };
    const body = { workflow_id: "train.yml", ref: "main", inputs, ...parameters };
    const reply = await hub.as("bob").request(DISPATCH, body, extra);
    expect(reply.status).toBe(status);
    expect(calls).toEqual([["dispatch", ".github/workflows/train.yml", "main", inputs, "bob"]]);
    const [run] = hub.repository.actions.runs.values();
    const url = `${hub.world.urls.api}/repos/acme/model/actions/runs/${run?.id}`;
    expect(reply.body).toEqual(
      status === 204
        ? ""
        : {
            workflow_run_id: run?.id,
            run_url: url,
            html_url: `${hub.world.urls.html}/acme/model/actions/runs/${run?.id}`,
          },
    );
  });

  test("a job with actions: write may, one with read may not", async () => {
    const { hub, calls } = await start();
    await using _ = hub;
    const body = { workflow_id: "train.yml", ref: "main" };
    expect((await hub.asJob({ actions: "read" }).request(DISPATCH, body)).status).toBe(403);
    expect((await hub.asJob({ actions: "write" }).request(DISPATCH, body)).status).toBe(204);
    expect(calls).toEqual([["dispatch", ".github/workflows/train.yml", "main", {}, "github-actions[bot]"]]);
  });

  // cli/cli#12672; facts of Enterprise Server 3.17 to 3.19: 204 only, 10 inputs.
  test("400 for return_run_details on Enterprise Server, and accepts ten inputs there", async () => {
    const { hub } = await start("ghes-3.19");
    await using _ = hub;
    const inputs = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`input${i}`, "x"]));
    const dispatch = async (body: object) =>
      (await hub.as("bob").request(DISPATCH, { workflow_id: "train.yml", ref: "main", ...body })).status;
    expect(await dispatch({ return_run_details: true })).toBe(400);
    expect(await dispatch({ inputs: inputs(10) })).toBe(204);
    expect(await dispatch({ inputs: inputs(11) })).toBe(422);
  });

  test("422 for more than 25 inputs, 404 for an unknown workflow", async () => {
    const { hub, calls } = await start();
    await using _ = hub;
    const inputs = Object.fromEntries(Array.from({ length: 26 }, (_, i) => [`input${i}`, "x"]));
    const dispatch = async (body: object) => (await hub.as("bob").request(DISPATCH, { ref: "main", ...body })).status;
    expect(await dispatch({ workflow_id: "train.yml", inputs })).toBe(422);
    expect(await dispatch({ workflow_id: "none.yml" })).toBe(404);
    expect(calls).toEqual([]);
  });
});

// GitHub docs, "Create a repository dispatch event".
describe("repository_dispatch", () => {
  test.each<[string, object, number]>([
    ["is accepted with a payload", { event_type: "retrain", client_payload: { model: "a", deep: { er: 1 } } }, 204],
    ["is accepted with 100 characters of type", { event_type: "t".repeat(100) }, 204],
    ["is rejected with 101", { event_type: "t".repeat(101) }, 422],
    ["is rejected without a type", { client_payload: {} }, 422],
    ["is accepted with ten properties", { event_type: "t", client_payload: properties(10) }, 204],
    ["is rejected with eleven", { event_type: "t", client_payload: properties(11) }, 422],
    ["is rejected with 64 KB", { event_type: "t", client_payload: { text: "x".repeat(65_536) } }, 422],
  ])("%s", async (_, body, status) => {
    const { hub, calls } = await start();
    await using __ = hub;
    expect((await hub.as("bob").request("POST /repos/{owner}/{repo}/dispatches", { ...body })).status).toBe(status);
    expect(calls).toHaveLength(status === 204 ? 1 : 0);
  });
});

function properties(count: number): Readonly<Record<string, number>> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`property${index}`, index]));
}
