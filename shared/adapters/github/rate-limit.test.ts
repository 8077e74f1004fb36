import { describe, expect, test } from "vitest";
import { createRateLimitedRequest, getRateLimitWait } from "./rate-limit.ts";
import type { GitHubResponse } from "./response.ts";
import { createFakeTime } from "./testing.ts";

const DATE = "Sun, 01 Nov 2026 00:00:00 GMT";
const IN_30_S = String(Date.parse(DATE) / 1000 + 30);

const respond = (status: number, headers: Record<string, string> = {}, message = ""): GitHubResponse => ({
  kind: "response",
  status,
  headers: new Headers(headers),
  text: JSON.stringify({ message }),
  data: { message },
});
const USED_UP = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": IN_30_S };

test.for<[string, GitHubResponse, number, string]>([
  ["a time to wait", respond(429, { "retry-after": "3" }), 0, "secondary 4000"],
  ["it before the reset", respond(403, { ...USED_UP, "retry-after": "3" }), 0, "secondary 4000"],
  ["a reset, by the server's own clock", respond(403, { ...USED_UP, date: DATE }), 0, "primary 31000"],
  ["a reset that has passed", respond(403, { ...USED_UP, "x-ratelimit-reset": "1", date: DATE }), 0, "primary 1000"],
  ["it again and again", respond(403, { ...USED_UP, "x-ratelimit-reset": "1", date: DATE }), 3, "primary 240000"],
  ["no reset, again", respond(403, { "x-ratelimit-remaining": "0", date: DATE }), 1, "primary 60000"],
  ["a reset without a date", respond(403, USED_UP), 0, "primary 61000"],
  ["no time", respond(429), 0, "secondary 60000"],
  ["no time, for the third time", respond(429), 2, "secondary 240000"],
  ["only words", respond(403, {}, "You have exceeded a secondary rate limit."), 0, "secondary 60000"],
  ["a missing permission", respond(403, {}, "Resource not accessible by integration"), 0, "none"],
  ["an unavailable server", respond(503, { "retry-after": "3" }), 0, "none"],
  ["a success", respond(200, USED_UP), 0, "none"],
])("%s", ([, response, previousHits, expected]) => {
  const wait = getRateLimitWait(response, previousHits);
  expect(wait === undefined ? "none" : `${wait.limit} ${wait.ms}`).toBe(expected);
});

describe("one request", () => {
  const start = (responses: readonly GitHubResponse[]) => {
    const time = createFakeTime();
    const lines: string[] = [];
    const log = { info: (line: string) => void lines.push(line) };
    const request = createRateLimitedRequest("GET /x", { time, log, signal: new AbortController().signal });
    const left = [...responses];
    const sendOnce = async (): Promise<GitHubResponse> => left.shift() ?? respond(200);
    return { time, lines, request, sendOnce };
  };

  test("waits, says so, and is sent again", async () => {
    const { time, lines, request, sendOnce } = start([respond(429, { "retry-after": "3" }), respond(429)]);
    expect(await request.send(sendOnce)).toMatchObject({ status: 200 });
    expect(time.waits).toEqual([4_000, 120_000]);
    expect(request.waitedMs()).toBe(124_000);
    expect(lines).toEqual([
      "GitHub's secondary rate limit is used up; retrying in 4 s",
      "GitHub's secondary rate limit is used up; retrying in 120 s",
    ]);
  });

  test("is given up before a wait that is too long", async () => {
    const { time, lines, request, sendOnce } = start([respond(429, { "retry-after": "86400" })]);
    await expect(request.send(sendOnce)).rejects.toThrow(/Re-run the failed jobs in 25 hours. \[rate-limited\]/);
    expect([time.waits, lines]).toEqual([[], []]);
  });

  test("is given up before the wait with which all waits are too long, also after other errors", async () => {
    const long = respond(429, { "retry-after": "599" });
    const { time, request, sendOnce } = start([long, respond(502), long]);
    expect(await request.send(sendOnce)).toMatchObject({ status: 502 });
    await expect(request.send(sendOnce)).rejects.toThrow("rate-limited");
    expect(time.waits).toEqual([600_000]);
  });
});
