import { describe, expect, test } from "vitest";
import type { Log } from "../../shared/action/log.ts";
import { silentLog } from "../../shared/action/testing.ts";
import { GitHubError } from "../../shared/adapters/github/github.ts";
import { parseRunState } from "../../shared/core/training/run-state.ts";
import { type WatchResult, watchRun } from "./watch-run.ts";

const HOUR = 3_600_000;
type FakeStatus = readonly [status: string, conclusion?: string] | "no response";

/** Watches a run with this status after so many minutes; time passes only by waiting. */
async function watchFakeRun(
  statusAt: (minutes: number) => FakeStatus,
  limits = { timeout: 6 * HOUR, startTimeout: 6 * HOUR },
) {
  let now = 0;
  const requests = { state: 0, reason: 0 };
  const lines: string[] = [];
  const log: Log = { ...silentLog, info: (text) => lines.push(text) };
  const watch = {
    now: () => now,
    async sleep(ms: number) {
      now += ms;
    },
    async readDispatchedRun() {
      requests.state += 1;
      const found = statusAt(now / 60_000);
      if (found === "no response")
        throw new GitHubError({ code: "github-unreachable", message: "no response", fix: "" });
      return {
        state: parseRunState(found[0], found[1] ?? null),
        attempt: 1,
        url: "https://github.com/o/r/actions/runs/7",
      };
    },
    async readWaitReason() {
      requests.reason += 1;
      return { reason: `no runner for ${Math.round(now / 60_000)} min`, key: "no runner" };
    },
  };
  const end: WatchResult | Error = await watchRun(7, limits, watch, log, new AbortController().signal).catch(
    (error) => error,
  );
  return { end, requests, lines, minutes: Math.round(now / 60_000) };
}

describe("watching a run", () => {
  test("for six hours keeps to a budget of requests, and logs that it still waits", async () => {
    const { end, requests, lines } = await watchFakeRun(() => ["queued"]);
    expect(end).toMatchObject({
      kind: "timed-out",
      because: expect.stringContaining("after 6 h no runner for 360 min"),
    });
    expect(requests.state).toBeLessThanOrEqual(6 * 61 + 5);
    expect(requests.reason).toBeLessThanOrEqual(6 * 13);
    expect(lines.length).toBeGreaterThan(20);
    expect(lines.length).toBeLessThan(40);
  });

  test("notices its end within a minute", async () => {
    const { end, minutes } = await watchFakeRun((at) => (at < 200 ? ["in_progress"] : ["completed", "success"]));
    expect(end).toMatchObject({ kind: "ended", outcome: "success" });
    expect(minutes).toBeLessThanOrEqual(201);
  });

  test("gives up when it does not start, but not when it started and waits again", async () => {
    const limits = { timeout: 5 * HOUR, startTimeout: HOUR };
    expect(await watchFakeRun(() => ["waiting"], limits)).toMatchObject({ end: { kind: "timed-out" }, minutes: 60 });
    const again = await watchFakeRun(
      (at) => (at < 30 ? ["in_progress"] : at < 180 ? ["waiting"] : ["completed", "success"]),
      limits,
    );
    expect(again.end).toMatchObject({ outcome: "success" });
  });

  test("tolerates some minutes without a response, and not more", async () => {
    const brief = await watchFakeRun((at) =>
      at > 60 && at < 66 ? "no response" : at < 90 ? ["in_progress"] : ["completed", "success"],
    );
    expect(brief.end).toMatchObject({ outcome: "success" });
    expect(brief.lines.join("\n")).toContain("Waiting: no response");
    const long = await watchFakeRun((at) => (at > 60 ? "no response" : ["in_progress"]));
    expect(long.end).toBeInstanceOf(GitHubError);
    expect(long.minutes).toBeLessThan(75);
  });

  test("treats an unknown status as a failure", async () => {
    expect((await watchFakeRun(() => ["paused"])).end).toMatchObject({ kind: "ended", outcome: "failure" });
    expect((await watchFakeRun(() => ["completed", "celebrated"])).end).toMatchObject({ outcome: "failure" });
  });
});
