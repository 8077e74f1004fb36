import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createCheckRun } from "../../operations/checks/app-checks.ts";
import { createJobCheckRun, createSuite, updateJobCheckRun } from "../../operations/checks/checks.ts";
import { actionsApp, createApp } from "../../operations/people/accounts.ts";
import { appToken } from "../../operations/people/tokens.ts";
import { addRunRecord, addWorkflowRecord } from "../../operations/testing.ts";
import type { Caller } from "../../world/caller.ts";
import type { Conclusion } from "../../world/checks.ts";
import type { PullRequest } from "../../world/repository.ts";
import { createPullFixture, type PullFixture } from "./pull-fixture.ts";

const PULL = "/repos/{owner}/{repo}/pulls/{pull_number}";
const PROTECTION = "PUT /repos/{owner}/{repo}/branches/{branch}/protection";

/** The required fields of a protection; each test adds its own part. */
const OPEN = {
  required_status_checks: null,
  enforce_admins: true,
  required_pull_request_reviews: null,
  restrictions: null,
};

let fixture: PullFixture;
let app: Caller;
let pull: PullRequest;
let base: string;
let count = 0;
beforeAll(async () => {
  fixture = await createPullFixture();
  const { world, repository } = fixture.hub;
  const ci = createApp(world, "ci", repository.owner, { checks: "write" });
  app = { actor: ci.bot, token: appToken(world, ci, { checks: "write", contents: "write" }, repository) };
});
beforeEach(async () => {
  base = `base-${++count}`;
  await fixture.push(base, { "base.txt": "base\n" });
  pull = await fixture.open(`topic-${count}`, { base });
});
afterAll(() => fixture[Symbol.asyncDispose]());

const protect = async (settings: object) => {
  const response = await fixture.hub.as("alice").request(PROTECTION, { branch: base, ...OPEN, ...settings });
  expect(response.status).toBe(200);
};
const merge = async (parameters: object = {}, login = "bob") => {
  const body = { pull_number: pull.number, ...parameters };
  const response = await fixture.hub.as(login).request(`PUT ${PULL}/merge`, body);
  return [response.status, response.body.message];
};
const state = async (): Promise<string> =>
  (await fixture.hub.as("bob").request(`GET ${PULL}`, { pull_number: pull.number })).body.mergeable_state;
const approve = (login: string, event = "APPROVE") =>
  fixture.hub.as(login).request(`POST ${PULL}/reviews`, { pull_number: pull.number, event, body: "." });
const check = (name: string, conclusion: Conclusion | undefined, sha = pull.headSha) =>
  createCheckRun(
    fixture.hub.world,
    fixture.hub.repository,
    { name, headSha: sha, ...(conclusion ? { status: "completed", conclusion } : { status: "in_progress" }) },
    app,
  );
const checks = (...contexts: string[]) => ({ required_status_checks: { strict: false, contexts } });

const MERGED = [200, "Pull Request successfully merged"];

