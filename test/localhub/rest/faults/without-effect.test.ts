/** A success without effect: checked as always, answered as always, and nothing has changed. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { commentRoutes } from "../routes/comments.ts";
import { deploymentRoutes } from "../routes/deployments.ts";
import { gitDataRoutes } from "../routes/git-data.ts";
import { issueRoutes } from "../routes/issues.ts";
import { startTestHub, type TestHub } from "../serving/testing.ts";

const COMMENT = "/repos/{owner}/{repo}/issues/comments/{comment_id}";
const COMMENTS = "/repos/{owner}/{repo}/issues/{issue_number}/comments";
const GIT = "/repos/{owner}/{repo}/git";
const DEPLOYMENTS = "/repos/{owner}/{repo}/deployments";

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub({ routes: [...commentRoutes, ...deploymentRoutes, ...gitDataRoutes, ...issueRoutes] });
});
afterAll(() => hub[Symbol.asyncDispose]());
afterEach(() => hub.server.faults.clear());

type Shows = "the change" | "the state before" | "another object";

/** Sends it once without effect, then once with. */
async function sendTwice(route: string, parameters: Readonly<Record<string, unknown>>, shows: Shows = "the change") {
  const [method = ""] = route.split(" ");
  hub.server.faults.next({ method }, { kind: "no effect", shows });
  const effects = hub.world.journal.effects().length;
  const lie = await hub.as("alice").request(route, parameters);
  expect(hub.world.journal.effects()).toHaveLength(effects);
  return { lie, send: () => hub.as("alice").request(route, parameters) };
}

async function createComment() {
  const issue = await hub.as("alice").request("POST /repos/{owner}/{repo}/issues", { title: "Worse" });
  const sent = { issue_number: issue.body.number, body: "one" };
  return { ...sent, ...(await sendTwice(`POST ${COMMENTS}`, sent)) };
}

test("a comment that was created has an id, and is nowhere", async () => {
  const { lie, send, issue_number } = await createComment();
  expect([lie.status, lie.body.body, lie.body.user.login]).toEqual([201, "one", "alice"]);
  expect((await hub.as("alice").request(`GET ${COMMENT}`, { comment_id: lie.body.id })).status).toBe(404);
  expect((await hub.as("alice").request(`GET ${COMMENTS}`, { issue_number })).body).toEqual([]);
  expect((await send()).body.id).toBeGreaterThan(lie.body.id);
});

test.each<[Shows, string]>([
  ["the change", "two"],
  ["the state before", "one"],
])("a comment that was changed shows %s, and is as it was", async (shows, shown) => {
  const { send } = await createComment();
  const { id } = (await send()).body;
  const { lie } = await sendTwice(`PATCH ${COMMENT}`, { comment_id: id, body: "two" }, shows);
  expect([lie.status, lie.body.id, lie.body.body]).toEqual([200, id, shown]);
  expect((await hub.as("alice").request(`GET ${COMMENT}`, { comment_id: id })).body.body).toBe("one");
  const removed = await sendTwice(`DELETE ${COMMENT}`, { comment_id: id });
  expect([removed.lie.status, (await removed.send()).status]).toEqual([204, 204]);
});

describe("git", () => {
  const author = { name: "Alice", email: "alice@example.com", date: "2026-01-01T00:00:00Z" };
  const resolve = async (name: string): Promise<string> => (await hub.repository.git.resolve(name)) ?? "";

  test("objects have the names that git gives them, and do not exist", async () => {
    const tree = await sendTwice(`POST ${GIT}/trees`, {
      tree: [{ path: "a.txt", mode: "100644", type: "blob", content: "lie" }],
    });
    const { sha } = tree.lie.body;
    expect(await hub.repository.git.type(sha)).toBeUndefined();
    expect((await tree.send()).body.sha).toBe(sha);
    const other = await sendTwice(
      `POST ${GIT}/trees`,
      { tree: [{ path: "b.txt", mode: "100644", type: "blob", content: "lie" }] },
      "another object",
    );
    expect(other.lie.body.sha).toMatch(/^[0-9a-f]{40}$/);
    expect((await other.send()).body.sha).not.toBe(other.lie.body.sha);
    const commit = await sendTwice(`POST ${GIT}/commits`, { message: "x", tree: sha, parents: [], author });
    expect(await hub.repository.git.type(commit.lie.body.sha)).toBeUndefined();
    expect((await commit.send()).body.sha).toBe(commit.lie.body.sha);
  });

  test("refs are answered for and do not move", async () => {
    const before = await resolve("main");
    const after = await hub.commit({ "next.txt": "x" }, "next");
    const created = await sendTwice(`POST ${GIT}/refs`, { ref: "refs/heads/new", sha: before });
    expect([created.lie.status, created.lie.body.object.sha]).toEqual([201, before]);
    expect(await hub.repository.git.ref("refs/heads/new")).toBeUndefined();
    expect((await created.send()).status).toBe(201);
    for (const [shows, sha] of [["the change", after] as const, ["the state before", before] as const]) {
      const moved = await sendTwice(`PATCH ${GIT}/refs/{ref}`, { ref: "heads/new", sha: after, force: true }, shows);
      expect([moved.lie.status, moved.lie.body.object.sha]).toEqual([200, sha]);
      expect(await resolve("refs/heads/new")).toBe(before);
    }
    expect((await sendTwice(`DELETE ${GIT}/refs/{ref}`, { ref: "heads/new" })).lie.status).toBe(204);
    expect(await resolve("refs/heads/new")).toBe(before);
  });
});

test("deployments and their statuses leave no trace", async () => {
  const deployment = { ref: "main", environment: "lied", auto_merge: false, required_contexts: [] };
  const created = await sendTwice(`POST ${DEPLOYMENTS}`, deployment);
  expect(created.lie.status).toBe(201);
  expect([hub.repository.deployments.size, hub.repository.environments.has("lied")]).toEqual([0, false]);
  const { id } = (await created.send()).body;
  const succeed = { deployment_id: id, state: "success" };
  expect((await sendTwice(`POST ${DEPLOYMENTS}/{deployment_id}/statuses`, succeed)).lie.status).toBe(201);
  expect(hub.repository.deployments.get(id)?.statuses).toEqual([]);
});

test("what GitHub would reject is rejected", async () => {
  const { lie } = await sendTwice(`POST ${GIT}/refs`, { ref: "refs/heads/main", sha: "0".repeat(40) });
  expect([lie.status, lie.body.message]).toEqual([422, "Reference already exists"]);
  hub.server.faults.next({}, { kind: "no effect", shows: "the change" });
  const forbidden = await hub
    .asJob({ contents: "read" })
    .request(`POST ${GIT}/refs`, { ref: "refs/heads/x", sha: "1" });
  expect(forbidden.status).toBe(403);
});

test("a read is answered as always", async () => {
  const { lie, send } = await sendTwice(`GET ${GIT}/ref/{ref}`, { ref: "heads/main" });
  expect(lie.body).toEqual((await send()).body);
});
