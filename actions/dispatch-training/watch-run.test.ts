import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Log } from "../../shared/action/log.ts";
import { silentLog } from "../../shared/action/testing.ts";
import { GitHubError } from "../../shared/adapters/github/github.ts";
import type { RunJob } from "../../shared/core/training/run-jobs.ts";
import { parseRunState } from "../../shared/core/training/run-state.ts";
import type { Obstacles } from "../../shared/core/training/wait-reason.ts";
import { type WatchResult, watchRun } from "./watch-run.ts";

const HOUR = 3_600_000;
/** How GitHub answers: with a status, or with an error of this code. */
type FakeStatus = readonly [status: string, conclusion?: string] | { readonly error: string };

const fakeJob = (name: string, status: string): RunJob => ({
  ...{ id: name.length, name, status, conclusion: null, labels: ["self-hosted", name], since: "1970-01-01T00:00:00Z" },
});

interface FakeRun {
  readonly statusAt: (minutes: number) => FakeStatus;
  readonly jobsAt?: (minutes: number) => readonly RunJob[];
  readonly obstacles?: Partial<Obstacles>;
}

/** Watches a run with this status after so many minutes; time passes only by waiting. */
async function watchFakeRun(
  { statusAt, jobsAt = () => [], obstacles }: FakeRun,
  limits = { timeout: 6 * HOUR, startTimeout: 6 * HOUR },
) {
  let now = 0;
  const requests = { state: 0, jobs: 0, reason: 0 };
  const lines: string[] = [];
  const log: Log = { ...silentLog, info: (text) => lines.push(`${Math.round(now / 60_000)} min: ${text}`) };
  const watch = {
    now: () => now,
    githubNow: () => now,
    async sleep(ms: number) {
      now += ms;
    },
    async readDispatchedRun() {
      requests.state += 1;
      const found = statusAt(now / 60_000);
      if ("error" in found) throw new GitHubError({ code: found.error, message: found.error, fix: "" });
      return { state: parseRunState(found[0], found[1] ?? null), attempt: 1 };
    },
    async readRunJobs() {
      requests.jobs += 1;
      return jobsAt(now / 60_000);
    },
    async readObstacles() {
      requests.reason += 1;
      return { environments: [], groups: [], runners: undefined, ...obstacles };
    },
  };
  const end: WatchResult = await watchRun(7, limits, watch, log, new AbortController().signal);
  return { end, requests, lines, minutes: Math.round(now / 60_000) };
}

