import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createTeam } from "../../operations/people/accounts.ts";
import type { PullRequest } from "../../world/repository.ts";
import { createPullFixture, type PullFixture } from "./pull-fixture.ts";

const REVIEWS = "/repos/{owner}/{repo}/pulls/{pull_number}/reviews";
const REQUESTED = "/repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers";

let fixture: PullFixture;
let pull: PullRequest;
let count = 0;
beforeAll(async () => {
  fixture = await createPullFixture();
});
beforeEach(async () => {
  pull = await fixture.open(`reviewed-${++count}`);
});
afterAll(() => fixture[Symbol.asyncDispose]());

const request = (login: string, route: string, parameters: object = {}) =>
  fixture.hub.as(login).request(route, { pull_number: pull.number, ...parameters });
const review = (login: string, parameters: object = {}) => request(login, `POST ${REVIEWS}`, parameters);

test("an approval has the commit that was reviewed", async () => {
  const recorded = await fixture.recordEvents(async () => {
    const { status, body } = await review("alice", { event: "APPROVE" });
    expect([status, body.state, body.commit_id, body.user.login]).toEqual([200, "APPROVED", pull.headSha, "alice"]);
    expect(body.submitted_at).toMatch(/Z$/);
  });
  expect(recorded).toEqual(["pull_request_review.submitted"]);
  await fixture.push(pull.headRef, { "more.txt": "more\n" });
  const { body } = await request("bob", `GET ${REVIEWS}`);
  expect(body[0].commit_id).not.toBe(pull.headSha);
});

test.each([
  ["one's own pull request", "bob", { event: "APPROVE" }, "Can not approve your own pull request"],
  [
    "one's own, with changes",
    "bob",
    { event: "REQUEST_CHANGES", body: "x" },
    "Can not request changes on your own pull request",
  ],
  ["an empty one", "alice", { event: "REQUEST_CHANGES" }, "Body can't be blank"],
  [
    "of an unknown commit",
    "alice",
    { event: "APPROVE", commit_id: "0".repeat(40) },
    "Commit id is not part of the pull request",
  ],
  [
    "of a file that is not changed",
    "alice",
    { event: "COMMENT", comments: [{ path: "no.txt", body: "?" }] },
    "Path could not be resolved",
  ],
])("a review is rejected: %s", async (_, login, parameters, message) => {
  const { status, body } = await review(login, parameters);
  expect([status, body.message, body.errors]).toEqual([422, "Unprocessable Entity", [message]]);
});

test("a draft is visible only to its author until it is submitted", async () => {
  const drafted = await review("alice", { body: "Hm" });
  expect([drafted.body.state, "submitted_at" in drafted.body]).toEqual(["PENDING", false]);
  expect((await request("bob", `GET ${REVIEWS}`)).body).toEqual([]);
  expect((await request("bob", `GET ${REVIEWS}/{review_id}`, { review_id: drafted.body.id })).status).toBe(404);
  expect((await review("alice", { body: "again" })).status).toBe(422);
  const submitted = await request("alice", `POST ${REVIEWS}/{review_id}/events`, {
    review_id: drafted.body.id,
    event: "REQUEST_CHANGES",
  });
  expect(submitted.body).toMatchObject({ state: "CHANGES_REQUESTED", body: "Hm" });
  expect((await request("bob", `GET ${REVIEWS}`)).body).toHaveLength(1);
  expect((await request("alice", `DELETE ${REVIEWS}/{review_id}`, { review_id: drafted.body.id })).status).toBe(422);
});

test("a draft is deleted", async () => {
  const { body } = await review("alice", { body: "Never mind" });
  expect((await request("alice", `DELETE ${REVIEWS}/{review_id}`, { review_id: body.id })).status).toBe(200);
  expect((await request("alice", `GET ${REVIEWS}`)).body).toEqual([]);
});

test("an approval is dismissed once, by those who may write; a comment never", async () => {
  const { body } = await review("alice", { event: "APPROVE" });
  const dismiss = (login: string, review_id: number) =>
    request(login, `PUT ${REVIEWS}/{review_id}/dismissals`, { review_id, message: "Outdated" });
  expect((await dismiss("dave", body.id)).status).toBe(403);
  expect((await dismiss("bob", body.id)).body.state).toBe("DISMISSED");
  expect((await dismiss("bob", body.id)).body.errors).toEqual(["Can not dismiss a dismissed pull request review"]);
  const comment = await review("alice", { event: "COMMENT", body: "By the way" });
  expect((await dismiss("bob", comment.body.id)).status).toBe(422);
});

test("only its author edits a review", async () => {
  const { body } = await review("alice", { event: "COMMENT", body: "Nice" });
  const edit = (login: string) => request(login, `PUT ${REVIEWS}/{review_id}`, { review_id: body.id, body: login });
  expect((await edit("bob")).status).toBe(422);
  expect((await edit("alice")).body.body).toBe("alice");
});

test("reviewers are requested, and removed when they review or on request", async () => {
  const team = createTeam(fixture.hub.world, fixture.hub.repository.owner, `ml-${count}`, []);
  fixture.hub.repository.teams.set(team, "write");
  const requested = await request("bob", `POST ${REQUESTED}`, {
    reviewers: ["alice", "carol"],
    team_reviewers: [team.slug],
  });
  expect(requested.status).toBe(201);
  await review("alice", { event: "APPROVE" });
  await request("bob", `DELETE ${REQUESTED}`, { reviewers: ["carol"] });
  const { body } = await request("bob", `GET ${REQUESTED}`);
  expect([body.users, body.teams.map(({ slug }: { slug: string }) => slug)]).toEqual([[], [team.slug]]);
});

test("the author and outsiders cannot be requested", async () => {
  const author = await request("bob", `POST ${REQUESTED}`, { reviewers: ["bob"] });
  expect([author.status, author.body.message]).toEqual([422, "Review cannot be requested from pull request author."]);
  const outsider = await request("bob", `POST ${REQUESTED}`, { reviewers: ["nobody"] });
  expect(outsider.body.message).toMatch(/^Reviews may only be requested from collaborators\./);
});

test("GITHUB_TOKEN approves only when the repository allows it", async () => {
  const approve = () =>
    fixture.hub
      .asJob({ pull_requests: "write" })
      .request(`POST ${REVIEWS}`, { pull_number: pull.number, event: "APPROVE" });
  expect((await approve()).body.errors).toEqual(["GitHub Actions is not permitted to approve pull requests."]);
  fixture.hub.repository.actions.canApprovePullRequests = true;
  expect((await approve()).body.state).toBe("APPROVED");
  fixture.hub.repository.actions.canApprovePullRequests = false;
});
