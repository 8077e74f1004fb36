import { expect, test } from "vitest";
import type { WorkflowRun } from "../../world/repository.ts";
import { jobNamed, jobResults, runState, startTestActions, type TestActions } from "../starting/testing.ts";
import { MAX_QUEUE_LENGTH } from "./concurrency.ts";

const workflow = (concurrency: string, job = "") => ({
  ".github/workflows/ci.yml": `
name: CI
run-name: \${{ inputs.name || 'push' }}
on: { workflow_dispatch: { inputs: { name: {} } } }
${concurrency === "" ? "" : `concurrency: ${concurrency}`}
jobs:
  build: { ${job} runs-on: ubuntu-latest, steps: [{ run: "true" }] }
`,
});

async function startRuns(hub: TestActions, names: readonly string[]): Promise<readonly WorkflowRun[]> {
  await hub.service.refreshWorkflows(hub.repository);
  const [ci] = hub.repository.actions.workflows.values();
  if (ci === undefined) throw new Error("no workflow");
  const runs: WorkflowRun[] = [];
  for (const name of names) {
    const request = {
      repository: hub.repository,
      workflow: ci,
      ref: "main",
      inputs: { name },
      caller: hub.as("alice"),
    };
    runs.push(await hub.service.dispatch(request));
    // The next one starts when this one is in its group, as when people click.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return runs;
}

const membersOf = (hub: TestActions, group: string): readonly string[] =>
  (hub.repository.actions.concurrencyGroups.get(group)?.members ?? []).map(
    (member) => `${member.run.displayTitle} ${member.job?.name ?? "run"} ${member.status}`,
  );

test("one runs, one waits; a newer one replaces the one that waits", async () => {
  await using hub = await startTestActions();
  const build = hub.runner.hold("build");
  await hub.push(workflow("Deploy"));
  const [a, b, c] = await startRuns(hub, ["a", "b", "c"]);
  expect([a, b, c].map(runState)).toEqual(["in_progress", "cancelled", "pending"]);
  expect(membersOf(hub, "deploy")).toEqual(["a run in_progress", "c run pending"]);
  build.end();
  await hub.service.waitUntilIdle(hub.repository);
  expect([a, b, c].map(runState)).toEqual(["success", "cancelled", "success"]);
  expect(hub.repository.actions.concurrencyGroups.size).toBe(0);
  expect(jobResults(b)).toEqual({});
});

test("cancel-in-progress ends the one that runs", async () => {
  await using hub = await startTestActions();
  const build = hub.runner.hold("build");
  await hub.push(workflow("{ group: ci, cancel-in-progress: true }"));
  const [a, b] = await startRuns(hub, ["a", "b"]);
  build.end();
  await hub.service.waitUntilIdle(hub.repository);
  expect([runState(a), runState(b)]).toEqual(["cancelled", "success"]);
  expect(build.signals).toEqual(["cancel"]);
  expect(jobNamed(a, "build").checkRun.annotations.map((each) => each.message)).toEqual([
    "Canceling since a higher priority waiting request for 'ci' exists",
  ]);
});

// GitHub docs, "Control the concurrency of workflows and jobs": queue.
test("queue: max keeps all that wait, in order, up to its limit", async () => {
  await using hub = await startTestActions();
  const build = hub.runner.hold("build");
  await hub.push(workflow("{ group: ci, queue: max }"));
  const names = Array.from({ length: MAX_QUEUE_LENGTH + 2 }, (_, index) => `n${index}`);
  const runs = await startRuns(hub, names);
  expect(runs.filter((run) => runState(run) === "pending")).toHaveLength(MAX_QUEUE_LENGTH);
  expect(runState(runs.at(-1))).toBe("cancelled");
  expect(membersOf(hub, "ci").slice(0, 3)).toEqual(["n0 run in_progress", "n1 run pending", "n2 run pending"]);
  build.end();
  await hub.service.waitUntilIdle(hub.repository);
  expect(runs.slice(0, -1).map(runState)).toEqual(runs.slice(0, -1).map(() => "success"));
});

test("of jobs: the waiting job is pending, and the members of the group are jobs", async () => {
  await using hub = await startTestActions();
  const build = hub.runner.hold("build");
  await hub.push(workflow("", "concurrency: gpu,"));
  const [a, b] = await startRuns(hub, ["a", "b"]);
  expect([jobResults(a), jobResults(b)]).toEqual([{ build: "in_progress" }, { build: "pending" }]);
  expect(runState(b)).toBe("pending");
  expect(membersOf(hub, "gpu")).toEqual(["a build in_progress", "b build pending"]);
  build.end();
  await hub.service.waitUntilIdle(hub.repository);
  expect([runState(a), runState(b)]).toEqual(["success", "success"]);
});

// github/vscode-github-actions#135, rhysd/actionlint#538.
test("a job that waits for the group its own run holds is cancelled as a deadlock", async () => {
  await using hub = await startTestActions();
  await hub.push(workflow("same", "concurrency: SAME,"));
  const [run] = await startRuns(hub, ["a"]);
  await hub.service.waitUntilIdle(hub.repository);
  expect(jobResults(run)).toEqual({ build: "cancelled" });
  expect(jobNamed(run, "build").checkRun.annotations[0]?.message).toBe(
    "Canceling since a deadlock for concurrency group 'SAME' was detected between 'top level workflow' and 'build'",
  );
});

test("groups of different names are independent, and an empty name means no group", async () => {
  await using hub = await startTestActions();
  const build = hub.runner.hold("build");
  await hub.push(workflow("{ group: \"${{ inputs.name != 'free' && inputs.name || '' }}\" }"));
  const runs = await startRuns(hub, ["a", "b", "free"]);
  expect(runs.map(runState)).toEqual(["in_progress", "in_progress", "in_progress"]);
  expect([...hub.repository.actions.concurrencyGroups.keys()]).toEqual(["a", "b"]);
  build.end();
});
