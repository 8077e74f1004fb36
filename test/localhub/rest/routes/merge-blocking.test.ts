import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createCheckRun } from "../../operations/checks/app-checks.ts";
import { createApp } from "../../operations/people/accounts.ts";
import { appToken } from "../../operations/people/tokens.ts";
import type { Caller } from "../../world/caller.ts";
import type { Conclusion } from "../../world/checks.ts";
import type { PullRequest } from "../../world/repository.ts";
import { createPullFixture, type PullFixture } from "./pull-fixture.ts";

const PULL = "/repos/{owner}/{repo}/pulls/{pull_number}";
const PROTECTION = "PUT /repos/{owner}/{repo}/branches/{branch}/protection";

/** What a protection must name; each test adds the part it is about. */
const OPEN = {
  required_status_checks: null,
  enforce_admins: true,
  required_pull_request_reviews: null,
  restrictions: null,
};

let stage: PullFixture;
let app: Caller;
let pull: PullRequest;
let base: string;
let count = 0;
beforeAll(async () => {
  stage = await createPullFixture();
  const { world, repository } = stage.hub;
  const made = createApp(world, "ci", repository.owner, { checks: "write" });
  app = { actor: made.bot, token: appToken(world, made, { checks: "write", contents: "write" }, repository) };
});
beforeEach(async () => {
  base = `base-${++count}`;
  await stage.push(base, { "base.txt": "base\n" });
  pull = await stage.open(`topic-${count}`, { base });
});
afterAll(() => stage[Symbol.asyncDispose]());

const protect = async (settings: object) => {
  const answer = await stage.hub.as("alice").request(PROTECTION, { branch: base, ...OPEN, ...settings });
  expect(answer.status).toBe(200);
};
const merge = async (parameters: object = {}, login = "bob") => {
  const asked = { pull_number: pull.number, ...parameters };
  const { status, body } = await stage.hub.as(login).request(`PUT ${PULL}/merge`, asked);
  return [status, body.message];
};
const state = async (): Promise<string> =>
  (await stage.hub.as("bob").request(`GET ${PULL}`, { pull_number: pull.number })).body.mergeable_state;
const approve = (login: string, event = "APPROVE") =>
  stage.hub.as(login).request(`POST ${PULL}/reviews`, { pull_number: pull.number, event, body: "." });
const check = (name: string, conclusion: Conclusion | undefined, sha = pull.headSha) =>
  createCheckRun(
    stage.hub.world,
    stage.hub.repository,
    { name, headSha: sha, ...(conclusion ? { status: "completed", conclusion } : { status: "in_progress" }) },
    app,
  );
const checks = (...contexts: string[]) => ({ required_status_checks: { strict: false, contexts } });

const MERGED = [200, "Pull Request successfully merged"];

test("a required check blocks until a status of that name passes", async () => {
  await protect(checks("gate"));
  expect([await merge(), await state()]).toEqual([[405, 'Required status check "gate" is expected.'], "blocked"]);
  await stage.reportStatus(pull.headSha, "gate", "pending");
  expect(await merge()).toEqual([405, 'Required status check "gate" is pending.']);
  await stage.reportStatus(pull.headSha, "gate", "failure");
  expect(await merge()).toEqual([405, 'Required status check "gate" is failing.']);
  await stage.reportStatus(pull.headSha, "GATE", "success");
  expect([await state(), await merge()]).toEqual(["clean", MERGED]);
});

// GitHub docs, "About protected branches": success, neutral and skipped satisfy a required check.
test.each<[Conclusion, boolean]>([
  ["success", true],
  ["neutral", true],
  ["skipped", true],
  ["failure", false],
  ["cancelled", false],
  ["timed_out", false],
  ["action_required", false],
])("a check run that concludes %s satisfies: %s", async (conclusion, satisfies) => {
  await protect(checks("gate"));
  await check("gate", conclusion);
  expect((await merge())[0]).toBe(satisfies ? 200 : 405);
});

test("the newest check run of a name counts, and a status beside it must pass too", async () => {
  await protect(checks("gate"));
  await check("gate", "failure");
  await check("gate", "success");
  await stage.reportStatus(pull.headSha, "gate", "failure");
  expect(await merge()).toEqual([405, 'Required status check "gate" is failing.']);
  await stage.reportStatus(pull.headSha, "gate", "success");
  await check("gate", undefined);
  expect(await merge()).toEqual([405, 'Required status check "gate" is pending.']);
  await check("gate", "success");
  expect(await merge()).toEqual(MERGED);
});

test("several checks are counted, and a check pinned to an app takes no other's word", async () => {
  const { app_id } = { app_id: app.token?.app?.id };
  await protect({
    required_status_checks: {
      strict: false,
      contexts: [],
      checks: [
        { context: "gate", app_id },
        { context: "lint", app_id: -1 },
      ],
    },
  });
  await stage.reportStatus(pull.headSha, "gate", "success");
  await stage.reportStatus(pull.headSha, "lint", "failure");
  expect(await merge()).toEqual([405, "2 of 2 required status checks have not succeeded: 1 expected and 1 failing."]);
  await check("gate", "success");
  await stage.reportStatus(pull.headSha, "lint", "success");
  expect(await merge()).toEqual(MERGED);
});

