import { afterAll, beforeAll, expect, test } from "vitest";
import { openPull } from "../../operations/pulls/pulls.ts";
import { commitFiles } from "../../operations/refs/contents.ts";
import type { Caller } from "../../world/caller.ts";
import { type Client, startTestHub, type TestHub } from "../serving/testing.ts";
import { gitDataRoutes } from "./git-data.ts";

const REFS = "POST /repos/{owner}/{repo}/git/refs";
const REF = "GET /repos/{owner}/{repo}/git/ref/{ref}";
const MATCHING = "GET /repos/{owner}/{repo}/git/matching-refs/{ref}";
const MOVE = "PATCH /repos/{owner}/{repo}/git/refs/{ref}";
const DELETE = "DELETE /repos/{owner}/{repo}/git/refs/{ref}";
const MISSING = "0123456789".repeat(4);

let hub: TestHub;
let bob: Client;
let root: string;
beforeAll(async () => {
  hub = await startTestHub({ routes: gitDataRoutes });
  bob = hub.as("bob");
  root = (await hub.repository.git.resolve("main")) ?? "";
});
afterAll(() => hub[Symbol.asyncDispose]());

function caller(): Caller {
  const actor = hub.world.accounts.get("bob");
  if (!actor) throw new Error("there is no account bob");
  return { actor, token: undefined };
}

/** Adds a commit to a branch, which starts at the default branch. */
const addCommit = (branch: string): Promise<string> =>
  commitFiles(
    hub.world,
    hub.repository,
    { branch, files: { [branch]: `${branch}\n` }, message: "Add a commit" },
    caller(),
  );

test("are created, read, listed by prefix, moved and deleted, each with its events", async () => {
  const effects = () => hub.world.journal.effects().map(({ event }) => event);
  const before = effects().length;
  const made = await bob.request(REFS, { ref: "refs/heads/feature/one", sha: root });
  expect([made.status, made.body.ref]).toEqual([201, "refs/heads/feature/one"]);
  expect((await bob.request(REF, { ref: "heads/feature/one" })).body).toEqual(made.body);
  await bob.request(REFS, { ref: "refs/heads/feature/two", sha: root });
  const listed = await bob.request(MATCHING, { ref: "heads/feature" });
  expect(listed.body.map(({ ref }: { ref: string }) => ref)).toEqual([
    "refs/heads/feature/one",
    "refs/heads/feature/two",
  ]);
  const ahead = await addCommit("other");
  expect((await bob.request(MOVE, { ref: "heads/feature/one", sha: ahead })).body.object.sha).toBe(ahead);
  expect((await bob.request(DELETE, { ref: "heads/feature/one" })).status).toBe(204);
  expect((await bob.request(REF, { ref: "heads/feature/one" })).status).toBe(404);
  const recorded = effects()
    .slice(before)
    .filter((event) => event !== "effect");
  expect(recorded.slice(0, 4)).toEqual(["create", "push", "create", "push"]);
  expect(recorded.slice(-2)).toEqual(["delete", "push"]);
});

test("move only forward, unless forced, from their current commit", async () => {
  await bob.request(REFS, { ref: "refs/heads/back", sha: await addCommit("ahead-of-main") });
  const rejected = await bob.request(MOVE, { ref: "heads/back", sha: root });
  expect([rejected.status, rejected.body.message]).toEqual([422, "Update is not a fast forward"]);
  expect((await bob.request(MOVE, { ref: "heads/back", sha: root, force: true })).status).toBe(200);
});

test.each([
  ["refs/heads/main", "root", "Reference already exists"],
  ["refs/heads/new", MISSING, "Object does not exist"],
  ["refs/heads/new", "abc", "The sha parameter must be exactly 40 characters and contain only [0-9a-f]."],
  ["heads/new", "root", "Reference name must contain at least three slash-separated components."],
  ["refs/heads/a b", "root", "refs/heads/a b is not a valid ref name."],
  ["refs/heads/main/below", "root", "Reference update failed"],
  ["refs/pull/1/head", "root", "Reference update failed"],
])("creating %s at %s: %s", async (ref, sha, message) => {
  const rejected = await bob.request(REFS, { ref, sha: sha === "root" ? root : sha });
  expect([rejected.status, rejected.body.message]).toEqual([422, message]);
});

test("of many who create the same ref, one succeeds and the others get the error that it exists", async () => {
  const responses = await Promise.all(
    Array.from({ length: 20 }, () => bob.request(REFS, { ref: "refs/heads/claim", sha: root })),
  );
  expect(responses.filter(({ status }) => status === 201)).toHaveLength(1);
  expect(new Set(responses.filter(({ status }) => status !== 201).map(({ body }) => body.message))).toEqual(
    new Set(["Reference already exists"]),
  );
});

test("a missing ref cannot be moved or deleted, nor can the default branch be deleted", async () => {
  const responses = [
    await bob.request(MOVE, { ref: "heads/none", sha: root }),
    await bob.request(DELETE, { ref: "heads/none" }),
    await bob.request(DELETE, { ref: "heads/main" }),
  ];
  expect(responses.map(({ status, body }) => [status, body.message])).toEqual([
    [422, "Reference does not exist"],
    [422, "Reference does not exist"],
    [422, "Cannot delete the default branch"],
  ]);
});

test("a pull request's head follows every move of its branch", async () => {
  const first = await addCommit("pull-head");
  await hub.repository.git.createRef("refs/heads/follow", first);
  const pull = await openPull(hub.world, hub.repository, { title: "Follow", head: "follow", base: "main" }, caller());
  const next = await addCommit("pull-head");
  await bob.request(MOVE, { ref: "heads/follow", sha: next });
  expect([pull.headSha, (await hub.repository.git.ref(`refs/pull/${pull.number}/head`))?.sha]).toEqual([next, next]);
  expect(hub.world.journal.effects("pull_request.synchronize")).toHaveLength(1);
});
