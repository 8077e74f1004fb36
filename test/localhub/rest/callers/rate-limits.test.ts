import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { operationById } from "../../openapi/description.ts";
import { createAccount, createApp } from "../../operations/people/accounts.ts";
import { createRepository } from "../../operations/people/repositories.ts";
import { appToken, classicToken, fineGrainedToken, jobToken } from "../../operations/people/tokens.ts";
import type { Token } from "../../world/tokens.ts";
import { createWorld } from "../../world/world.ts";
import { route } from "../route.ts";
import { sampleRoutes } from "../serving/sample-routes.ts";
import { startTestHub } from "../serving/testing.ts";
import { createRateLimiter, GITHUB_LIMITS, NO_LIMITS, type RateLimiter, type RateLimits } from "./rate-limits.ts";

const READ = operationById("issues/list-comments");
const EDIT = operationById("issues/update-comment");
const COMMENT = operationById("issues/create-comment");
const MINUTE = 60_000;

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "rates-"));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const withToken = (token: Token) => ({ actor: token.actor, token });

function setUp(limits: Partial<RateLimits> = {}) {
  const world = createWorld({ directory });
  const alice = createAccount(world, { login: "alice" });
  const limiter = createRateLimiter(world, { ...GITHUB_LIMITS, ...limits });
  return { world, alice, limiter, caller: withToken(classicToken(world, alice)) };
}

/** How many requests in a row are accepted before one is rejected, at max `max`. */
function admitted(
  limiter: RateLimiter,
  caller: Parameters<RateLimiter["acquire"]>[0],
  operation = READ,
  max = 10_000,
): number {
  for (let count = 0; count < max; count++) {
    try {
      limiter.acquire(caller, operation)[Symbol.dispose]();
    } catch {
      return count;
    }
  }
  return max;
}

const rejection = (limiter: RateLimiter, caller: Parameters<RateLimiter["acquire"]>[0], operation = READ) => {
  try {
    limiter.acquire(caller, operation)[Symbol.dispose]();
  } catch (error) {
    return error;
  }
  return undefined;
};

