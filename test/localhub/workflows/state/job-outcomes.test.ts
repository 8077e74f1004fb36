import { describe, expect, test } from "vitest";
import { jobResults, runState, startTestActions } from "../starting/testing.ts";
import { combineOutputs, combineResults, statusFunctions } from "./job-outcomes.ts";

describe("results", () => {
  test.each([
    [[], "skipped"],
    [["success"], "success"],
    [["success", "skipped"], "success"],
    [["skipped", "skipped"], "skipped"],
    [["success", "cancelled"], "cancelled"],
    [["cancelled", "failure", "success"], "failure"],
  ] as const)("of instances %j is %s", (results, result) => {
    expect(combineResults(results)).toBe(result);
  });

  test("outputs of instances: the last that sets one wins, unless it is empty", () => {
    const instances = [{ a: "1", b: "x" }, { a: "2" }, { a: "" }];
    expect(combineOutputs(instances.map((outputs) => ({ result: "success", outputs })))).toEqual({ a: "2", b: "x" });
  });

  // GitHub docs, "Status check functions"; actions/runner#491 for skipped ancestors.
  test.each([
    [[], false, "success"],
    [["success", "success"], false, "success"],
    [["success", "skipped"], false, ""],
    [["failure", "success"], false, "failure"],
    [["cancelled"], false, ""],
    [["success"], true, "cancelled"],
    [["failure"], true, "failure cancelled"],
  ] as const)("after ancestors %j, run cancelled: %s, true are: %s", (ancestors, cancelled, expected) => {
    const { always, ...functions } = statusFunctions(ancestors, cancelled);
    const trueOnes = Object.entries(functions).flatMap(([name, isTrue]) => (isTrue() ? [name] : []));
    expect(trueOnes.join(" ")).toBe(expected);
    expect(always()).toBe(true);
  });
});

const GRAPH = `
on: push
jobs:
  build:
    runs-on: ubuntu-latest
    outputs: { version: "\${{ steps.v.outputs.v }}" }
    steps: [{ run: "true" }]
  test:
    needs: build
    runs-on: ubuntu-latest
    steps: [{ run: "true" }]
  deploy:
    needs: [build, test]
    if: needs.build.outputs.version == '1.0'
    runs-on: ubuntu-latest
    steps: [{ run: "true" }]
  report:
    needs: [deploy]
    if: always()
    runs-on: ubuntu-latest
    steps: [{ run: "true" }]
  alarm:
    needs: [deploy]
    if: failure()
    runs-on: ubuntu-latest
    steps: [{ run: "true" }]
`;

describe("a graph of jobs", () => {
  test("runs in the order of needs, passes outputs on, skips by if", async () => {
    await using hub = await startTestActions();
    hub.runner.script("build", { outputs: { version: "1.0" } });
    const [run] = await hub.push({ ".github/workflows/ci.yml": GRAPH });
    expect(jobResults(run)).toEqual({
      build: "success",
      test: "success",
      deploy: "success",
      report: "success",
      alarm: "skipped",
    });
    expect(runState(run)).toBe("success");
    expect(hub.runner.started.map((job) => job.name)).toEqual(["build", "test", "deploy", "report"]);
    expect(hub.runner.assignment("deploy").contexts.needs).toEqual({
      build: { result: "success", outputs: { version: "1.0" } },
      test: { result: "success", outputs: {} },
    });
  });

  test("a failed job skips what needs it; always() and failure() check all ancestors", async () => {
    await using hub = await startTestActions();
    hub.runner.script("build", { conclusion: "failure" });
    const [run] = await hub.push({ ".github/workflows/ci.yml": GRAPH });
    expect(jobResults(run)).toEqual({
      build: "failure",
      test: "skipped",
      deploy: "skipped",
      report: "success",
      alarm: "success",
    });
    expect(runState(run)).toBe("failure");
  });

  test("every job has a check run of its id; a skipped one concludes skipped", async () => {
    await using hub = await startTestActions();
    hub.runner.script("build", { conclusion: "failure" });
    const [run] = await hub.push({ ".github/workflows/ci.yml": GRAPH });
    const checks = [...hub.repository.checkRuns.values()].map((check) => [check.name, check.conclusion, check.jobId]);
    const jobs = run?.attempts[0]?.jobs.map((job) => [job.name, job.conclusion, job.checkRun.id]);
    expect(checks).toEqual(jobs);
    expect(checks).toContainEqual(["test", "skipped", expect.any(Number)]);
    expect(run?.attempts[0]?.suite).toMatchObject({ status: "completed", conclusion: "failure" });
  });

  test("a run whose jobs were all skipped is skipped itself", async () => {
    await using hub = await startTestActions();
    const [run] = await hub.push({
      ".github/workflows/ci.yml": `
on: push
jobs:
  never: { if: "false", runs-on: ubuntu-latest, steps: [{ run: "true" }] }
`,
    });
    expect([runState(run), jobResults(run)]).toEqual(["skipped", { never: "skipped" }]);
  });

  test("continue-on-error lets the run succeed, while the job itself has failed", async () => {
    await using hub = await startTestActions();
    hub.runner.script("shaky", { conclusion: "failure" });
    const [run] = await hub.push({
      ".github/workflows/ci.yml": `
on: push
jobs:
  shaky: { continue-on-error: true, runs-on: ubuntu-latest, steps: [{ run: "true" }] }
  after: { needs: shaky, runs-on: ubuntu-latest, steps: [{ run: "true" }] }
`,
    });
    expect([runState(run), jobResults(run)]).toEqual(["success", { shaky: "failure", after: "success" }]);
    expect(hub.runner.assignment("after").contexts.needs["shaky"]?.result).toBe("success");
  });

  test("an expression that cannot be evaluated fails the job and is reported", async () => {
    await using hub = await startTestActions();
    const [run] = await hub.push({
      ".github/workflows/ci.yml": `
on: push
jobs:
  bad: { if: "fromJSON('{')", runs-on: ubuntu-latest, steps: [{ run: "true" }] }
`,
    });
    expect(jobResults(run)).toEqual({ bad: "failure" });
    expect(run?.attempts[0]?.jobs[0]?.checkRun.annotations[0]?.message).toContain("fromJSON('{')");
  });
});
