import { describe, expect, test } from "vitest";
import { sampleRoutes } from "../serving/sample-routes.ts";
import { startTestHub, type TestHub } from "../serving/testing.ts";
import type { Fault } from "./faults.ts";
import { createFaults } from "./faults.ts";

const LABELS = "GET /repos/{owner}/{repo}/labels";
const NEW_LABEL = "POST /repos/{owner}/{repo}/labels";
const target = { operation: "issues/create-label", method: "POST", path: "/repos/acme/model/labels" };
const fault: Fault = { kind: "reset", when: "before" };

describe("which requests a fault applies to", () => {
  test.each([
    ["everything", {}, true],
    ["its operation", { operation: "issues/create-label" }, true],
    ["another operation", { operation: "issues/update-label" }, false],
    ["its method", { method: "post" }, true],
    ["its path", { path: "/repos/acme/model/labels" }, true],
    ["a pattern of paths", { path: /labels$/ }, true],
    ["its path with another method", { path: "/repos/acme/model/labels", method: "GET" }, false],
  ])("%s", (_, matcher, hit) => {
    const faults = createFaults();
    faults.always(matcher, fault);
    expect(faults.takeMatching(target)).toEqual(hit ? [fault] : []);
  });

  test("the next ones only, all until disposed, none after clear", () => {
    const faults = createFaults();
    faults.next({}, fault, 2);
    expect([1, 2, 3].map(() => faults.takeMatching(target).length)).toEqual([1, 1, 0]);
    const always = faults.always({}, fault);
    expect(faults.takeMatching(target)).toHaveLength(1);
    always[Symbol.dispose]();
    expect(faults.takeMatching(target)).toEqual([]);
    faults.always({}, fault);
    faults.clear();
    expect(faults.takeMatching(target)).toEqual([]);
  });

  test("the second and third one, after others of the operation", () => {
    const faults = createFaults();
    faults.next({}, fault, 2, 1);
    expect([1, 2, 3, 4].map(() => faults.takeMatching(target).length)).toEqual([0, 1, 1, 0]);
  });

  test("a seeded share: the same seed selects the same requests", () => {
    const hits = (seed: number) => {
      const faults = createFaults();
      faults.chance(0.3, seed, {}, fault);
      return Array.from({ length: 1_000 }, () => faults.takeMatching(target).length);
    };
    expect(hits(7)).toEqual(hits(7));
    expect(hits(7)).not.toEqual(hits(8));
    const share = hits(7).reduce((sum, hit) => sum + hit, 0);
    expect(share).toBeGreaterThan(250);
    expect(share).toBeLessThan(350);
  });
});

/**
 * Creates a label with the fault. Returns the response, `undefined` when the connection broke, and whether it exists.
 */
async function createUnder(hub: TestHub, injected: Fault) {
  hub.server.faults.next({ operation: "issues/create-label" }, injected);
  const response = await hub
    .as("alice")
    .request(NEW_LABEL, { name: "new" })
    .catch(() => undefined);
  return { response, exists: hub.repository.labels.has("new") };
}