describe("primary limits (GitHub docs, Rate limits for the REST API)", () => {
  const secondaryOff = { pointsPerMinute: Number.POSITIVE_INFINITY, contentPerMinute: 1e9, contentPerHour: 1e9 };

  test("anonymous callers: 60 an hour", () => {
    const { limiter } = setUp(secondaryOff);
    expect(admitted(limiter, undefined)).toBe(60);
    expect(rejection(limiter, undefined)).toMatchObject({
      status: 403,
      message: expect.stringMatching(/^API rate limit exceeded for 127\.0\.0\.1\. \(But here's the good news/),
    });
  });

  test("people: 5,000 an hour over all their tokens", () => {
    const { world, alice, limiter, caller } = setUp(secondaryOff);
    const other = withToken(fineGrainedToken(world, alice, {}));
    expect(admitted(limiter, caller) + admitted(limiter, other)).toBe(5_000);
    expect(rejection(limiter, other)).toMatchObject({ message: `API rate limit exceeded for user ID ${alice.id}.` });
  });

  test("jobs: 1,000 an hour for all of a repository; apps: 5,000", async () => {
    const { world, alice, limiter } = setUp(secondaryOff);
    const repository = await createRepository(world, { owner: alice, name: "one" });
    const other = await createRepository(world, { owner: alice, name: "two" });
    const job = (number: number, of = repository) => withToken(jobToken(world, of, number, {}));
    expect(admitted(limiter, job(1)) + admitted(limiter, job(2))).toBe(1_000);
    expect(admitted(limiter, job(3, other))).toBe(1_000);
    const app = createApp(world, "robot", alice, {});
    expect(admitted(limiter, withToken(appToken(world, app, {})))).toBe(5_000);
  });

  test("the window starts with the first request and lasts an hour", () => {
    const { world, limiter } = setUp(secondaryOff);
    admitted(limiter, undefined, READ, 10);
    expect(limiter.status(undefined)).toMatchObject({ limit: 60, used: 10, remaining: 50 });
    world.clock.advance(59 * MINUTE);
    expect(limiter.status(undefined)?.used).toBe(10);
    world.clock.advance(MINUTE);
    expect(limiter.status(undefined)).toMatchObject({ used: 0, remaining: 60 });
  });
});

describe("secondary limits (GitHub docs, About secondary rate limits)", () => {
  test("900 points a minute: a read costs 1, a write 5", () => {
    const { world, limiter, caller } = setUp();
    expect(admitted(limiter, caller, READ)).toBe(900);
    expect(admitted(limiter, caller, EDIT)).toBe(180);
    world.clock.advance(20_000);
    expect(rejection(limiter, caller, EDIT)).toMatchObject({
      status: 403,
      message: expect.stringContaining("exceeded a secondary rate limit"),
      headers: { "retry-after": "40" },
    });
    world.clock.advance(40_000);
    expect(admitted(limiter, caller, EDIT)).toBe(180);
  });

  test("80 new contents a minute and 500 an hour", () => {
    const { world, limiter, caller } = setUp();
    const counts = Array.from({ length: 8 }, () => {
      const count = admitted(limiter, caller, COMMENT);
      world.clock.advance(MINUTE);
      return count;
    });
    expect(counts).toEqual([80, 80, 80, 80, 80, 80, 20, 0]);
  });

  test("100 requests at the same time", () => {
    const { limiter, caller } = setUp();
    const open = Array.from({ length: 100 }, () => limiter.acquire(caller, READ));
    expect(rejection(limiter, caller)).toMatchObject({ status: 403, headers: { "retry-after": "60" } });
    open[0]?.[Symbol.dispose]();
    expect(rejection(limiter, caller)).toBeUndefined();
  });

  test("rejected requests do not count", () => {
    const { limiter, caller } = setUp();
    admitted(limiter, caller, COMMENT);
    rejection(limiter, caller, COMMENT);
    expect(limiter.status(caller)?.used).toBe(80);
  });
});

test("without limits there is nothing to report", () => {
  const { world, caller } = setUp();
  const limiter = createRateLimiter(world, NO_LIMITS);
  expect(admitted(limiter, caller, COMMENT, 2_000)).toBe(2_000);
  expect(limiter.status(caller)).toBeUndefined();
});

describe("over HTTP", () => {
  const LABELS = "GET /repos/{owner}/{repo}/labels";

  test("headers count down, 304 and rate_limit are free, and a used-up limit is 403 until the reset", async () => {
    const rate = route("rate-limit/get", ({ rate }) => {
      const { limit = 0, used = 0, remaining = 0, resetsAt = new Date(0) } = rate ?? {};
      const core = { limit, used, remaining, reset: Math.ceil(resetsAt.getTime() / 1000) };
      const body = { resources: { core, search: core }, rate: core };
      return { kind: "json", status: 200, body };
    });
    await using hub = await startTestHub({ routes: [...sampleRoutes, rate], limits: { person: 3 } });
    const alice = hub.as("alice");
    const first = await alice.request(LABELS);
    expect(first.headers.get("x-ratelimit-remaining")).toBe("2");
    expect(first.headers.get("x-ratelimit-resource")).toBe("core");
    const known = { headers: { "if-none-match": first.headers.get("etag") ?? "" } };
    expect((await alice.request(LABELS, {}, known)).headers.get("x-ratelimit-used")).toBe("1");
    await alice.request(LABELS);
    await alice.request(LABELS);
    expect(await alice.request(LABELS)).toMatchObject({ status: 403, body: { status: "403" } });
    expect((await hub.as("bob").request("GET /rate_limit")).body.rate).toMatchObject({ limit: 3, remaining: 3 });
    expect((await hub.as("bob").request(LABELS)).headers.get("x-ratelimit-used")).toBe("1");
    hub.world.clock.advance(60 * MINUTE);
    expect((await alice.request(LABELS)).status).toBe(200);
  });
});
