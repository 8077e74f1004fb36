import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createApp } from "../../operations/accounts.ts";
import { createCheckRun } from "../../operations/app-checks.ts";
import { commitFiles } from "../../operations/contents.ts";
import { appToken } from "../../operations/tokens.ts";
import type { Caller } from "../../world/caller.ts";
import type { Conclusion } from "../../world/checks.ts";
import type { PullRequest } from "../../world/pulls.ts";
import { type PullStage, startPullStage } from "./pull-stage.ts";

const PULL = "/repos/{owner}/{repo}/pulls/{pull_number}";
const PROTECTION = "PUT /repos/{owner}/{repo}/branches/{branch}/protection";

/** What a protection must name; each test adds the part it is about. */
const OPEN = {
  required_status_checks: null,
  enforce_admins: true,
  required_pull_request_reviews: null,
  restrictions: null,
};

let stage: PullStage;
let app: Caller;
let pull: PullRequest;
let base: string;
let count = 0;
beforeAll(async () => {
  stage = await startPullStage();
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

test("a merge commit has base and head as parents", async () => {
  const before = await stage.hub.repository.git.resolve(base);
  const heard = await stage.told(async () => expect(await merge()).toEqual(MERGED));
  const tip = await stage.hub.repository.git.commit((await stage.hub.repository.git.resolve(base)) ?? "");
  expect(tip?.parents).toEqual([before, pull.headSha]);
  expect(tip?.message).toBe(`Merge pull request #${pull.number} from acme/topic-${count}\n\nAdd topic-${count}`);
  expect(heard).toEqual(["push", "pull_request.closed"]);
  expect(pull).toMatchObject({ merged: true, mergeCommitSha: tip?.sha, mergedBy: { login: "bob" } });
  expect(await merge()).toEqual([405, "Pull Request is not mergeable"]);
});

test("a squash has one parent and the words of its only commit", async () => {
  const before = await stage.hub.repository.git.resolve(base);
  expect(await merge({ merge_method: "squash" })).toEqual(MERGED);
  const tip = await stage.hub.repository.git.commit(pull.mergeCommitSha ?? "");
  expect([tip?.parents, tip?.message]).toEqual([[before], `Change topic-${count} (#${pull.number})`]);
});

test("a squash of several commits lists them, with those who wrote them", async () => {
  const { world, repository } = stage.hub;
  const files = { "second.txt": "2\n" };
  await commitFiles(world, repository, { branch: pull.headRef, files, message: "Second" }, stage.caller("alice"));
  expect(await merge({ merge_method: "squash" })).toEqual(MERGED);
  const tip = await repository.git.commit(pull.mergeCommitSha ?? "");
  expect(tip?.message).toMatch(
    new RegExp(
      `^Add topic-${count} \\(#${pull.number}\\)\n\n\\* Change topic-${count}\n\n\\* Second\n\nCo-authored-by: alice <`,
    ),
  );
});

test("a rebase replays every commit on the base, also where both sides changed one file", async () => {
  const { git } = stage.hub.repository;
  await stage.push(base, { "shared.txt": "1\n2\n3\n4\n5\n6\n" });
  await stage.push(`rebased-${count}`, { "shared.txt": "one\n2\n3\n4\n5\n6\n" }, { startFrom: base });
  pull = await stage.open(`rebased-${count}`, { base, files: { "shared.txt": "one\ntwo\n3\n4\n5\n6\n" } });
  const tip = await stage.push(base, { "shared.txt": "1\n2\n3\n4\n5\nsix\n" });
  expect(await merge({ merge_method: "rebase" })).toEqual(MERGED);
  const commits = await git.log(base, { base: tip });
  expect(commits.map(({ parents }) => parents.length)).toEqual([1, 1]);
  expect((await git.read(base, "shared.txt"))?.toString()).toBe("one\ntwo\n3\n4\n5\nsix\n");
});

test("a head other than the one that is meant is not merged", async () => {
  const seen = pull.headSha;
  await stage.push(pull.headRef, { "late.txt": "late\n" });
  expect(await merge({ sha: seen })).toEqual([409, "Head branch was modified. Review and try the merge again."]);
  expect(await merge({ sha: pull.headSha })).toEqual(MERGED);
});

test("drafts and conflicts are not merged", async () => {
  pull.draft = true;
  expect(await merge()).toEqual([405, "Pull Request is still a draft"]);
  pull.draft = false;
  await stage.push(base, { [`topic-${count}.txt`]: "other\n" });
  expect([await merge(), await state()]).toEqual([[405, "Pull Request is not mergeable"], "dirty"]);
});

test("readers do not merge", async () => {
  expect((await merge({}, "dave"))[0]).toBe(403);
});

test("a required check blocks until a status of that name passes", async () => {
  await protect(checks("gate"));
  expect([await merge(), await state()]).toEqual([[405, 'Required status check "gate" is expected.'], "blocked"]);
  await stage.report(pull.headSha, "gate", "pending");
  expect(await merge()).toEqual([405, 'Required status check "gate" is pending.']);
  await stage.report(pull.headSha, "gate", "failure");
  expect(await merge()).toEqual([405, 'Required status check "gate" is failing.']);
  await stage.report(pull.headSha, "GATE", "success");
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
  await stage.report(pull.headSha, "gate", "failure");
  expect(await merge()).toEqual([405, 'Required status check "gate" is failing.']);
  await stage.report(pull.headSha, "gate", "success");
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
  await stage.report(pull.headSha, "gate", "success");
  await stage.report(pull.headSha, "lint", "failure");
  expect(await merge()).toEqual([405, "2 of 2 required status checks have not succeeded: 1 expected and 1 failing."]);
  await check("gate", "success");
  await stage.report(pull.headSha, "lint", "success");
  expect(await merge()).toEqual(MERGED);
});

test("a check on an earlier head is no check on this one", async () => {
  await protect(checks("gate"));
  await stage.report(pull.headSha, "gate", "success");
  await stage.push(pull.headRef, { "more.txt": "more\n" });
  expect(await merge()).toEqual([405, 'Required status check "gate" is expected.']);
});

// With strict checks GitHub says "6 of 6 required status checks are expected." while the head is behind
// (RakuenSoftware/aimee#2460).
test("strict checks count only on a head that holds its base", async () => {
  await protect({ required_status_checks: { strict: true, contexts: ["gate", "lint"] } });
  for (const context of ["gate", "lint"]) await stage.report(pull.headSha, context, "success");
  await protect({ required_status_checks: null });
  await stage.push(base, { "newer.txt": "newer\n" });
  await protect({ required_status_checks: { strict: true, contexts: ["gate", "lint"] } });
  expect([await state(), await merge()]).toEqual(["behind", [405, "2 of 2 required status checks are expected."]]);
  await stage.hub.as("bob").request(`PUT ${PULL}/update-branch`, { pull_number: pull.number });
  for (const context of ["gate", "lint"]) await stage.report(pull.headSha, context, "success");
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
  const heard = await stage.told(() => stage.push(pull.headRef, { "more.txt": "more\n" }));
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

test("of many who merge at once, one does", async () => {
  const answers = await Promise.all(Array.from({ length: 6 }, () => merge()));
  expect(answers.filter(([status]) => status === 200)).toHaveLength(1);
});

test("many pull requests into one base are all merged, whatever the order", async () => {
  const pulls = [pull];
  for (const n of [1, 2, 3]) pulls.push(await stage.open(`parallel-${count}-${n}`, { base }));
  const answers = await Promise.all(
    pulls.map(({ number }) => stage.hub.as("bob").request(`PUT ${PULL}/merge`, { pull_number: number })),
  );
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  for (const { headSha } of pulls) {
    expect(await stage.hub.repository.git.isAncestor(headSha, `refs/heads/${base}`)).toBe(true);
  }
});
