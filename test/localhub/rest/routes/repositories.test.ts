import { afterAll, beforeAll, expect, test } from "vitest";
import { createAccount } from "../../operations/people/accounts.ts";
import { startTestHub, type TestHub } from "../serving/testing.ts";
import { repositoryRoutes } from "./repositories.ts";

const GET = "GET /repos/{owner}/{repo}";
const FORK = "POST /repos/{owner}/{repo}/forks";
const FORKS = "GET /repos/{owner}/{repo}/forks";

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub({ routes: repositoryRoutes });
  await hub.commit({ "f.txt": "1" }, "feature");
});
afterAll(() => hub[Symbol.asyncDispose]());

test("a repository shows the permissions of its reader", async () => {
  const roles = await Promise.all(
    ["alice", "bob", "dave"].map(async (login) => (await hub.as(login).request(GET)).body.permissions),
  );
  expect(roles.map(({ admin, push, pull }) => [admin, push, pull])).toEqual([
    [true, true, true],
    [false, true, true],
    [false, false, true],
  ]);
  const anonymous = await hub.withToken(undefined).request(GET);
  expect([anonymous.status, anonymous.body.permissions, anonymous.body.clone_url]).toEqual([
    200,
    undefined,
    `${hub.server.origin}/acme/model.git`,
  ]);
});

test("a fork has the branches of its parent, once per account, and is listed", async () => {
  const dave = hub.as("dave");
  const fork = await dave.request(FORK);
  expect(fork.status).toBe(202);
  expect(fork.body).toMatchObject({ full_name: "dave/model", fork: true, parent: { full_name: "acme/model" } });
  expect((await dave.request(FORK, { name: "again" })).body.id).toBe(fork.body.id);
  const copy = hub.world.repositories.get("dave/model");
  expect(await copy?.git.resolve("feature")).toBe(await hub.repository.git.resolve("feature"));

  createAccount(hub.world, { login: "lab", kind: "Organization" });
  await hub.as("bob").request(FORK, { organization: "lab", name: "own-name", default_branch_only: true });
  const narrow = hub.world.repositories.get("lab/own-name");
  expect([await narrow?.git.resolve("feature"), (await narrow?.git.refs("refs/heads/"))?.length]).toEqual([
    undefined,
    1,
  ]);
  const listed = async (sort: string) =>
    (await dave.request(FORKS, { sort })).body.map(({ full_name: name }: Record<string, string>) => name);
  expect(await listed("newest")).toEqual(["lab/own-name", "dave/model"]);
  expect(await listed("oldest")).toEqual(["dave/model", "lab/own-name"]);
});

test("who cannot fork, and which targets are invalid", async () => {
  const responses = [
    await hub.as("bob").request(FORK, { organization: "acme" }),
    await hub.as("bob").request(FORK, { organization: "unknown" }),
    await hub.asJob({ contents: "write", administration: "write" }).request(FORK),
  ];
  expect(responses.map(({ status }) => status)).toEqual([403, 422, 403]);
});