describe("watching a run", () => {
  test("for six hours keeps to a budget of requests, and logs that it still waits", async () => {
    const { end, requests, lines } = await watchFakeRun({
      statusAt: () => ["queued"],
      jobsAt: () => [fakeJob("gpu", "queued")],
    });
    expect(end).toMatchObject({
      kind: "timed-out",
      because: expect.stringContaining(
        'after 6 h job "gpu" waits for a runner with the labels self-hosted, gpu, for 6 h',
      ),
    });
    expect(requests.state).toBeLessThanOrEqual(6 * 61 + 5);
    expect(requests.jobs).toBeLessThanOrEqual(6 * 61 + 5);
    expect(requests.reason).toBeLessThanOrEqual(6 * 13);
    expect(lines.length).toBeGreaterThan(20);
    expect(lines.length).toBeLessThan(40);
  });

  test("notices its end within a minute", async () => {
    const { end, minutes } = await watchFakeRun({
      statusAt: (at) => (at < 200 ? ["in_progress"] : ["completed", "success"]),
      jobsAt: () => [fakeJob("gpu", "in_progress")],
    });
    expect(end).toMatchObject({ kind: "ended", outcome: "success" });
    expect(minutes).toBeLessThanOrEqual(201);
  });

  test("gives up when a job does not start, the first one as any later one", async () => {
    const limits = { timeout: 5 * HOUR, startTimeout: HOUR };
    expect(await watchFakeRun({ statusAt: () => ["waiting"] }, limits)).toMatchObject({
      end: { kind: "timed-out" },
      minutes: 60,
    });
    const second = await watchFakeRun(
      {
        statusAt: () => ["in_progress"],
        jobsAt: (at) =>
          at < 90 ? [fakeJob("plan", "in_progress")] : [fakeJob("plan", "completed"), fakeJob("gpu", "queued")],
      },
      limits,
    );
    expect(second.end).toMatchObject({
      kind: "timed-out",
      because: expect.stringContaining('after 1 h job "gpu" waits'),
    });
    expect(second.minutes).toBeGreaterThanOrEqual(150);
    expect(second.minutes).toBeLessThanOrEqual(152);
  });

  test("logs within a minute that no runner takes the second job", async () => {
    const { lines } = await watchFakeRun({
      statusAt: (at) => (at < 60 ? ["in_progress"] : ["completed", "success"]),
      jobsAt: (at) =>
        at < 30 ? [fakeJob("plan", "in_progress")] : [fakeJob("plan", "completed"), fakeJob("gpu", "queued")],
      obstacles: { runners: [] },
    });
    const told = lines.filter((line) => line.includes("no runner registered in this repository has them"));
    expect(told[0]).toMatch(/^3[01] min: Waiting: job "gpu" waits for a runner/);
  });

  test("treats an unknown status as a failure", async () => {
    expect((await watchFakeRun({ statusAt: () => ["paused"] })).end).toMatchObject({
      kind: "ended",
      outcome: "failure",
    });
    const odd = await watchFakeRun({ statusAt: () => ["completed", "celebrated"] });
    expect(odd.end).toMatchObject({ outcome: "failure" });
  });
});

describe("while GitHub cannot be asked", () => {
  const CODES = [
    "github-unreachable",
    "github-odd-answer",
    "github-not-found",
    "token-invalid",
    "rate-limited",
  ] as const;

  test("a training is followed on, whatever the outages and whenever they are, up to its timeout", async () => {
    const outage = fc.record({
      from: fc.integer({ min: 0, max: 300 }),
      minutes: fc.integer({ min: 1, max: 300 }),
      code: fc.constantFrom(...CODES),
    });
    const schedule = fc.record({ outages: fc.array(outage, { maxLength: 5 }), end: fc.integer({ min: 0, max: 300 }) });
    await fc.assert(
      fc.asyncProperty(schedule, async ({ outages, end: endsAt }) => {
        const { end } = await watchFakeRun({
          statusAt(at) {
            const now = outages.find(({ from, minutes }) => at >= from && at < Math.min(from + minutes, 330));
            if (now !== undefined) return { error: now.code };
            return at < endsAt ? ["in_progress"] : ["completed", "success"];
          },
          jobsAt: () => [fakeJob("gpu", "in_progress")],
        });
        expect(end).toMatchObject({ kind: "ended", outcome: "success" });
      }),
      { seed: 12, numRuns: 200 },
    );
  });

  test("says so once, and not that the training failed", async () => {
    const { end, lines } = await watchFakeRun({
      statusAt: (at) =>
        at > 60 && at < 90 ? { error: "github-unreachable" } : at < 95 ? ["queued"] : ["completed", "success"],
    });
    expect(end).toMatchObject({ outcome: "success" });
    const told = lines.filter((line) => line.includes("GitHub cannot be asked, and the training goes on"));
    expect(told.length).toBeGreaterThan(0);
    expect(told.length).toBeLessThanOrEqual(4);
  });

  test.each(CODES)("until the end (%s), its end is not known, and it is not to be cancelled", async (error) => {
    const { end, minutes } = await watchFakeRun({ statusAt: (at) => (at > 60 ? { error } : ["in_progress"]) });
    expect(end).toMatchObject({
      kind: "unseen",
      outcome: "failure",
      because: expect.stringContaining("not cancelled"),
    });
    expect(minutes).toBe(360);
  });
});
