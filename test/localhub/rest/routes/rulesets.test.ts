import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { ZERO_SHA } from "../../git/git-repository.ts";
import { createApp } from "../../operations/people/accounts.ts";
import { assertPushAllowed } from "../../operations/refs/push-rules.ts";
import type { RulesetRule } from "../../world/protection.ts";
import { createPullFixture, type PullFixture } from "./pull-fixture.ts";

const RULESETS = "/repos/{owner}/{repo}/rulesets";
const MERGE = "PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge";

let fixture: PullFixture;
let count = 0;
beforeAll(async () => {
  fixture = await createPullFixture();
});
afterEach(() => fixture.hub.repository.rulesets.clear());
afterAll(() => fixture[Symbol.asyncDispose]());

const create = async (rules: readonly RulesetRule[], settings: object = {}) => {
  const include = ["refs/heads/guarded/**/*"];
  return fixture.hub.as("alice").request(`POST ${RULESETS}`, {
    name: `ruleset ${++count}`,
    enforcement: "active",
    conditions: { ref_name: { include, exclude: [] } },
    rules,
    ...settings,
  });
};
const rulesOn = async (branch: string): Promise<readonly string[]> =>
  (await fixture.hub.as("bob").request("GET /repos/{owner}/{repo}/rules/branches/{branch}", { branch })).body.map(
    ({ type }: { type: string }) => type,
  );
const REVIEWS = {
  dismiss_stale_reviews_on_push: false,
  require_code_owner_review: false,
  require_last_push_approval: false,
  required_approving_review_count: 1,
  required_review_thread_resolution: false,
};
const violated = (...messages: string[]): string => `Repository rule violations found\n\n${messages.join("\n\n")}\n\n`;

test("a ruleset is created, read, changed and deleted", async () => {
  const made = await create([{ type: "deletion" }], { bypass_actors: [{ actor_id: 5, actor_type: "RepositoryRole" }] });
  expect([made.status, made.body.current_user_can_bypass]).toEqual([201, "always"]);
  const ruleset_id = made.body.id;
  const read = async (login: string) =>
    (await fixture.hub.as(login).request(`GET ${RULESETS}/{ruleset_id}`, { ruleset_id })).body;
  expect(await read("alice")).toMatchObject({ bypass_actors: [{ actor_id: 5, bypass_mode: "always" }] });
  expect(await read("bob")).toMatchObject({ current_user_can_bypass: "never", rules: [{ type: "deletion" }] });
  expect("bypass_actors" in (await read("bob"))).toBe(false);
  const changed = await fixture.hub
    .as("alice")
    .request(`PUT ${RULESETS}/{ruleset_id}`, { ruleset_id, enforcement: "disabled" });
  expect(changed.body).toMatchObject({ enforcement: "disabled", rules: [{ type: "deletion" }] });
  expect((await fixture.hub.as("bob").request(`GET ${RULESETS}`, { targets: "tag" })).body).toEqual([]);
  expect((await fixture.hub.as("alice").request(`DELETE ${RULESETS}/{ruleset_id}`, { ruleset_id })).status).toBe(204);
  expect((await fixture.hub.as("bob").request(`GET ${RULESETS}`)).body).toEqual([]);
});

test("names are unique, and only administrators create rulesets", async () => {
  await create([], { name: "same" });
  expect((await create([], { name: "same" })).body.errors[0].message).toBe("Name must be unique");
  expect((await fixture.hub.as("bob").request(`POST ${RULESETS}`, { name: "x", enforcement: "active" })).status).toBe(
    404,
  );
});

test("a rule that is not enforced here is rejected in an active ruleset", async () => {
  const rule = { type: "required_signatures" };
  const rejected = await create([rule]);
  expect([rejected.status, rejected.body.message]).toEqual([
    501,
    'This local GitHub does not enforce the rule "required_signatures"; use the enforcement "disabled" or "evaluate".',
  ]);
  expect((await create([rule], { enforcement: "evaluate" })).status).toBe(201);
});

