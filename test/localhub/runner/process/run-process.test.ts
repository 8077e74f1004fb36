import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { temporaryFolder } from "../testing.ts";
import { GITHUB_TIMING, type Timing } from "../timing.ts";
import { killOrphans, TRACKING_VARIABLE } from "./kill-tree.ts";
import { OperationCancelledError, type ProcessRequest, runProcess } from "./run-process.ts";

const QUICK: Timing = { ...GITHUB_TIMING, interrupt: 400, terminate: 400, openPipes: 300 };

async function bash(script: string, request: Partial<ProcessRequest> = {}) {
  const lines: string[] = [];
  const started = performance.now();
  const outcome = await runProcess({
    file: "bash",
    args: ["-c", script],
    cwd: "/",
    env: { PATH: process.env["PATH"] ?? "" },
    cancelled: new AbortController().signal,
    killed: new AbortController().signal,
    timing: QUICK,
    ...request,
    onLine(line) {
      lines.push(line);
      request.onLine?.(line);
    },
  }).catch((error: unknown) => error);
  return { outcome, lines, took: performance.now() - started };
}

/** A killed process whose parent has ended may stay listed as a zombie for a while; it counts as dead. */
function isAlive(pid: string | undefined): boolean {
  try {
    return !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

/** Fails by the test's own time limit. */
async function waitUntilDead(pid: string | undefined): Promise<void> {
  while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 10));
}

test("both streams come line by line, with the exit code", async () => {
  const { outcome, lines } = await bash("echo out; echo err >&2; printf last; exit 3");
  expect(outcome).toBe(3);
  expect(lines.toSorted()).toEqual(["err", "last", "out"]);
});

test("a signal's exit code is 128 and its number", async () => {
  expect((await bash("kill -TERM $$")).outcome).toBe(143);
});

test("a program or folder that does not exist is an error with both names", async () => {
  const { outcome } = await bash("", { file: "/does/not/exist" });
  expect(String(outcome)).toContain("cannot start '/does/not/exist' in '/'");
});

test("input is empty, and reading it never blocks", async () => {
  expect((await bash("cat; echo end")).lines).toEqual(["end"]);
});

test("a background process that keeps the pipes open is killed a little after the exit", async () => {
  const { outcome, lines, took } = await bash("sleep 60 & echo $!");
  expect(outcome).toBe(0);
  expect(took).toBeGreaterThanOrEqual(QUICK.openPipes);
  await waitUntilDead(lines[0]);
});

test("a background process that closes the pipes runs until the job ends", async () => {
  const trackingId = "github_test-of-orphans";
  // The process has the name bash until it has become sleep.
  const becomesSleep = 'until read -r name < /proc/$!/comm && [ "$name" = sleep ]; do sleep 0.01; done';
  const { lines } = await bash(`sleep 60 >/dev/null 2>&1 & ${becomesSleep}; echo $!`, {
    env: { PATH: process.env["PATH"] ?? "", [TRACKING_VARIABLE]: trackingId },
  });
  expect(isAlive(lines[0])).toBe(true);
  expect(await killOrphans("github_another-job", new Set())).toEqual([]);
  expect(isAlive(lines[0])).toBe(true);
  expect(await killOrphans(trackingId, new Set())).toEqual([{ pid: Number(lines[0]), name: "sleep" }]);
  await waitUntilDead(lines[0]);
});

test("cancelling starts with SIGINT, and a process that exits on it gets no further signal", async () => {
  const cancel = new AbortController();
  const { outcome, lines } = await bash("trap 'echo INT; exit 0' INT; echo ready; while :; do sleep 0.02; done", {
    cancelled: cancel.signal,
    timing: GITHUB_TIMING,
    onLine: (line) => line === "ready" && cancel.abort(),
  });
  expect(outcome).toBeInstanceOf(OperationCancelledError);
  expect(lines).toEqual(["ready", "INT"]);
});

test("SIGINT goes to the entry process alone, SIGTERM follows, then the whole tree is killed", async () => {
  const folder = temporaryFolder();
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const cancel = new AbortController();
  const child = `trap 'touch ${join(folder, "child-got-int")}' INT TERM; echo ready; while :; do sleep 0.02; done`;
  // No grace period ends by itself: each ends once the signal before it has arrived.
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const { outcome, lines } = await bash(
    `trap 'echo INT' INT; trap 'echo TERM' TERM; bash -c "${child}" & echo pid $!; while :; do sleep 0.02; done`,
    {
      cancelled: cancel.signal,
      onLine(line) {
        if (line === "ready") cancel.abort();
        if (line === "INT") vi.advanceTimersByTime(QUICK.interrupt);
        if (line === "TERM") vi.advanceTimersByTime(QUICK.terminate);
      },
    },
  );
  vi.useRealTimers();
  expect(outcome).toBeInstanceOf(OperationCancelledError);
  expect(lines.filter((line) => !line.startsWith("pid "))).toEqual(["ready", "INT", "TERM"]);
  expect(existsSync(join(folder, "child-got-int"))).toBe(false);
  await waitUntilDead(lines.find((line) => line.startsWith("pid "))?.slice("pid ".length));
});

test("a kill waits for nothing", async () => {
  const kill = new AbortController();
  const { outcome, lines, took } = await bash("trap '' INT TERM; sleep 60 & echo $!; echo ready; wait", {
    killed: kill.signal,
    onLine: (line) => line === "ready" && kill.abort(),
  });
  expect(outcome).toBeInstanceOf(OperationCancelledError);
  expect(took).toBeLessThan(GITHUB_TIMING.interrupt);
  await waitUntilDead(lines[0]);
});

test("a process cancelled before its start is not started", async () => {
  const { outcome, lines } = await bash("echo started", { cancelled: AbortSignal.abort() });
  expect(outcome).toBeInstanceOf(OperationCancelledError);
  expect(lines).toEqual([]);
});

test("the grace periods are GitHub's (actions/runner, `ProcessInvoker`)", () => {
  expect(GITHUB_TIMING).toMatchObject({ interrupt: 7_500, terminate: 2_500, openPipes: 5_000 });
});
