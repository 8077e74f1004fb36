import { afterAll, beforeAll, expect, test } from "vitest";
import { ZERO_SHA } from "../../git/git-repository.ts";
import { createTeam } from "../../operations/people/accounts.ts";
import { assertPushAllowed } from "../../operations/refs/push-rules.ts";
import { createPullFixture, type PullFixture } from "./pull-fixture.ts";

const PROTECTION = "/repos/{owner}/{repo}/branches/{branch}/protection";
const OPEN = {
  required_status_checks: null,
  enforce_admins: true,
  required_pull_request_reviews: null,
  restrictions: null,
};

let fixture: PullFixture;
beforeAll(async () => {
  fixture = await createPullFixture();
});
afterAll(() => fixture[Symbol.asyncDispose]());

const put = (branch: string, settings: object, login = "alice") =>
  fixture.hub.as(login).request(`PUT ${PROTECTION}`, { branch, ...OPEN, ...settings });
const get = (branch: string) => fixture.hub.as("alice").request(`GET ${PROTECTION}`, { branch });

test("every setting is stored and returned", async () => {
  await fixture.push("kept", { "k.txt": "k\n" });
  createTeam(fixture.hub.world, fixture.hub.repository.owner, "ops", []);
  const settings = {
    required_status_checks: { strict: true, contexts: [], checks: [{ context: "gate", app_id: -1 }] },
    required_pull_request_reviews: {
      required_approving_review_count: 2,
      dismiss_stale_reviews: true,
      require_code_owner_reviews: true,
      require_last_push_approval: true,
      dismissal_restrictions: { users: ["bob"], teams: ["ops"] },
      bypass_pull_request_allowances: { users: ["alice"] },
    },
    restrictions: { users: ["bob"], teams: ["ops"], apps: [] },
    required_linear_history: true,
    allow_force_pushes: true,
    allow_deletions: true,
    block_creations: true,
    required_conversation_resolution: true,
    lock_branch: true,
    allow_fork_syncing: true,
  };
  expect((await put("kept", settings)).status).toBe(200);
  const { body } = await get("kept");
  expect(body).toMatchObject({
    required_status_checks: { strict: true, contexts: ["gate"], checks: [{ context: "gate", app_id: null }] },
    required_pull_request_reviews: {
      required_approving_review_count: 2,
      dismiss_stale_reviews: true,
      require_code_owner_reviews: true,
      require_last_push_approval: true,
      dismissal_restrictions: { users: [{ login: "bob" }], teams: [{ slug: "ops" }] },
      bypass_pull_request_allowances: { users: [{ login: "alice" }] },
    },
    restrictions: { users: [{ login: "bob" }], teams: [{ slug: "ops" }] },
    enforce_admins: { enabled: true },
    required_linear_history: { enabled: true },
    allow_force_pushes: { enabled: true },
    allow_deletions: { enabled: true },
    block_creations: { enabled: true },
    required_conversation_resolution: { enabled: true },
    lock_branch: { enabled: true },
    allow_fork_syncing: { enabled: true },
  });
  const policy = await fixture.hub.as("alice").request(`GET ${PROTECTION}/required_status_checks`, { branch: "kept" });
  expect(policy.body).toMatchObject({ strict: true, contexts: ["gate"] });
});

test("a missing branch or protection is an error with GitHub's message", async () => {
  await fixture.push("bare", { "b.txt": "b\n" });
  const messages = [await get("nowhere"), await get("bare")].map(({ status, body }) => [status, body.message]);
  expect(messages).toEqual([
    [404, "Branch not found"],
    [404, "Branch not protected"],
  ]);
  expect((await put("bare", { restrictions: { users: ["nobody"], teams: [] } })).status).toBe(422);
  // GitHub docs, "Update branch protection": 0 to 6.
  const seven = { required_pull_request_reviews: { required_approving_review_count: 7 } };
  expect((await put("bare", seven)).status).toBe(422);
});

test("only administrators protect and unprotect", async () => {
  await fixture.push("guarded", { "g.txt": "g\n" });
  expect((await put("guarded", {}, "bob")).status).toBe(404);
  expect((await put("guarded", {})).status).toBe(200);
  const remove = (login: string) => fixture.hub.as(login).request(`DELETE ${PROTECTION}`, { branch: "guarded" });
  expect([(await remove("bob")).status, (await remove("alice")).status]).toEqual([404, 204]);
  expect((await get("guarded")).status).toBe(404);
});