test.each<[string, string[], string[], string, boolean]>([
  ["every branch", ["~ALL"], [], "any/thing", true],
  ["the default branch", ["~DEFAULT_BRANCH"], [], "main", true],
  ["only the default branch", ["~DEFAULT_BRANCH"], [], "other", false],
  ["a star within a segment", ["refs/heads/release/*"], [], "release/1.0", true],
  ["a star that would cross a slash", ["refs/heads/release/*"], [], "release/1.0/fix", false],
  ["two stars over folders", ["refs/heads/release/**/*"], [], "release/1.0/fix", true],
  ["no excluded branch", ["~ALL"], ["refs/heads/free/*"], "free/way", false],
  ["nothing", [], [], "main", false],
])("conditions match %s", async (_, include, exclude, branch, matches) => {
  await create([{ type: "non_fast_forward" }], { conditions: { ref_name: { include, exclude } } });
  expect(await rulesOn(branch)).toEqual(matches ? ["non_fast_forward"] : []);
});

test("a disabled ruleset and one that only evaluates block nothing", async () => {
  const conditions = { ref_name: { include: ["~ALL"], exclude: [] } };
  await create([{ type: "update" }], { conditions, enforcement: "disabled" });
  await create([{ type: "update" }], { conditions, enforcement: "evaluate" });
  expect(await rulesOn("main")).toEqual([]);
});

type Move = "new" | "forward" | "forced" | "deleted";
const pattern = (type: string, operator: string, text: string, negate = false): RulesetRule => ({
  type,
  parameters: { operator, pattern: text, negate },
});
test.each<[string, RulesetRule, Move, string | undefined]>([
  ["creation", { type: "creation" }, "new", "Cannot create ref due to creations being restricted."],
  ["creation, of an existing branch", { type: "creation" }, "forward", undefined],
  ["update", { type: "update" }, "forward", "Cannot update this protected ref."],
  ["deletion", { type: "deletion" }, "deleted", "Cannot delete this protected branch"],
  ["non_fast_forward", { type: "non_fast_forward" }, "forced", "Cannot force-push to this branch"],
  ["non_fast_forward, forward", { type: "non_fast_forward" }, "forward", undefined],
  [
    "pull_request",
    { type: "pull_request", parameters: REVIEWS },
    "forward",
    "Changes must be made through a pull request.",
  ],
  ["merge_queue", { type: "merge_queue" }, "forward", "Changes must be made through the merge queue"],
  [
    "a message that starts as it must",
    pattern("commit_message_pattern", "starts_with", "Change"),
    "forward",
    undefined,
  ],
  [
    "a message that does not",
    pattern("commit_message_pattern", "regex", "^[A-Z]+-\\d+"),
    "forward",
    'The commit message must match the pattern "^[A-Z]+-\\d+".',
  ],
  [
    "a forbidden email address",
    pattern("commit_author_email_pattern", "contains", "noreply", true),
    "forward",
    'The author email must not contain "noreply".',
  ],
  [
    "a new branch's name",
    pattern("branch_name_pattern", "ends_with", "-x"),
    "new",
    'The branch name must end with "-x".',
  ],
])("the rule %s on a push", async (_, rule, move, message) => {
  const branch = `guarded/pushed-${++count}`;
  const before = await fixture.push(branch, { "p.txt": "1\n" });
  const startFrom = move === "forced" ? "main" : branch;
  const after = await fixture.push(`${branch}-next`, { "p.txt": "2\n" }, { startFrom });
  expect((await create([rule])).status).toBe(201);
  const { world, repository } = fixture.hub;
  const [from, to] = [move === "new" ? ZERO_SHA : before, move === "deleted" ? ZERO_SHA : after];
  const push = assertPushAllowed(world, repository, `refs/heads/${branch}`, from, to, fixture.caller("bob"));
  if (message === undefined) await expect(push).resolves.toBeUndefined();
  else await expect(push).rejects.toMatchObject({ status: 422, message: violated(message) });
});