test("a check on an earlier head is no check on this one", async () => {
  await protect(checks("gate"));
  await stage.reportStatus(pull.headSha, "gate", "success");
  await stage.push(pull.headRef, { "more.txt": "more\n" });
  expect(await merge()).toEqual([405, 'Required status check "gate" is expected.']);
});

// With strict checks GitHub says "6 of 6 required status checks are expected." while the head is behind
// (RakuenSoftware/aimee#2460).
test("strict checks count only on a head that holds its base", async () => {
  await protect({ required_status_checks: { strict: true, contexts: ["gate", "lint"] } });
  for (const context of ["gate", "lint"]) await stage.reportStatus(pull.headSha, context, "success");
  await protect({ required_status_checks: null });
  await stage.push(base, { "newer.txt": "newer\n" });
  await protect({ required_status_checks: { strict: true, contexts: ["gate", "lint"] } });
  expect([await state(), await merge()]).toEqual(["behind", [405, "2 of 2 required status checks are expected."]]);
  await stage.hub.as("bob").request(`PUT ${PULL}/update-branch`, { pull_number: pull.number });
  for (const context of ["gate", "lint"]) await stage.reportStatus(pull.headSha, context, "success");
  expect([await state(), await merge()]).toEqual(["clean", MERGED]);
});

test("a failing check that is not required leaves it mergeable but unstable", async () => {
  await check("optional", "failure");
  expect([await state(), await merge()]).toEqual(["unstable", MERGED]);
});

test("reviews are required of people who may write; a request for changes blocks", async () => {
  await protect({ required_pull_request_reviews: { required_approving_review_count: 1 } });
  const wanted = "At least 1 approving review is required by reviewers with write access.";
  expect([await merge(), await state()]).toEqual([[405, wanted], "blocked"]);
  await approve("dave");
  expect(await merge()).toEqual([405, wanted]);
  await approve("alice", "REQUEST_CHANGES");
  expect((await merge())[0]).toBe(405);
  await approve("alice", "COMMENT");
  expect((await merge())[0]).toBe(405);
  await approve("alice");
  expect([await state(), await merge()]).toEqual(["clean", MERGED]);
});

test("stale approvals are dismissed by a push that changes something, not by bringing the base in", async () => {
  const reviews = { required_approving_review_count: 1, dismiss_stale_reviews: true };
  await stage.push(base, { "newer.txt": "newer\n" });
  await protect({ required_pull_request_reviews: reviews });
  await approve("alice");
  await stage.hub.as("bob").request(`PUT ${PULL}/update-branch`, { pull_number: pull.number });
  expect(pull.reviews[0]?.state).toBe("APPROVED");
  const heard = await stage.recordEvents(() => stage.push(pull.headRef, { "more.txt": "more\n" }));
  expect(heard).toContain("pull_request_review.dismissed");
  expect((await merge())[0]).toBe(405);
});

test("the last push wants the approval of somebody else", async () => {
  await protect({
    required_pull_request_reviews: { required_approving_review_count: 1, require_last_push_approval: true },
  });
  await stage.push(pull.headRef, { "mine.txt": "mine\n" }, { by: "alice" });
  await approve("alice");
  expect(await merge()).toEqual([405, "New changes require approval from someone other than the last pusher."]);
  await stage.push(pull.headRef, { "his.txt": "his\n" }, { by: "bob" });
  await approve("alice");
  expect(await merge()).toEqual(MERGED);
});

test("code owners of the base branch must approve what is theirs", async () => {
  await stage.push(base, { ".github/CODEOWNERS": "* @bob\n*.txt @carol @alice\n" });
  await protect({
    required_pull_request_reviews: { required_approving_review_count: 0, require_code_owner_reviews: true },
  });
  expect(await merge()).toEqual([405, "Waiting on code owner review from carol and/or alice."]);
  await approve("alice");
  expect(await merge()).toEqual(MERGED);
});

test("a conversation that was begun must be resolved", async () => {
  await protect({ required_conversation_resolution: true });
  const comments = [{ path: `topic-${count}.txt`, line: 1, body: "Why?" }];
  await stage.hub.as("alice").request(`POST ${PULL}/reviews`, { pull_number: pull.number, event: "COMMENT", comments });
  expect(await merge()).toEqual([405, "A conversation must be resolved before this pull request can be merged."]);
});

test("administrators pass where the protection lets them, others do not", async () => {
  await protect({ ...checks("gate"), enforce_admins: false });
  expect((await merge({}, "bob"))[0]).toBe(405);
  expect(await merge({}, "alice")).toEqual(MERGED);
});

test("restrictions name who may merge", async () => {
  await protect({ restrictions: { users: ["alice"], teams: [] } });
  expect(await merge({}, "bob")).toEqual([405, "You're not authorized to push to this branch."]);
  expect(await merge({}, "alice")).toEqual(MERGED);
});

test("linear history allows no merge commit, but squashes and rebases", async () => {
  await protect({ required_linear_history: true });
  expect(await merge()).toEqual([405, "Merge commits are not allowed on this repository."]);
  expect(await merge({ merge_method: "squash" })).toEqual(MERGED);
});
