import { describe, expect, test } from "vitest";
import { jobToken } from "../../operations/people/tokens.ts";
import type { DispatchRequest } from "../service.ts";
import { jobResults, runState, startTestActions, type TestActions } from "./testing.ts";

const WORKFLOW = `
name: Train
run-name: Train \${{ inputs.model }} by \${{ github.actor }}
on:
  workflow_dispatch:
    inputs:
      model: { required: true }
      epochs: { type: number, default: 5 }
      dry: { type: boolean }
      size: { type: choice, options: [small, big], default: small }
jobs: { train: { runs-on: ubuntu-latest, steps: [{ run: "true" }] } }
`;

async function prepareDispatch(hub: TestActions, text = WORKFLOW) {
  await hub.push({ ".github/workflows/train.yml": text });
  const [workflow] = hub.repository.actions.workflows.values();
  if (workflow === undefined) throw new Error("the workflow is not known");
  return (more: Partial<DispatchRequest> = {}) =>
    hub.service.dispatch({
      repository: hub.repository,
      workflow,
      ref: "main",
      inputs: { model: "resnet" },
      caller: hub.as("bob"),
      ...more,
    });
}

describe("workflow_dispatch", () => {
  test("starts the run on the ref, with typed inputs in the context and texts in the event", async () => {
    await using hub = await startTestActions();
    const dispatch = await prepareDispatch(hub);
    const run = await dispatch({ inputs: { model: "resnet", dry: "true" } });
    await hub.service.waitUntilCompleted(run);
    expect(run).toMatchObject({
      event: "workflow_dispatch",
      ref: "refs/heads/main",
      headBranch: "main",
      displayTitle: "Train resnet by bob",
      runNumber: 1,
      actor: hub.as("bob").actor,
    });
    const { contexts, event } = hub.runner.assignment("train");
    expect(contexts.inputs).toEqual({ model: "resnet", epochs: 5, dry: true, size: "small" });
    expect(event["inputs"]).toEqual({ model: "resnet", epochs: "5", dry: "true", size: "small" });
    expect(runState(run)).toBe("success");
  });

  test("accepts tags and full names; the file is that of the ref", async () => {
    await using hub = await startTestActions();
    const dispatch = await prepareDispatch(hub);
    await hub.push({ ".github/workflows/train.yml": WORKFLOW.replace("train:", "other:") }, { branch: "topic" });
    await hub.repository.git.createRef("refs/tags/v1", (await hub.repository.git.resolve("topic")) ?? "");
    for (const ref of ["topic", "refs/heads/topic", "v1"]) {
      const run = await dispatch({ ref });
      await hub.service.waitUntilCompleted(run);
      expect(Object.keys(jobResults(run))).toEqual(["other"]);
    }
  });

  // The words of GitHub's API: benc-uk/workflow-dispatch#46, #72, convictional/trigger-workflow-and-wait#44.
  test.each([
    [{ ref: "nowhere" }, "No ref found for: nowhere"],
    [{ inputs: { model: "a", colour: "red" } }, 'Unexpected inputs provided: ["colour"]'],
    [{ inputs: {} }, "Required input 'model' not provided"],
    [
      { inputs: { model: "a", size: "huge" } },
      "Provided value 'huge' for input 'size' not in the list of allowed values",
    ],
  ])("%j is rejected: %s", async (more, message) => {
    await using hub = await startTestActions();
    const dispatch = await prepareDispatch(hub);
    await expect(dispatch(more)).rejects.toMatchObject({ status: 422, message });
    expect(hub.repository.actions.runs.size).toBe(0);
  });

  test("a commit is not a ref, and a workflow without the trigger, an invalid or a disabled one is rejected", async () => {
    await using hub = await startTestActions();
    const dispatch = await prepareDispatch(hub);
    const sha = (await hub.repository.git.resolve("main")) ?? "";
    await expect(dispatch({ ref: sha })).rejects.toThrow(`No ref found for: ${sha}`);
    await hub.push(
      { ".github/workflows/train.yml": "on: push\njobs: { train: { runs-on: ubuntu-latest, steps: [{ run: x }] } }" },
      { branch: "a" },
    );
    await expect(dispatch({ ref: "a" })).rejects.toThrow("Workflow does not have 'workflow_dispatch' trigger");
    await hub.push({ ".github/workflows/train.yml": "on: workflow_dispatch\njobs: 7" }, { branch: "b" });
    await expect(dispatch({ ref: "b" })).rejects.toThrow(
      /failed to parse workflow: \.github\/workflows\/train\.yml:2:/,
    );
    for (const workflow of hub.repository.actions.workflows.values()) workflow.state = "disabled_manually";
    await expect(dispatch()).rejects.toThrow("Cannot trigger a 'workflow_dispatch' on a disabled workflow");
  });

  test("a job's token may dispatch: the exception to the recursion rule", async () => {
    await using hub = await startTestActions();
    const dispatch = await prepareDispatch(hub);
    const token = jobToken(hub.world, hub.repository, 1, { actions: "write" });
    const run = await dispatch({ caller: { actor: token.actor, token } });
    await hub.service.waitUntilCompleted(run);
    expect([runState(run), run.actor.login]).toEqual(["success", "github-actions[bot]"]);
  });

  test("200 at once: ids are unique, numbers have no gaps, all end", async () => {
    await using hub = await startTestActions();
    const dispatch = await prepareDispatch(hub);
    const runs = await Promise.all(
      Array.from({ length: 200 }, (_, index) => dispatch({ inputs: { model: `m${index}` } })),
    );
    await hub.service.waitUntilIdle(hub.repository);
    expect(new Set(runs.map((run) => run.id)).size).toBe(200);
    expect(runs.map((run) => run.runNumber).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 200 }, (_, n) => n + 1),
    );
    expect(new Set(runs.map((run) => run.displayTitle)).size).toBe(200);
    expect(runs.every((run) => runState(run) === "success")).toBe(true);
    expect(new Set(runs.flatMap((run) => run.attempts.flatMap(({ jobs }) => jobs.map(({ id }) => id)))).size).toBe(200);
  });
});