test("a check without an app is pinned to the one that last reported it", async () => {
  await fixture.push("pinned", { "p.txt": "p\n" });
  const sha = await fixture.push("pinned", { "p.txt": "pp\n" });
  const job = fixture.hub.asJob({ checks: "write" });
  await job.request("POST /repos/{owner}/{repo}/check-runs", { name: "pinned-check", head_sha: sha });
  const checks = [{ context: "pinned-check" }, { context: "unseen" }];
  const { body } = await put("pinned", { required_status_checks: { strict: false, contexts: [], checks } });
  expect(body.required_status_checks.checks).toEqual([
    { context: "pinned-check", app_id: 15_368 },
    { context: "unseen", app_id: null },
  ]);
});

type Push = "forward" | "forced" | "deleted";
test.each<[string, object, Push, string, string | undefined]>([
  [
    "required reviews",
    { required_pull_request_reviews: {} },
    "forward",
    "bob",
    "Changes must be made through a pull request.",
  ],
  [
    "a required check",
    { required_status_checks: { strict: false, contexts: ["gate"] } },
    "forward",
    "bob",
    'Required status check "gate" is expected.',
  ],
  [
    "restrictions",
    { restrictions: { users: ["alice"], teams: [] } },
    "forward",
    "bob",
    "You're not authorized to push to this branch.",
  ],
  [
    "restrictions that include the pusher",
    { restrictions: { users: ["bob"], teams: [] } },
    "forward",
    "bob",
    undefined,
  ],
  ["a lock", { lock_branch: true }, "forward", "bob", "Cannot change this locked branch"],
  ["protection without rules, forced", {}, "forced", "bob", "Cannot force-push to this branch"],
  [
    "protection without rules, forced by an administrator",
    { enforce_admins: false },
    "forced",
    "alice",
    "Cannot force-push to this branch",
  ],
  ["force pushes allowed", { allow_force_pushes: true }, "forced", "bob", undefined],
  ["protection without rules, deleted", {}, "deleted", "bob", "Cannot delete this protected branch"],
  ["deletions allowed", { allow_deletions: true }, "deleted", "bob", undefined],
  [
    "reviews that administrators do not need",
    { required_pull_request_reviews: {}, enforce_admins: false },
    "forward",
    "alice",
    undefined,
  ],
])("a push with %s", async (name, settings, push, login, message) => {
  const branch = `push-${name.replaceAll(/\W/g, "-")}`;
  const before = await fixture.push(branch, { "p.txt": "1\n" });
  const after = await fixture.push(
    `${branch}-next`,
    { "p.txt": "2\n" },
    { startFrom: push === "forced" ? "main" : branch },
  );
  await put(branch, settings);
  const target = push === "deleted" ? ZERO_SHA : after;
  const { world, repository } = fixture.hub;
  const check = assertPushAllowed(world, repository, `refs/heads/${branch}`, before, target, fixture.caller(login));
  if (message === undefined) await expect(check).resolves.toBeUndefined();
  else await expect(check).rejects.toMatchObject({ status: 422, message });
});

test("a merge commit breaks linear history", async () => {
  const pull = await fixture.open("merges");
  await fixture.push("main", { "linear.txt": "x\n" });
  await fixture.hub
    .as("bob")
    .request("PUT /repos/{owner}/{repo}/pulls/{pull_number}/update-branch", { pull_number: pull.number });
  await fixture.push("linear", { "l.txt": "l\n" }, { startFrom: pull.baseSha });
  await put("linear", { required_linear_history: true });
  const before = (await fixture.hub.repository.git.resolve("linear")) ?? "";
  const { world, repository } = fixture.hub;
  const check = (after: string) =>
    assertPushAllowed(world, repository, "refs/heads/linear", before, after, fixture.caller("bob"));
  const plain = await fixture.push("linear-next", { "n.txt": "n\n" }, { startFrom: "linear" });
  await expect(check(plain)).resolves.toBeUndefined();
  await put("linear", { required_linear_history: true, allow_force_pushes: true });
  await expect(check(pull.headSha)).rejects.toMatchObject({ message: "This branch must not contain merge commits." });
});
