import { describe, expect, test } from "vitest";
import type { WorkflowRun } from "../../world/repository.ts";
import { jobNamed, jobResults, logText, runState, startTestActions, type TestActions } from "../starting/testing.ts";
import { MAX_RUN_DAYS } from "./execute-run.ts";

const MINUTE = 60_000;

const WORKFLOW = {
  ".github/workflows/ci.yml": `
on: push
jobs:
  train: { runs-on: ubuntu-latest, steps: [{ run: "true" }] }
  evaluate: { needs: train, runs-on: ubuntu-latest, steps: [{ run: "true" }] }
  report: { needs: [train, evaluate], if: always(), runs-on: ubuntu-latest, steps: [{ run: "true" }] }
  undo: { needs: [train], if: cancelled(), runs-on: ubuntu-latest, steps: [{ run: "true" }] }
  steady: { if: always(), runs-on: ubuntu-latest, steps: [{ run: "true" }] }
  queued: { runs-on: gpu, steps: [{ run: "true" }] }
`,
};

async function running(hub: TestActions) {
  const train = hub.runner.hold("train");
  const steady = hub.runner.hold("steady");
  const pushed = hub.push(WORKFLOW);
  await Promise.all([train.started, steady.started]);
  const [run] = hub.repository.actions.runs.values();
  return { train, steady, pushed, run: run as WorkflowRun };
}

// GitHub docs, "Canceling a workflow run".
describe("cancel", () => {
  test("running and queued jobs end; those whose `if` is still true continue or start", async () => {
    await using hub = await startTestActions();
    const { train, steady, pushed, run } = await running(hub);
    hub.service.cancel(run, hub.as("alice"));
    steady.end();
    await pushed;
    expect([train.signals, steady.signals]).toEqual([["cancel"], []]);
    expect(jobResults(run)).toEqual({
      train: "cancelled",
      steady: "success",
      queued: "cancelled",
      evaluate: "skipped",
      report: "success",
      undo: "success",
    });
    expect(runState(run)).toBe("cancelled");
    expect(logText(jobNamed(run, "train"))).toContain("The run was canceled by @alice.");
  });

  test("a job that does not end is killed by the server after five minutes", async () => {
    await using hub = await startTestActions();
    const { train, steady, pushed, run } = await running(hub);
    train.ignoreCancel();
    hub.service.cancel(run, hub.as("alice"));
    hub.world.clock.advance(5 * MINUTE - 1_000);
    expect(train.signals).toEqual(["cancel"]);
    hub.world.clock.advance(1_000);
    expect(train.signals).toEqual(["cancel", "kill"]);
    steady.end();
    await pushed;
    expect(runState(run)).toBe("cancelled");
  });

  test("force-cancel kills at once, whatever the `if`, and no further job starts", async () => {
    await using hub = await startTestActions();
    const { train, steady, pushed, run } = await running(hub);
    train.ignoreCancel();
    hub.service.cancel(run, hub.as("alice"));
    hub.service.forceCancel(run, hub.as("alice"));
    await pushed;
    expect([train.signals, steady.signals]).toEqual([["cancel", "kill"], ["kill"]]);
    expect(jobResults(run)).toEqual({ train: "cancelled", steady: "cancelled", queued: "cancelled" });
    expect(runState(run)).toBe("cancelled");
  });

  // GitHub docs, "Usage limits".
  test(`a run ends after ${MAX_RUN_DAYS} days`, async () => {
    await using hub = await startTestActions();
    const { pushed, run } = await running(hub);
    hub.world.clock.advance(MAX_RUN_DAYS * 24 * 60 * MINUTE);
    await pushed;
    expect(runState(run)).toBe("cancelled");
  });

  test("a completed run cannot be cancelled", async () => {
    await using hub = await startTestActions();
    const [run] = await hub.push({
      ".github/workflows/ci.yml": 'on: push\njobs: { j: { runs-on: ubuntu-latest, steps: [{ run: "true" }] } }',
    });
    expect(() => hub.service.cancel(run as WorkflowRun, hub.as("alice"))).toThrow(
      expect.objectContaining({ status: 409 }),
    );
  });
});
