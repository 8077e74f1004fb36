import { expect, test } from "vitest";
import { jobResults, runState, startTestActions } from "../starting/testing.ts";

const matrix = (strategy: string, more = "") => ({
  ".github/workflows/ci.yml": `
on: push
jobs:
  build:
    strategy: ${strategy}
    ${more}
    runs-on: \${{ matrix.os || 'ubuntu-latest' }}
    steps: [{ run: "true" }]
  after: { needs: build, if: always(), runs-on: ubuntu-latest, steps: [{ run: "true" }] }
`,
});

test("instances are named after their values, and each gets its own", async () => {
  await using hub = await startTestActions();
  const [run] = await hub.push(
    matrix("{ matrix: { os: [ubuntu-22.04, ubuntu-24.04], size: [1], include: [{ size: 1, extra: x }] } }"),
  );
  expect(Object.keys(jobResults(run))).toEqual(["build (ubuntu-22.04, 1)", "build (ubuntu-24.04, 1)", "after"]);
  const { contexts } = hub.runner.assignment("build (ubuntu-24.04, 1)");
  expect(contexts.matrix).toEqual({ os: "ubuntu-24.04", size: 1, extra: "x" });
  expect(contexts.strategy).toEqual({ "fail-fast": true, "job-index": 1, "job-total": 2, "max-parallel": 2 });
});

test("a name with an expression is used as it is, any other gets the values", async () => {
  await using hub = await startTestActions();
  const evaluated = await hub.push(matrix("{ matrix: { size: [1, 2] } }", "name: size ${{ matrix.size }}"));
  const plain = await hub.push(matrix("{ matrix: { size: [1, 2] } }", "name: Build it"));
  expect(Object.keys(jobResults(evaluated[0]))).toEqual(["size 1", "size 2", "after"]);
  expect(Object.keys(jobResults(plain[0]))).toEqual(["Build it (1)", "Build it (2)", "after"]);
});

test("fail-fast cancels running and waiting instances", async () => {
  await using hub = await startTestActions();
  const slow = hub.runner.hold("build (2)");
  hub.runner.script("build (1)", { conclusion: "failure" });
  const [run] = await hub.push(matrix("{ max-parallel: 2, matrix: { size: [2, 1, 3] } }"));
  expect(slow.signals).toEqual(["cancel"]);
  expect(jobResults(run)).toEqual({
    "build (2)": "cancelled",
    "build (1)": "failure",
    "build (3)": "cancelled",
    after: "success",
  });
  expect(hub.runner.assignment("after").contexts.needs["build"]?.result).toBe("failure");
  expect(runState(run)).toBe("failure");
});

test("without fail-fast the others continue", async () => {
  await using hub = await startTestActions();
  hub.runner.script("build (1)", { conclusion: "failure" });
  const [run] = await hub.push(matrix("{ fail-fast: false, matrix: { size: [1, 2] } }"));
  expect(jobResults(run)).toEqual({ "build (1)": "failure", "build (2)": "success", after: "success" });
});

test("continue-on-error of an instance prevents fail-fast", async () => {
  await using hub = await startTestActions();
  hub.runner.script("build (1)", { conclusion: "failure" });
  const [run] = await hub.push(matrix("{ matrix: { size: [1, 2] } }", "continue-on-error: ${{ matrix.size == 1 }}"));
  expect([runState(run), jobResults(run)]).toEqual([
    "success",
    { "build (1)": "failure", "build (2)": "success", after: "success" },
  ]);
});

test("max-parallel: no more instances at a time, all known from the start", async () => {
  await using hub = await startTestActions();
  const first = hub.runner.hold("build (1)");
  const pushed = hub.push(matrix("{ max-parallel: 1, matrix: { size: [1, 2] } }"));
  await first.started;
  const [run] = hub.repository.actions.runs.values();
  expect(jobResults(run)).toEqual({ "build (1)": "in_progress", "build (2)": "queued" });
  first.end();
  await pushed;
  expect(jobResults(run)).toEqual({ "build (1)": "success", "build (2)": "success", after: "success" });
});

test("a matrix from an earlier job; an invalid one fails the job with the reason", async () => {
  await using hub = await startTestActions();
  const workflow = `
on: push
jobs:
  plan: { runs-on: ubuntu-latest, outputs: { sizes: x }, steps: [{ run: "true" }] }
  build:
    needs: plan
    strategy: { matrix: { size: "\${{ fromJSON(needs.plan.outputs.sizes) }}" } }
    runs-on: ubuntu-latest
    steps: [{ run: "true" }]
`;
  hub.runner.script("plan", { outputs: { sizes: "[3, 4]" } });
  const good = await hub.push({ ".github/workflows/ci.yml": workflow });
  expect(jobResults(good[0])).toEqual({ plan: "success", "build (3)": "success", "build (4)": "success" });
  hub.runner.script("plan", { outputs: { sizes: "[]" } });
  const bad = await hub.push({ "README.md": "again" });
  expect(jobResults(bad[0])).toEqual({ plan: "success", build: "failure" });
  expect(bad[0]?.attempts[0]?.jobs[1]?.checkRun.annotations[0]?.message).toContain("does not contain any values");
});

test("outputs of a matrix: the instance that ends last wins", async () => {
  await using hub = await startTestActions();
  hub.runner.script("build (1)", { outputs: { which: "one", only: "1" } });
  const last = hub.runner.hold("build (2)");
  const pushed = hub.push(matrix("{ matrix: { size: [2, 1] } }"));
  await last.started;
  last.end({ outputs: { which: "two" } });
  await pushed;
  expect(hub.runner.assignment("after").contexts.needs["build"]?.outputs).toEqual({ which: "two", only: "1" });
});
