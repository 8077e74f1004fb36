import { describe, expect, test } from "vitest";
import type { Log } from "../../shared/action/log.ts";
import { silentLog } from "../../shared/action/testing.ts";
import { GitHubError } from "../../shared/adapters/github/github.ts";
import { parseRunState } from "../../shared/core/training/run-state.ts";
import { type WatchResult, watchRun } from "./watch-run.ts";

const HOUR = 3_600_000;
type FakeStatus = readonly [status: string, conclusion?: string] | "no answer";

/** Follows a run that is seen so and so after each number of minutes; time passes by waiting only. */
async function watchFakeRun(
  seen: (minutes: number) => FakeStatus,
  limits = { timeout: 6 * HOUR, startTimeout: 6 * HOUR },
) {
  let now = 0;
  const asked = { state: 0, why: 0 };
  const said: string[] = [];
  const log: Log = { ...silentLog, info: (text) => said.push(text) };
  const watch = {
    now: () => now,
    async sleep(ms: number) {
      now += ms;
    },
    async readDispatchedRun() {
      asked.state += 1;
      const found = seen(now / 60_000);
      if (found === "no answer") throw new GitHubError({ code: "github-unreachable", message: "no answer", fix: "" });
      return {
        state: parseRunState(found[0], found[1] ?? null),
        attempt: 1,
        url: "https://github.com/o/r/actions/runs/7",
      };
    },
    async readWaitReason() {
      asked.why += 1;
      return { reason: `no runner for ${Math.round(now / 60_000)} min`, key: "no runner" };
    },
  };
  const end: WatchResult | Error = await watchRun(7, limits, watch, log, new AbortController().signal).catch(
    (error) => error,
  );
  return { end, asked, said, minutes: Math.round(now / 60_000) };
}

describe("following a run", () => {
  test("for six hours keeps to a budget of requests, and shows that it still waits", async () => {
    const { end, asked, said } = await watchFakeRun(() => ["queued"]);
    expect(end).toMatchObject({
      kind: "given-up",
      because: expect.stringContaining("after 6 h no runner for 360 min"),
    });
    expect(asked.state).toBeLessThanOrEqual(6 * 61 + 5);
    expect(asked.why).toBeLessThanOrEqual(6 * 13);
    expect(said.length).toBeGreaterThan(20);
    expect(said.length).toBeLessThan(40);
  });

  test("sees its end within a minute", async () => {
    const { end, minutes } = await watchFakeRun((at) => (at < 200 ? ["in_progress"] : ["completed", "success"]));
    expect(end).toMatchObject({ kind: "ended", outcome: "success" });
    expect(minutes).toBeLessThanOrEqual(201);
  });

  test("gives it up when it does not begin, but not when it began and waits again", async () => {
    const limits = { timeout: 5 * HOUR, startTimeout: HOUR };
    expect(await watchFakeRun(() => ["waiting"], limits)).toMatchObject({ end: { kind: "given-up" }, minutes: 60 });
    const again = await watchFakeRun(
      (at) => (at < 30 ? ["in_progress"] : at < 180 ? ["waiting"] : ["completed", "success"]),
      limits,
    );
    expect(again.end).toMatchObject({ outcome: "success" });
  });

  test("bears some minutes without an answer, and not for ever", async () => {
    const brief = await watchFakeRun((at) =>
      at > 60 && at < 66 ? "no answer" : at < 90 ? ["in_progress"] : ["completed", "success"],
    );
    expect(brief.end).toMatchObject({ outcome: "success" });
    expect(brief.said.join("\n")).toContain("Waiting: no answer");
    const long = await watchFakeRun((at) => (at > 60 ? "no answer" : ["in_progress"]));
    expect(long.end).toBeInstanceOf(GitHubError);
    expect(long.minutes).toBeLessThan(75);
  });

  test("takes a word it does not know for a failure", async () => {
    expect((await watchFakeRun(() => ["paused"])).end).toMatchObject({ kind: "ended", outcome: "failure" });
    expect((await watchFakeRun(() => ["completed", "celebrated"])).end).toMatchObject({ outcome: "failure" });
  });
});
