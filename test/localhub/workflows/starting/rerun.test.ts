import { describe, expect, test } from "vitest";
import type { WorkflowRun } from "../../world/repository.ts";
import { jobNamed, jobResults, runState, startTestActions, type TestActions } from "./testing.ts";

const STEPS = 'runs-on: ubuntu-latest, steps: [{ run: "true" }]';

const WORKFLOW = {
  ".github/workflows/ci.yml": `
on: push
jobs:
  build: { outputs: { version: x }, ${STEPS} }
  test: { needs: build, strategy: { fail-fast: false, matrix: { n: [1, 2] } }, ${STEPS} }
  call: { needs: build, uses: ./.github/workflows/called.yml }
  report: { needs: [test, call], ${STEPS} }
`,
  ".github/workflows/called.yml": `
on: workflow_call
jobs:
  good: { ${STEPS} }
  bad: { needs: good, ${STEPS} }
`,
};

/** A run in which `test (2)` and `call / bad` failed. */
async function halfFailed(hub: TestActions): Promise<WorkflowRun> {
  hub.runner.script("build", { outputs: { version: "1" } });
  hub.runner.script("test (2)", { conclusion: "failure" });
  hub.runner.script("call / bad", { conclusion: "failure" });
  const [run] = await hub.push(WORKFLOW);
  if (run === undefined) throw new Error("no run");
  expect(jobResults(run)).toEqual({
    build: "success",
    "test (1)": "success",
    "test (2)": "failure",
    "call / good": "success",
    "call / bad": "failure",
    report: "skipped",
  });
  hub.runner.script("test (2)", {});
  hub.runner.script("call / bad", {});
  return run;
}

const startedSince = (hub: TestActions, count: number): readonly string[] =>
  hub.runner.started.slice(count).map((job) => job.name);

describe("re-running", () => {
  test("the failed jobs and what depends on them; the results and outputs of the others are reused", async () => {
    await using hub = await startTestActions();
    const run = await halfFailed(hub);
    const before = hub.runner.started.length;
    await hub.service.rerun(run, "failed", hub.as("bob"), false);
    await hub.service.waitUntilIdle(hub.repository);
    expect(startedSince(hub, before)).toEqual(["test (2)", "call / bad", "report"]);
    expect(Object.values(jobResults(run))).toEqual(Array(6).fill("success"));
    expect([runState(run), run.attempts[0]?.conclusion]).toEqual(["success", "failure"]);
    expect(run.attempts[1]).toMatchObject({ number: 2, triggeringActor: hub.as("bob").actor });
    expect(run.actor).toBe(hub.as("alice").actor);
    expect(hub.runner.assignment("test (2)").contexts).toMatchObject({
      needs: { build: { result: "success", outputs: { version: "1" } } },
      github: { run_attempt: "2", actor: "alice", triggering_actor: "bob" },
    });
    expect([jobNamed(run, "build").attempt, jobNamed(run, "report").attempt]).toEqual([1, 2]);
    expect(run.attempts[1]?.suite).toBe(run.attempts[0]?.suite);
    expect(run.attempts[1]?.suite.conclusion).toBe("success");
  });

  test("all jobs, in a new attempt of the same run on the same commit", async () => {
    await using hub = await startTestActions();
    const run = await halfFailed(hub);
    const before = hub.runner.started.length;
    await hub.push({ "README.md": "newer" }, { message: "[skip ci]" });
    await hub.service.rerun(run, "all", hub.as("alice"), true);
    await hub.service.waitUntilIdle(hub.repository);
    expect(startedSince(hub, before)).toHaveLength(6);
    expect(hub.runner.assignment("build").contexts.github["sha"]).toBe(run.sha);
    expect(hub.runner.assignment("build").contexts.secrets).toMatchObject({ ACTIONS_STEP_DEBUG: "true" });
    expect(hub.runner.assignment("build").masks).not.toContain("true");
    expect([run.runNumber, run.attempts.length]).toEqual([1, 2]);
  });

  test("one job and what depends on it; another failure stays", async () => {
    await using hub = await startTestActions();
    const run = await halfFailed(hub);
    const before = hub.runner.started.length;
    await hub.service.rerun(run, jobNamed(run, "test (2)"), hub.as("alice"), false);
    await hub.service.waitUntilIdle(hub.repository);
    expect(startedSince(hub, before)).toEqual(["test (2)"]);
    expect(jobResults(run)).toMatchObject({ "test (2)": "success", "call / bad": "failure", report: "skipped" });
    expect(runState(run)).toBe("failure");
  });

  // GitHub docs, "Re-running workflows and jobs"; the 50: GitHub changelog, 2026-04-10.
  test("is rejected while in progress, after a month, and after fifty times", async () => {
    await using hub = await startTestActions();
    const held = hub.runner.hold("build");
    const pushed = hub.push(WORKFLOW);
    await held.started;
    const [run] = hub.repository.actions.runs.values() as Iterable<WorkflowRun>;
    const again = (): Promise<void> => hub.service.rerun(run as WorkflowRun, "all", hub.as("alice"), false);
    await expect(again()).rejects.toMatchObject({ status: 403, message: "This workflow is already running" });
    held.end();
    await pushed;
    for (let count = 0; count < 50; count += 1) {
      await again();
      await hub.service.waitUntilIdle(hub.repository);
    }
    await expect(again()).rejects.toMatchObject({ status: 403 });
    expect((run as WorkflowRun).attempts).toHaveLength(51);
    hub.world.clock.advance(31 * 86_400_000);
    await expect(again()).rejects.toThrow("over a month ago");
  });

  test("of two requests at once, one is rejected", async () => {
    await using hub = await startTestActions();
    const run = await halfFailed(hub);
    // The first one is still in progress when the second is checked.
    const build = hub.runner.hold("build");
    const both = await Promise.allSettled([1, 2].map(() => hub.service.rerun(run, "all", hub.as("alice"), false)));
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    build.end();
    await hub.service.waitUntilIdle(hub.repository);
    expect(run.attempts).toHaveLength(2);
  });

  test("a run that could not start cannot be re-run", async () => {
    await using hub = await startTestActions();
    const [run] = await hub.push({ ".github/workflows/bad.yml": "on: push\njobs: 7" });
    await expect(hub.service.rerun(run as WorkflowRun, "all", hub.as("alice"), false)).rejects.toMatchObject({
      status: 403,
    });
  });
});
