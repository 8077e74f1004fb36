import { describe, expect, test } from "vitest";
import { createRunnerGroup, registerRunner } from "../../operations/runs/runners.ts";
import type { Runner } from "../../world/actions.ts";
import { jobNamed, jobResults, logText, runState, startTestActions } from "../starting/testing.ts";
import { canTakeJob, isHosted, unsatisfiableReason } from "./runner-match.ts";

const HOUR = 3_600_000;
const WORKFLOW = "acme/model/.github/workflows/ci.yml@refs/heads/main";

const runnerWith = (labels: readonly string[], more: Partial<Runner> = {}): Runner => ({
  id: 1,
  name: "gpu-1",
  os: "linux",
  labels: labels.map((name) => ({ name, type: "custom" })),
  group: { id: 1, name: "Default", default: true, workflows: undefined },
  ephemeral: false,
  hosted: false,
  status: "online",
  busy: false,
  ...more,
});

describe("matching", () => {
  test.each([
    [["self-hosted"], true],
    [["Self-Hosted", "GPU"], true],
    [["self-hosted", "tpu"], false],
  ])("runs-on %j on a runner with self-hosted and gpu: %s", (labels, matches) => {
    const runner = runnerWith(["self-hosted", "gpu"]);
    expect(canTakeJob(runner, { labels, group: undefined, workflow: WORKFLOW })).toBe(matches);
  });

  test.each([
    [{ status: "offline" as const }, undefined, false],
    [{ busy: true }, undefined, false],
    [{}, "default", true],
    [{}, "gpus", false],
    [{ group: { id: 2, name: "gpus", default: false, workflows: [WORKFLOW] } }, "GPUs", true],
    [{ group: { id: 2, name: "gpus", default: false, workflows: ["acme/model/x.yml@main"] } }, "gpus", false],
  ])("a runner %j requested by group %s: %s", (more, group, matches) => {
    expect(canTakeJob(runnerWith(["gpu"], more), { labels: ["gpu"], group, workflow: WORKFLOW })).toBe(matches);
  });

  test("hosted machines are created for one ubuntu label and nothing else", () => {
    const request = (labels: readonly string[], group?: string) => ({ labels, group, workflow: WORKFLOW });
    expect(isHosted(request(["Ubuntu-Latest"]))).toBe(true);
    expect(isHosted(request(["ubuntu-latest", "gpu"]))).toBe(false);
    expect(isHosted(request(["ubuntu-latest"], "gpus"))).toBe(false);
    expect(unsatisfiableReason(request(["windows-latest"]), [])).toContain("windows-latest");
    expect(unsatisfiableReason(request(["macos-15"]), [runnerWith(["macos-15"])])).toBeUndefined();
    expect(unsatisfiableReason(request(["gpu"]), [])).toBeUndefined();
  });
});

const on = (runsOn: string) => ({
  ".github/workflows/ci.yml": `
on: push
jobs:
  one: { runs-on: ${runsOn}, steps: [{ run: "true" }] }
  two: { runs-on: ${runsOn}, steps: [{ run: "true" }] }
`,
});

describe("the pool", () => {
  test("a job without a matching runner stays queued until one is offered; a busy one takes the next job when free", async () => {
    await using hub = await startTestActions();
    const one = hub.runner.hold("one");
    const [run] = await hub.push(on("[self-hosted, gpu]"));
    expect([runState(run), jobResults(run)]).toEqual(["queued", { one: "queued", two: "queued" }]);
    const runner = registerRunner(hub.world, hub.repository, { name: "gpu-1", labels: ["gpu"] });
    hub.service.offerRunner(hub.repository, runner);
    await one.started;
    expect([runner.busy, jobResults(run)]).toEqual([true, { one: "in_progress", two: "queued" }]);
    one.end();
    await hub.service.waitUntilIdle(hub.repository);
    expect([runner.busy, jobResults(run)]).toEqual([false, { one: "success", two: "success" }]);
    expect(jobNamed(run, "two")).toMatchObject({ runner, labels: ["self-hosted", "gpu"] });
  });

  test("an ephemeral runner takes one job and is removed", async () => {
    await using hub = await startTestActions();
    registerRunner(hub.world, hub.repository, { name: "once", labels: ["gpu"], ephemeral: true });
    const [run] = await hub.push(on("gpu"));
    expect(jobResults(run)).toEqual({ one: "success", two: "queued" });
    expect(hub.repository.actions.runners.size).toBe(0);
  });

  test("a group restricted to other workflows is not used", async () => {
    await using hub = await startTestActions();
    const group = createRunnerGroup(hub.world, hub.repository, "gpus", ["acme/model/other.yml@main"]);
    registerRunner(hub.world, hub.repository, { name: "gpu-1", labels: ["gpu"], group });
    const [run] = await hub.push(on("{ group: gpus, labels: gpu }"));
    expect(jobResults(run)).toEqual({ one: "queued", two: "queued" });
    expect(jobNamed(run, "one").runnerGroup).toBe("gpus");
  });

  // GitHub docs, "Usage limits": 24 hours in the queue for a self-hosted runner.
  test("a job that waits for a day is cancelled", async () => {
    await using hub = await startTestActions();
    const [run] = await hub.push(on("gpu"));
    hub.world.clock.advance(24 * HOUR - 60_000);
    await hub.service.waitUntilIdle(hub.repository);
    expect(runState(run)).toBe("queued");
    hub.world.clock.advance(60_000);
    await hub.service.waitUntilIdle(hub.repository);
    expect(jobResults(run)).toEqual({ one: "cancelled", two: "cancelled" });
    expect(logText(jobNamed(run, "one"))).toContain("no online runner has the labels gpu");
  });

  test("labels of unsupported machines fail by name, unless a runner has them", async () => {
    await using hub = await startTestActions();
    const [run] = await hub.push(on("windows-latest"));
    expect(jobResults(run)).toEqual({ one: "failure", two: "failure" });
    expect(logText(jobNamed(run, "one"))).toContain("runs-on: windows-latest: this local GitHub has no such machines");
    registerRunner(hub.world, hub.repository, { name: "win", os: "windows", labels: ["windows-latest"] });
    const [again] = await hub.push({ "README.md": "again" });
    expect(jobResults(again)).toEqual({ one: "success", two: "success" });
  });

  test.each(["container: node:24", "services: { db: { image: postgres } }"])(
    "%s fails the job by name",
    async (key) => {
      await using hub = await startTestActions();
      const [run] = await hub.push({
        ".github/workflows/ci.yml": `
on: push
jobs:
  one: { ${key}, runs-on: ubuntu-latest, steps: [{ run: "true" }] }
`,
      });
      expect(jobResults(run)).toEqual({ one: "failure" });
      expect(logText(jobNamed(run, "one"))).toContain(`does not support ${key.split(" ")[0]}`);
    },
  );
});