async function openGuarded() {
  const base = `guarded/base-${++count}`;
  await fixture.push(base, { "b.txt": "b\n" });
  const pull = await fixture.open(`topic-${count}`, { base });
  const merge = async (login = "bob", parameters: object = {}) => {
    const body = { pull_number: pull.number, ...parameters };
    const response = await fixture.hub.as(login).request(MERGE, body);
    return [response.status, response.body.message];
  };
  return { pull, merge };
}
const MERGED = [200, "Pull Request successfully merged"];

test("checks and reviews of rulesets block a merge, also an administrator's", async () => {
  const { pull, merge } = await openGuarded();
  const app = createApp(fixture.hub.world, `ci-${count}`, fixture.hub.repository.owner, {});
  const required_status_checks = [{ context: "gate", integration_id: app.id }];
  await create([
    { type: "pull_request", parameters: REVIEWS },
    {
      type: "required_status_checks",
      parameters: { required_status_checks, strict_required_status_checks_policy: false },
    },
  ]);
  const needsReview = "At least 1 approving review is required by reviewers with write access.";
  const needsGate = 'Required status check "gate" is expected.';
  await fixture.reportStatus(pull.headSha, "gate", "success");
  expect(await merge("alice")).toEqual([405, violated(needsReview, needsGate)]);
});

test("a ruleset lists the merge methods it allows", async () => {
  const { merge } = await openGuarded();
  const parameters = { ...REVIEWS, required_approving_review_count: 0, allowed_merge_methods: ["squash"] };
  await create([{ type: "pull_request", parameters }]);
  expect(await merge()).toEqual([405, "Merge commits are not allowed on this repository."]);
  expect(await merge("bob", { merge_method: "squash" })).toEqual(MERGED);
});

test("a required deployment must have succeeded for the head", async () => {
  const { pull, merge } = await openGuarded();
  await create([{ type: "required_deployments", parameters: { required_deployment_environments: ["staging"] } }]);
  expect(await merge()).toEqual([405, violated("Missing successful active staging deployment.")]);
  const deployments = "POST /repos/{owner}/{repo}/deployments";
  const input = { ref: pull.headSha, environment: "staging", auto_merge: false, required_contexts: [] };
  const { body } = await fixture.hub.as("bob").request(deployments, input);
  await fixture.hub
    .as("bob")
    .request(`${deployments}/{deployment_id}/statuses`, { deployment_id: body.id, state: "success" });
  expect(await merge()).toEqual(MERGED);
});

test("a required workflow that has not run blocks", async () => {
  const { merge } = await openGuarded();
  const workflows = [{ path: ".github/workflows/gate.yml", repository_id: fixture.hub.repository.id }];
  await create([{ type: "workflows", parameters: { workflows } }]);
  expect(await merge()).toEqual([405, violated('Required workflow ".github/workflows/gate.yml" is expected.')]);
});

test("a bypass actor may bypass: always, or only with a pull request", async () => {
  const { pull, merge } = await openGuarded();
  const alice = fixture.caller("alice").actor;
  const bypass = (bypass_mode: string) => [{ actor_id: alice.id, actor_type: "User", bypass_mode }];
  await create([{ type: "pull_request", parameters: REVIEWS }], { bypass_actors: bypass("pull_request") });
  const { world, repository } = fixture.hub;
  const push = (login: string) =>
    assertPushAllowed(
      world,
      repository,
      `refs/heads/${pull.baseRef}`,
      pull.baseSha,
      pull.headSha,
      fixture.caller(login),
    );
  await expect(push("alice")).rejects.toMatchObject({ status: 422 });
  expect((await merge("bob"))[0]).toBe(405);
  expect(await merge("alice")).toEqual(MERGED);
  repository.rulesets.clear();
  await create([{ type: "pull_request", parameters: REVIEWS }], { bypass_actors: bypass("always") });
  await expect(push("alice")).resolves.toBeUndefined();
});
