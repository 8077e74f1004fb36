import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MAX_COMMIT_STATUS_DESCRIPTION_LENGTH, MAX_STATUSES } from "../../operations/checks/statuses.ts";
import { startTestHub, type TestHub } from "../serving/testing.ts";
import { statusRoutes } from "./statuses.ts";

const CREATE = "POST /repos/{owner}/{repo}/statuses/{sha}";
const LIST = "GET /repos/{owner}/{repo}/commits/{ref}/statuses";
const COMBINED = "GET /repos/{owner}/{repo}/commits/{ref}/status";

describe("commit statuses", () => {
  let hub: TestHub;
  beforeAll(async () => {
    hub = await startTestHub({ routes: statusRoutes });
  });
  afterAll(() => hub[Symbol.asyncDispose]());

  const commit = (name: string): Promise<string> => hub.commit({ [name]: name });

  test("a commit without statuses is pending, one failed context fails it, and it succeeds when all have succeeded", async () => {
    const bob = hub.as("bob");
    const sha = await commit("combined");
    expect((await bob.request(COMBINED, { ref: sha })).body).toMatchObject({ state: "pending", total_count: 0 });
    const table = [
      ["ci", "success", "success"],
      ["lint", "pending", "pending"],
      ["docs", "error", "failure"],
      ["DOCS", "success", "pending"],
      ["lint", "failure", "failure"],
      ["lint", "success", "success"],
    ] as const;
    for (const [context, state, expected] of table) {
      await bob.request(CREATE, { sha, context, state });
      expect((await bob.request(COMBINED, { ref: "main" })).body.state).toBe(expected);
    }
    const combined = await bob.request(COMBINED, { ref: "heads/main" });
    expect(combined.body.statuses.map(({ context }: { context: string }) => context)).toEqual(["ci", "DOCS", "lint"]);
    const all = await bob.request(LIST, { ref: sha });
    expect(all.body).toHaveLength(table.length);
    expect(all.body[0]).toMatchObject({ context: "lint", state: "success", creator: { login: "bob" } });
  });

  test("the default context is `default`, and an event is published", async () => {
    const sha = await commit("announced");
    const before = hub.world.journal.effects("status").length;
    const made = await hub.asJob({ statuses: "write" }).request(CREATE, { sha, state: "success" });
    expect(made).toMatchObject({
      status: 201,
      body: { context: "default", description: null, target_url: null, creator: { login: "github-actions[bot]" } },
    });
    expect(hub.world.journal.effects("status")).toHaveLength(before + 1);
  });

  // GitHub returns 422 with this message: zalando/zappr#378.
  test("a description has at most 140 characters, counted as code points", async () => {
    const sha = await commit("described");
    const of = (description: string) => hub.as("bob").request(CREATE, { sha, state: "success", description });
    expect((await of("🌈".repeat(MAX_COMMIT_STATUS_DESCRIPTION_LENGTH))).status).toBe(201);
    expect(await of("x".repeat(MAX_COMMIT_STATUS_DESCRIPTION_LENGTH + 1))).toMatchObject({
      status: 422,
      body: {
        message: "Validation Failed",
        errors: [
          { resource: "Status", field: "description", message: "description is too long (maximum is 140 characters)" },
        ],
      },
    });
  });

  // GitHub docs, "Create a commit status"; message: palantir/policy-bot#470.
  test("a commit and context take 1,000 statuses, whatever the context's case", async () => {
    const sha = await commit("full");
    const [one] = hub.repository.statuses;
    if (!one) throw new Error("an earlier test created a status");
    const full = Array.from({ length: MAX_STATUSES }, (_, id) => ({ ...one, id, sha, context: "Full" }));
    hub.repository.statuses.push(...full);
    const rejected = await hub.as("bob").request(CREATE, { sha, state: "success", context: "full" });
    expect(rejected.body.errors).toEqual([
      {
        resource: "Status",
        code: "custom",
        message: "This SHA and context has reached the maximum number of statuses.",
      },
    ]);
    expect((await hub.as("bob").request(CREATE, { sha, state: "success", context: "other" })).status).toBe(201);
  });

  test.each([
    ["an unknown commit", { sha: "a".repeat(40) }, `No commit found for SHA: ${"a".repeat(40)}`],
    ["a branch's name", { sha: "main" }, "No commit found for SHA: main"],
    ["a link that is not a web URL", { target_url: "ftp://example.com" }, "Validation Failed"],
    ["a context of 256 characters", { context: "x".repeat(256) }, "Validation Failed"],
  ])("%s is rejected", async (_, parameters, message) => {
    const sha = await hub.repository.git.resolve("main");
    const rejected = await hub.as("bob").request(CREATE, { sha, state: "success", ...parameters });
    expect(rejected).toMatchObject({ status: 422, body: { message } });
  });
});
