import { afterAll, beforeAll, expect, test } from "vitest";
import { commitFiles } from "../../operations/refs/contents.ts";
import { type Client, startTestHub, type TestHub } from "../serving/testing.ts";
import { branchRoutes } from "./branches.ts";

let hub: TestHub;
let bob: Client;
let main: string;
beforeAll(async () => {
  hub = await startTestHub({ routes: branchRoutes });
  bob = hub.as("bob");
  main = (await hub.repository.git.resolve("main")) ?? "";
});
afterAll(() => hub[Symbol.asyncDispose]());

function addCommit(branch: string, files: Record<string, string>): Promise<string> {
  const actor = hub.world.accounts.get("bob");
  if (!actor) throw new Error("there is no account bob");
  const input = { branch, files, message: "Add a commit", startFrom: main };
  return commitFiles(hub.world, hub.repository, input, { actor, token: undefined });
}

test("branches are listed and read, with whether they are protected", async () => {
  const sha = await addCommit("topic/one", { a: "1" });
  hub.repository.rulesets.set(1, {
    id: 1,
    name: "main",
    target: "branch",
    enforcement: "active",
    include: ["~DEFAULT_BRANCH"],
    exclude: [],
    rules: [{ type: "deletion" }],
    bypassActors: [],
    createdAt: new Date(),
    updatedAt: new Date(),
  });
  const listed = (query = {}) => bob.request("GET /repos/{owner}/{repo}/branches", query);
  const names = ({ body }: { body: { name: string }[] }) => body.map(({ name }) => name);
  expect(names(await listed())).toEqual(["main", "topic/one"]);
  expect(names(await listed({ protected: true }))).toEqual(["main"]);
  expect(names(await listed({ protected: false }))).toEqual(["topic/one"]);
  const branch = await bob.request("GET /repos/{owner}/{repo}/branches/{branch}", { branch: "topic/one" });
  expect(branch.body).toMatchObject({ name: "topic/one", protected: false, commit: { sha } });
  const unknown = await bob.request("GET /repos/{owner}/{repo}/branches/{branch}", { branch: "none" });
  expect([unknown.status, unknown.body.message]).toEqual([404, "Branch not found"]);
  hub.repository.rulesets.clear();
});

test("branches whose head a commit is", async () => {
  const sha = await addCommit("head-of", { h: "1" });
  const heads = (commit: string) =>
    bob.request("GET /repos/{owner}/{repo}/commits/{commit_sha}/branches-where-head", { commit_sha: commit });
  expect((await heads(sha)).body.map(({ name }: { name: string }) => name)).toEqual(["head-of"]);
  expect((await heads("1".repeat(40))).status).toBe(422);
});

test("tags are listed newest version first, each with its commit", async () => {
  const { git } = hub.repository;
  const person = { name: "Bob", email: "bob@example.com", date: new Date(1e12) };
  const annotated = await git.writeTag({ tag: "v10", object: main, type: "commit", tagger: person, message: "Ten" });
  await git.createRef("refs/tags/v2", main);
  await git.createRef("refs/tags/v10", annotated);
  await git.createRef("refs/tags/blob", await git.writeBlob(Buffer.from("no commit")));
  const tags = await bob.request("GET /repos/{owner}/{repo}/tags");
  expect(tags.body.map(({ name, commit }: { name: string; commit: { sha: string } }) => [name, commit.sha])).toEqual([
    ["v10", main],
    ["v2", main],
  ]);
});

test("one branch is merged into another: a merge commit, nothing to do, a conflict, missing sides", async () => {
  const merge = (body: Record<string, string>) => bob.request("POST /repos/{owner}/{repo}/merges", body);
  const base = await addCommit("base", { b: "1" });
  const head = await addCommit("head", { h: "1" });
  const merged = await merge({ base: "base", head: "head" });
  expect(merged.status).toBe(201);
  expect(merged.body).toMatchObject({
    commit: { message: "Merge head into base", author: { name: "bob" }, committer: { name: "GitHub" } },
    parents: [{ sha: base }, { sha: head }],
  });
  expect(await hub.repository.git.resolve("base")).toBe(merged.body.sha);
  expect((await merge({ base: "base", head })).status).toBe(204);
  await addCommit("clash", { b: "2" });
  const invalid = [
    { base: "base", head: "clash" },
    { base: "none", head: "head" },
    { base: "base", head: "none" },
  ];
  const responses = await Promise.all(invalid.map(merge));
  expect(responses.map(({ status, body }) => [status, body.message])).toEqual([
    [409, "Merge conflict"],
    [404, "Base does not exist"],
    [404, "Head does not exist"],
  ]);
});
