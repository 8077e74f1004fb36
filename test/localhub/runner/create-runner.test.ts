import { describe, expect, onTestFinished, test, vi } from "vitest";
import { runAndRecordJob } from "./testing.ts";
import { GITHUB_TIMING } from "./timing.ts";

describe("time", () => {
  /** A limit is reached when the test says so: once the step has started, however long that took. */
  function holdTimers(): void {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
  }

  test("a step's time limit fails it (GitHub docs, `timeout-minutes`)", async () => {
    holdTimers();
    const job = await runAndRecordJob({
      job: `
steps:
  - { name: slow, timeout-minutes: 2, run: "echo ready; exec sleep 60" }
  - { name: after, if: failure(), run: "true" }`,
      onLine: (line) => line === "ready" && vi.advanceTimersByTime(2 * GITHUB_TIMING.minute),
    });
    expect(job.result.conclusion).toBe("failure");
    expect(job.step("slow").annotations).toMatchObject([
      { message: "The action 'slow' has timed out after 2 minutes." },
    ]);
    expect(job.step("after").conclusion).toBe("success");
  });

  test("a job's time limit cancels it, and its always() steps still run", async () => {
    holdTimers();
    const job = await runAndRecordJob({
      job: `
steps:
  - { name: slow, run: "echo ready; exec sleep 60" }
  - { name: after, if: always(), run: "true" }`,
      assignment: { timeoutMinutes: 61 },
      onLine: (line) => line === "ready" && vi.advanceTimersByTime(61 * GITHUB_TIMING.minute),
    });
    expect(job.result.conclusion).toBe("cancelled");
    expect(job.step("slow").annotations.map(({ message }) => message)).toEqual([
      "The job has exceeded the maximum execution time of 1h1m0s",
      "The operation was canceled.",
    ]);
    expect(job.step("after").conclusion).toBe("success");
  });

  test("a cancelled job stops its step; always(), cancelled() and post steps still run", async () => {
    const job = await runAndRecordJob({
      job: `
steps:
  - uses: octo/cleaner@v1
  - { name: slow, run: "trap 'echo stopping; exit 0' INT; echo ready; while :; do sleep 0.02; done" }
  - { name: next, run: "true" }
  - { name: on failure, if: failure(), run: "true" }
  - { name: on cancel, if: cancelled(), run: "true" }
  - { name: always, if: always(), run: "true" }`,
      actions: {
        "octo/cleaner@v1": {
          "action.yml": "name: c\ndescription: d\nruns: { using: node24, main: main.js, post: post.js }",
          "main.js": "",
          "post.js": "console.log('cleaned')",
        },
      },
      onLine: (line, running) => line === "ready" && running.cancel(),
    });
    expect(job.result.conclusion).toBe("cancelled");
    expect(job.steps.map(({ name, conclusion }) => `${name}: ${conclusion}`)).toEqual([
      "Set up job: success",
      "Run octo/cleaner@v1: success",
      "slow: cancelled",
      "next: skipped",
      "on failure: skipped",
      "on cancel: success",
      "always: success",
      "Post Run octo/cleaner@v1: success",
      "Complete job: success",
    ]);
    expect(job.step("slow").lines).toContain("stopping");
    expect(job.step("Post Run octo/cleaner@v1").lines).toContain("cleaned");
  });

  test("a step that also runs in a cancelled job is not stopped", async () => {
    const job = await runAndRecordJob({
      job: `
steps:
  - { name: clean up, if: always(), run: "echo ready; sleep 0.3; echo done" }`,
      onLine: (line, running) => line === "ready" && running.cancel(),
    });
    expect(job.result.conclusion).toBe("cancelled");
    expect(job.step("clean up")).toMatchObject({ conclusion: "success" });
    expect(job.step("clean up").lines).toContain("done");
  });

  test("a cancelled job that does not end is killed by the server (GitHub docs: after 5 minutes)", async () => {
    const job = await runAndRecordJob({
      job: `
steps:
  - { name: endless, if: always(), run: "echo ready; sleep 60" }
  - { name: never, if: always(), run: "true" }`,
      timing: { afterCancel: 100 },
      onLine: (line, running) => line === "ready" && running.cancel(),
    });
    expect(job.result.conclusion).toBe("cancelled");
    expect(job.steps.map(({ name }) => name)).toEqual(["Set up job", "endless"]);
  });

  test("a killed job ends at once, and no further step runs", async () => {
    const started = performance.now();
    const job = await runAndRecordJob({
      job: `
steps:
  - { name: endless, run: "trap '' INT TERM; (sleep 60 &) ; echo ready; sleep 60" }
  - { name: never, if: always(), run: "true" }`,
      onLine: (line, running) => line === "ready" && running.kill(),
    });
    expect(job.result).toEqual({ conclusion: "cancelled", outputs: {}, environmentUrl: undefined });
    expect(job.steps.map(({ name }) => name)).toEqual(["Set up job", "endless"]);
    expect(performance.now() - started).toBeLessThan(30_000);
  });
});
