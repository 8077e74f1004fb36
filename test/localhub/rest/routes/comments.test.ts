import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestHub, type TestHub } from "../serving/testing.ts";
import { commentRoutes } from "./comments.ts";
import { issueRoutes } from "./issues.ts";

const COMMENTS = "/repos/{owner}/{repo}/issues/{issue_number}/comments";
const COMMENT = "/repos/{owner}/{repo}/issues/comments/{comment_id}";

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub({ routes: [...commentRoutes, ...issueRoutes] });
});
afterAll(() => hub[Symbol.asyncDispose]());

async function newIssue(): Promise<number> {
  const opened = await hub.as("dave").request("POST /repos/{owner}/{repo}/issues", { title: "Accuracy fell" });
  return opened.body.number;
}
const comment = async (issue_number: number, body: string, login = "dave") =>
  hub.as(login).request(`POST ${COMMENTS}`, { issue_number, body });

test("a comment is listed by ascending id, edited by its author and deleted", async () => {
  const issue_number = await newIssue();
  const ids = [(await comment(issue_number, "one")).body.id, (await comment(issue_number, "two")).body.id];
  const listed = await hub.as("bob").request(`GET ${COMMENTS}`, { issue_number });
  expect(listed.body.map(({ id }: { id: number }) => id)).toEqual(ids);
  const edited = await hub.as("dave").request(`PATCH ${COMMENT}`, { comment_id: ids[0], body: "uno" });
  expect([edited.status, edited.body.body]).toEqual([200, "uno"]);
  expect((await hub.as("dave").request(`DELETE ${COMMENT}`, { comment_id: ids[1] })).status).toBe(204);
  expect((await hub.as("dave").request(`GET ${COMMENT}`, { comment_id: ids[1] })).status).toBe(404);
  const effects = hub.world.journal.effects("issue_comment").map(({ event }) => event);
  expect(effects).toEqual(["created", "created", "edited", "deleted"].map((action) => `issue_comment.${action}`));
});

// GitHub's message: "Body is too long (maximum is 65536 characters)" (telia-oss/github-pr-resource#259); a character is
// a code point: 65,536 rainbow emoji are accepted (dead-claudia/github-limits#13).
test.each([
  ["65,536 letters", "a".repeat(65_536), 201],
  ["65,537 letters", "a".repeat(65_537), 422],
  ["65,536 rainbows, 262,144 bytes", "🌈".repeat(65_536), 201],
  ["65,537 rainbows", "🌈".repeat(65_537), 422],
])("a comment of %s", async (_, body, status) => {
  const response = await comment(await newIssue(), body);
  expect(response.status).toBe(status);
  if (status === 422) {
    const message = "Body is too long (maximum is 65536 characters)";
    expect(response.body.message).toBe("Validation Failed");
    expect(response.body.errors).toEqual([{ resource: "IssueComment", code: "unprocessable", field: "data", message }]);
  }
});

test("an edit that is too long does not change the comment", async () => {
  const { body } = await comment(await newIssue(), "short");
  const edit = await hub.as("dave").request(`PATCH ${COMMENT}`, { comment_id: body.id, body: "a".repeat(65_537) });
  const now = await hub.as("dave").request(`GET ${COMMENT}`, { comment_id: body.id });
  expect([edit.status, now.body.body]).toEqual([422, "short"]);
});

test("a blank comment is rejected", async () => {
  const response = await comment(await newIssue(), " \n");
  expect([response.status, response.body.errors[0].message]).toEqual([422, "Body cannot be blank"]);
});

test("a locked conversation is closed to those who may not write", async () => {
  const issue_number = await newIssue();
  const lock = { issue_number, lock_reason: "resolved" };
  expect((await hub.as("bob").request("PUT /repos/{owner}/{repo}/issues/{issue_number}/lock", lock)).status).toBe(204);
  const rejected = await comment(issue_number, "but…");
  expect([rejected.status, rejected.body.message]).toEqual([403, "Unable to create comment because issue is locked."]);
  expect((await comment(issue_number, "closing words", "bob")).status).toBe(201);
  await hub.as("bob").request("DELETE /repos/{owner}/{repo}/issues/{issue_number}/lock", { issue_number });
  expect((await comment(issue_number, "thanks")).status).toBe(201);
});

test("others' comments can be changed only by those who may write", async () => {
  const { body } = await comment(await newIssue(), "mine");
  const edit = (login: string) => hub.as(login).request(`PATCH ${COMMENT}`, { comment_id: body.id, body: login });
  expect((await edit("carol")).status).toBe(403);
  expect((await edit("bob")).status).toBe(200);
});

test("a job's comment is by the bot of the Actions app", async () => {
  const issue_number = await newIssue();
  const response = await hub.asJob({ issues: "write" }).request(`POST ${COMMENTS}`, { issue_number, body: "metrics" });
  expect(response.body).toMatchObject({
    user: { login: "github-actions[bot]", type: "Bot" },
    performed_via_github_app: { slug: "github-actions", id: 15_368 },
    author_association: "NONE",
  });
});

test("`since` and, with `sort`, `direction` filter and sort all comments of the repository", async () => {
  const issue_number = await newIssue();
  const first = await comment(issue_number, "old");
  hub.world.clock.advance(3_600_000);
  const since = hub.world.clock.now().toISOString();
  const second = await comment(issue_number, "new");
  const ids = async (route: string, parameters: object) =>
    (await hub.as("dave").request(route, { ...parameters, per_page: 100 })).body.map(({ id }: { id: number }) => id);
  expect(await ids(`GET ${COMMENTS}`, { issue_number, since })).toEqual([second.body.id]);
  const all = "GET /repos/{owner}/{repo}/issues/comments";
  expect((await ids(all, { sort: "created", direction: "desc" })).slice(0, 2)).toEqual([second.body.id, first.body.id]);
  expect((await ids(all, { direction: "desc" })).slice(-2)).toEqual([first.body.id, second.body.id]);
});

test("sixteen concurrent comments are all created", async () => {
  const issue_number = await newIssue();
  const written = await Promise.all(Array.from({ length: 16 }, (_, n) => comment(issue_number, `writer ${n}`)));
  const listed = await hub.as("dave").request(`GET ${COMMENTS}`, { issue_number, per_page: 100 });
  expect(new Set(written.map(({ body }) => body.id)).size).toBe(16);
  expect(listed.body.map(({ id }: { id: number }) => id)).toEqual(
    written.map(({ body }) => body.id).sort((a: number, b: number) => a - b),
  );
});

test("a comment on a missing issue is a 404", async () => {
  expect((await comment(4_711, "hello?")).status).toBe(404);
});
