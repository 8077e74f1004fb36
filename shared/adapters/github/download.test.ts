import { type LocalGitHub, startLocalGitHub } from "@mlops-actions/localhub";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { GitHub } from "./github.ts";
import { createFakeTime, createTestClient } from "./testing.ts";

/** Any endpoint can be downloaded; this one needs no preparation. */
const download = (github: GitHub) => github.download(github.rest.repos.get.endpoint(github.repository));
const REQUEST = { operation: "repos/get" };

let hub: LocalGitHub;
beforeAll(async () => {
  hub = await startLocalGitHub({ limits: "off", files: { "a.txt": "a" } });
});
afterAll(() => hub.close());
beforeEach(() => hub.faults.clear());

test("waits for a rate limit are not tries, and are logged", async () => {
  const time = createFakeTime();
  const lines: string[] = [];
  const github = createTestClient(hub, { time, log: { info: (line) => void lines.push(line) } });
  hub.faults.next(REQUEST, { kind: "secondary limit", retryAfter: 7 }, 6);
  expect(JSON.parse(Buffer.from(await download(github)).toString())).toMatchObject({ name: "model" });
  expect(time.waits).toEqual(Array.from({ length: 6 }, () => 8_000));
  expect(lines).toEqual(Array.from({ length: 6 }, () => "GitHub's secondary rate limit is used up; retrying in 8 s"));
});

test("a rate limit is not waited for longer than a re-run is worth", async () => {
  const time = createFakeTime();
  hub.faults.next(REQUEST, { kind: "status", status: 429, retryAfter: 86_400 });
  await expect(download(createTestClient(hub, { time }))).rejects.toThrow(/Re-run the failed jobs in 25 hours/);
  expect(time.waits).toEqual([]);
});

test("five tries are enough", async () => {
  using _ = hub.faults.always(REQUEST, { kind: "status", status: 503 });
  const time = createFakeTime();
  await expect(download(createTestClient(hub, { time }))).rejects.toThrow(/github-unreachable/);
  expect(time.waits).toEqual([250, 500, 1_000, 2_000]);
});

test("a cancelled job downloads nothing more", async () => {
  const cancellation = new AbortController();
  const github = createTestClient(hub, { signal: cancellation.signal });
  cancellation.abort(new Error("cancelled"));
  const before = hub.journal.requests("repos/get").length;
  await expect(download(github)).rejects.toThrow("cancelled");
  expect(hub.journal.requests("repos/get")).toHaveLength(before);
});