describe("what the client sees, and whether the request took effect", () => {
  test.each<[Fault, number | undefined, boolean]>([
    [{ kind: "status", status: 502 }, 502, false],
    [{ kind: "status", status: 502, when: "after" }, 502, true],
    [{ kind: "status", status: 500, when: "before" }, 500, false],
    [{ kind: "status", status: 429, retryAfter: 7 }, 429, false],
    [{ kind: "status", status: 403 }, 403, false],
    [{ kind: "reset", when: "before" }, undefined, false],
    [{ kind: "reset", when: "after" }, undefined, true],
    [{ kind: "truncated" }, undefined, true],
    [{ kind: "html" }, 200, true],
    [{ kind: "no effect", shows: "the change" }, 201, false],
    [{ kind: "not found" }, 404, false],
    [{ kind: "empty", body: "", when: "before" }, 200, false],
    [{ kind: "empty", body: "null", when: "after" }, 200, true],
    [{ kind: "redirect", status: 307, to: "https://elsewhere.invalid/" }, 307, false],
    [{ kind: "redirect", status: 301 }, 301, false],
    [{ kind: "huge", megabytes: 2 }, 201, true],
    [{ kind: "wrong types", seed: 1 }, 201, true],
    [{ kind: "foreign link" }, 201, true],
    [{ kind: "latency", ms: 5 }, 201, true],
    [{ kind: "clock skew", ms: 3_600_000 }, 201, true],
    [{ kind: "secondary limit", retryAfter: 60 }, 403, false],
    [{ kind: "primary limit", resetsIn: 30 }, 403, false],
    [{ kind: "primary limit", status: 429, resetsIn: 30 }, 429, false],
  ])("%j", async (injected, status, exists) => {
    await using hub = await startTestHub({ routes: sampleRoutes });
    const result = await createUnder(hub, injected);
    expect([result.response?.status, result.exists]).toEqual([status, exists]);
    const [entry] = hub.world.journal.requests("issues/create-label");
    expect(entry?.fault).toContain(injected.kind);
    expect(entry?.actor).toBe("alice");
    expect((await hub.as("alice").request(NEW_LABEL, { name: "next" })).status).toBe(201);
  });

  test("retry-after is sent only when it was set", async () => {
    await using hub = await startTestHub({ routes: sampleRoutes });
    const waits = [];
    for (const injected of [
      { kind: "status", status: 429, retryAfter: 7 },
      { kind: "status", status: 429 },
      { kind: "secondary limit", retryAfter: 60 },
      { kind: "secondary limit" },
    ] as const) {
      waits.push((await createUnder(hub, injected)).response?.headers.get("retry-after"));
    }
    expect(waits).toEqual(["7", null, "60", null]);
  });

  test("a used-up primary limit has its reset time, and is not a secondary one", async () => {
    await using hub = await startTestHub({ routes: sampleRoutes });
    const { response } = await createUnder(hub, { kind: "primary limit", resetsIn: 30 });
    expect(response?.headers.get("x-ratelimit-remaining")).toBe("0");
    const wait = Number(response?.headers.get("x-ratelimit-reset")) - hub.world.clock.now().getTime() / 1000;
    expect(wait).toBeGreaterThan(25);
    expect(wait).toBeLessThanOrEqual(31);
    expect(response?.body.message).not.toMatch(/secondary/);
  });

  test("a skewed clock shows in the Date header", async () => {
    await using hub = await startTestHub({ routes: sampleRoutes });
    hub.server.faults.next({}, { kind: "clock skew", ms: -3_600_000 });
    const { headers } = await hub.as("alice").request(LABELS);
    const skew = Date.parse(headers.get("date") ?? "") - hub.world.clock.now().getTime();
    expect(Math.round(skew / 60_000)).toBe(-60);
  });

  test("HTML in place of JSON is well-formed HTTP", async () => {
    await using hub = await startTestHub({ routes: sampleRoutes });
    const { response } = await createUnder(hub, { kind: "html" });
    expect(response?.headers.get("content-type")).toContain("text/html");
    expect(response?.body).toContain("<html>");
  });
});

describe("lists that lag", () => {
  const names = async (hub: TestHub) =>
    ((await hub.as("alice").request(LABELS, { per_page: 100 })).body as { name: string }[])
      .map(({ name }) => name)
      .filter((name) => name.startsWith("new"));

  test("by requests: the list as it was at the last request", async () => {
    await using hub = await startTestHub({ routes: sampleRoutes });
    using lag = hub.server.faults.always(
      { operation: "issues/list-labels-for-repo" },
      { kind: "list lag", requests: 1 },
    );
    expect(await names(hub)).toEqual([]);
    await hub.as("alice").request(NEW_LABEL, { name: "new one" });
    expect(await names(hub)).toEqual([]);
    expect(await names(hub)).toEqual(["new one"]);
    await hub.as("alice").request(NEW_LABEL, { name: "new two" });
    expect(await names(hub)).toEqual(["new one"]);
    lag[Symbol.dispose]();
    expect(await names(hub)).toEqual(["new one", "new two"]);
  });

  test("by time: the list as it was so many milliseconds ago", async () => {
    await using hub = await startTestHub({ routes: sampleRoutes });
    hub.server.faults.always({ operation: "issues/list-labels-for-repo" }, { kind: "list lag", ms: 10_000 });
    await names(hub);
    await hub.as("alice").request(NEW_LABEL, { name: "new one" });
    hub.world.clock.advance(9_000);
    await names(hub);
    hub.world.clock.advance(2_000);
    expect(await names(hub)).toEqual([]);
    hub.world.clock.advance(10_000);
    expect(await names(hub)).toEqual(["new one"]);
  });
});