describe("repository_dispatch", () => {
  test("starts what listens to the type, on the default branch", async () => {
    await using hub = await startTestActions();
    const jobs = 'jobs: { j: { runs-on: ubuntu-latest, steps: [{ run: "true" }] } }';
    await hub.push({
      ".github/workflows/a.yml": `name: a\non: { repository_dispatch: { types: [retrain] } }\n${jobs}`,
      ".github/workflows/b.yml": `name: b\non: { repository_dispatch: { types: [other] } }\n${jobs}`,
    });
    const request = {
      repository: hub.repository,
      eventType: "retrain",
      clientPayload: { why: "drift" },
      caller: hub.as("bob"),
    };
    const runs = await hub.runsStartedBy(() => hub.service.repositoryDispatch(request));
    expect(runs.map((run) => [run.workflow.name, run.displayTitle, run.ref])).toEqual([
      ["a", "retrain", "refs/heads/main"],
    ]);
    expect(runs[0]?.payload).toMatchObject({ action: "retrain", client_payload: { why: "drift" } });
  });
});

describe("schedule", () => {
  test("runs one cron line of the default branch; an unknown line is an error", async () => {
    await using hub = await startTestActions();
    const jobs = 'jobs: { j: { runs-on: ubuntu-latest, steps: [{ run: "true" }] } }';
    await hub.push({ ".github/workflows/nightly.yml": `on: { schedule: [{ cron: "0 3 * * *" }] }\n${jobs}` });
    const runs = await hub.service.schedule(hub.repository, "0 3 * * *");
    await hub.service.waitUntilIdle(hub.repository);
    expect(runs.map((run) => [run.event, runState(run), run.actor.login])).toEqual([["schedule", "success", "alice"]]);
    expect(runs[0]?.payload["schedule"]).toBe("0 3 * * *");
    await expect(hub.service.schedule(hub.repository, "0 4 * * *")).rejects.toThrow('the schedule "0 4 * * *"');
  });
});