test("a required check blocks until a status of that name passes", async () => {
  await protect(checks("gate"));
  expect([await merge(), await state()]).toEqual([[405, 'Required status check "gate" is expected.'], "blocked"]);
  await fixture.reportStatus(pull.headSha, "gate", "pending");
  expect(await merge()).toEqual([405, 'Required status check "gate" is pending.']);
  await fixture.reportStatus(pull.headSha, "gate", "failure");
  expect(await merge()).toEqual([405, 'Required status check "gate" is failing.']);
  await fixture.reportStatus(pull.headSha, "GATE", "success");
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

test("the newest check run of a name counts, and a status with the same name must pass too", async () => {
  await protect(checks("gate"));
  await check("gate", "failure");
  await check("gate", "success");
  await fixture.reportStatus(pull.headSha, "gate", "failure");
  expect(await merge()).toEqual([405, 'Required status check "gate" is failing.']);
  await fixture.reportStatus(pull.headSha, "gate", "success");
  await check("gate", undefined);
  expect(await merge()).toEqual([405, 'Required status check "gate" is pending.']);
  await check("gate", "success");
  expect(await merge()).toEqual(MERGED);
});

test("several checks are counted, and for a check pinned to an app no other app counts", async () => {
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
  await fixture.reportStatus(pull.headSha, "gate", "success");
  await fixture.reportStatus(pull.headSha, "lint", "failure");
  expect(await merge()).toEqual([405, "2 of 2 required status checks have not succeeded: 1 expected and 1 failing."]);
  await check("gate", "success");
  await fixture.reportStatus(pull.headSha, "lint", "success");
  expect(await merge()).toEqual(MERGED);
});

test("a check on an earlier head does not count", async () => {
  await protect(checks("gate"));
  await fixture.reportStatus(pull.headSha, "gate", "success");
  await fixture.push(pull.headRef, { "more.txt": "more\n" });
  expect(await merge()).toEqual([405, 'Required status check "gate" is expected.']);
});

// With strict checks GitHub's message is "6 of 6 required status checks are expected." while the head is behind
// (RakuenSoftware/aimee#2460).
test("strict checks count only on a head that contains its base", async () => {
  await protect({ required_status_checks: { strict: true, contexts: ["gate", "lint"] } });
  for (const context of ["gate", "lint"]) await fixture.reportStatus(pull.headSha, context, "success");
  await protect({ required_status_checks: null });
  await fixture.push(base, { "newer.txt": "newer\n" });
  await protect({ required_status_checks: { strict: true, contexts: ["gate", "lint"] } });
  expect([await state(), await merge()]).toEqual(["behind", [405, "2 of 2 required status checks are expected."]]);
  await fixture.hub.as("bob").request(`PUT ${PULL}/update-branch`, { pull_number: pull.number });
  for (const context of ["gate", "lint"]) await fixture.reportStatus(pull.headSha, context, "success");
  expect([await state(), await merge()]).toEqual(["clean", MERGED]);
});

test("a failing check that is not required leaves it mergeable but unstable", async () => {
  await check("optional", "failure");
  expect([await state(), await merge()]).toEqual(["unstable", MERGED]);
});

/** A completed job of a workflow run for the head. */
async function workflowCheck(workflow: string, event: string, conclusion: Conclusion): Promise<void> {
  const { world, repository } = fixture.hub;
  const of = { event, workflow: addWorkflowRecord(world, repository, workflow) };
  const run = await addRunRecord(world, repository, app.actor, of);
  const settings = { app: actionsApp(world), headSha: pull.headSha, headBranch: pull.headRef, workflowRunId: run.id };
  const suite = createSuite(world, repository, settings, app);
  const job = { suite, name: "test", jobId: world.nextId(), status: "completed" } as const;
  updateJobCheckRun(world, repository, createJobCheckRun(world, repository, job, app), { conclusion }, app);
}

test.each([
  ["a newer run of the same workflow", "ci", "push", "clean"],
  ["another workflow's job of the same name", "release", "push", "unstable"],
  ["a run for another event", "ci", "pull_request", "unstable"],
])("a failed check and %s: %s on %s makes it %s", async (_, workflow, event, expected) => {
  await workflowCheck("ci", "push", "failure");
  await workflowCheck(workflow, event, "success");
  expect(await state()).toBe(expected);
});

test("reviews are required of people who may write; a request for changes blocks", async () => {
  await protect({ required_pull_request_reviews: { required_approving_review_count: 1 } });
  const message = "At least 1 approving review is required by reviewers with write access.";
  expect([await merge(), await state()]).toEqual([[405, message], "blocked"]);
  await approve("dave");
  expect(await merge()).toEqual([405, message]);
  await approve("alice", "REQUEST_CHANGES");
  expect((await merge())[0]).toBe(405);
  await approve("alice", "COMMENT");
  expect((await merge())[0]).toBe(405);
  await approve("alice");
  expect([await state(), await merge()]).toEqual(["clean", MERGED]);
});

test("stale approvals are dismissed by a push with changes, not by merging the base", async () => {
  const reviews = { required_approving_review_count: 1, dismiss_stale_reviews: true };
  await fixture.push(base, { "newer.txt": "newer\n" });
  await protect({ required_pull_request_reviews: reviews });
  await approve("alice");
  await fixture.hub.as("bob").request(`PUT ${PULL}/update-branch`, { pull_number: pull.number });
  expect(pull.reviews[0]?.state).toBe("APPROVED");
  const recorded = await fixture.recordEvents(() => fixture.push(pull.headRef, { "more.txt": "more\n" }));
  expect(recorded).toContain("pull_request_review.dismissed");
  expect((await merge())[0]).toBe(405);
});

test("the last push needs the approval of another person", async () => {
  await protect({
    required_pull_request_reviews: { required_approving_review_count: 1, require_last_push_approval: true },
  });
  await fixture.push(pull.headRef, { "mine.txt": "mine\n" }, { by: "alice" });
  await approve("alice");
  expect(await merge()).toEqual([405, "New changes require approval from someone other than the last pusher."]);
  await fixture.push(pull.headRef, { "his.txt": "his\n" }, { by: "bob" });
  await approve("alice");
  expect(await merge()).toEqual(MERGED);
});

test("code owners of the base branch must approve changes of their files", async () => {
  await fixture.push(base, { ".github/CODEOWNERS": "* @bob\n*.txt @carol @alice\n" });
  await protect({
    required_pull_request_reviews: { required_approving_review_count: 0, require_code_owner_reviews: true },
  });
  expect(await merge()).toEqual([405, "Waiting on code owner review from carol and/or alice."]);
  await approve("alice");
  expect(await merge()).toEqual(MERGED);
});

test("a conversation must be resolved", async () => {
  await protect({ required_conversation_resolution: true });
  const comments = [{ path: `topic-${count}.txt`, line: 1, body: "Why?" }];
  await fixture.hub
    .as("alice")
    .request(`POST ${PULL}/reviews`, { pull_number: pull.number, event: "COMMENT", comments });
  expect(await merge()).toEqual([405, "A conversation must be resolved before this pull request can be merged."]);
});

test("administrators may bypass the protection when it allows that, others may not", async () => {
  await protect({ ...checks("gate"), enforce_admins: false });
  expect((await merge({}, "bob"))[0]).toBe(405);
  expect(await merge({}, "alice")).toEqual(MERGED);
});

test("restrictions list who may merge", async () => {
  await protect({ restrictions: { users: ["alice"], teams: [] } });
  expect(await merge({}, "bob")).toEqual([405, "You're not authorized to push to this branch."]);
  expect(await merge({}, "alice")).toEqual(MERGED);
});

test("linear history allows squashes and rebases, but no merge commit", async () => {
  await protect({ required_linear_history: true });
  expect(await merge()).toEqual([405, "Merge commits are not allowed on this repository."]);
  expect(await merge({ merge_method: "squash" })).toEqual(MERGED);
});
