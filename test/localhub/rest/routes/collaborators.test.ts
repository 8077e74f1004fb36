import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createAccount, createTeam } from "../../operations/people/accounts.ts";
import { createRepository } from "../../operations/people/repositories.ts";
import { startTestHub, type TestHub } from "../serving/testing.ts";
import { collaboratorRoutes } from "./collaborators.ts";

const LIST = "GET /repos/{owner}/{repo}/collaborators";
const ONE = "/repos/{owner}/{repo}/collaborators/{username}";
const LEVEL = `GET ${ONE}/permission`;

describe("collaborators", () => {
  let hub: TestHub;
  beforeAll(async () => {
    hub = await startTestHub({ routes: collaboratorRoutes, private: true });
    const member = createAccount(hub.world, { login: "erin" });
    hub.repository.teams.set(createTeam(hub.world, hub.repository.owner, "core", [member]), "maintain");
    createAccount(hub.world, { login: "outsider" });
  });
  afterAll(() => hub[Symbol.asyncDispose]());

  // GitHub docs, "Get repository permissions for a user": maintain counts as write, triage as read.
  test.each([
    ["alice", "admin", "admin"],
    ["bob", "write", "write"],
    ["carol", "read", "triage"],
    ["dave", "read", "read"],
    ["erin", "write", "maintain"],
    ["outsider", "none", "none"],
  ])("%s has the permission %s by the role %s", async (username, permission, role) => {
    const level = await hub.as("bob").request(LEVEL, { username });
    expect(level).toMatchObject({ status: 200, body: { permission, role_name: role, user: { login: username } } });
  });

  test("an unknown account has no permission level", async () => {
    expect((await hub.as("bob").request(LEVEL, { username: "nobody" })).status).toBe(404);
  });

  test("lists are filtered by direct and outside collaborators and by permission", async () => {
    const logins = async (parameters: object) => {
      const { body } = await hub.as("alice").request(LIST, { ...parameters });
      return body.map(({ login }: { login: string }) => login);
    };
    expect(await logins({})).toEqual(["alice", "bob", "carol", "dave", "erin"]);
    expect(await logins({ affiliation: "direct" })).toEqual(["alice", "bob", "carol", "dave"]);
    expect(await logins({ affiliation: "outside" })).toEqual(["alice", "bob", "carol", "dave"]);
    expect(await logins({ permission: "maintain" })).toEqual(["alice", "erin"]);
  });

  test("a new collaborator is invited, an existing one only gets another role, and both can be removed", async () => {
    const alice = hub.as("alice");
    createAccount(hub.world, { login: "frank" });
    const frank = { username: "frank" };
    const check = async () => (await hub.as("bob").request(`GET ${ONE}`, frank)).status;
    expect(await check()).toBe(404);
    expect(await alice.request(`PUT ${ONE}`, { ...frank, permission: "triage" })).toMatchObject({
      status: 201,
      body: { permissions: "triage", invitee: { login: "frank" }, inviter: { login: "alice" } },
    });
    expect(await check()).toBe(204);
    expect((await alice.request(`PUT ${ONE}`, { ...frank, permission: "maintain" })).status).toBe(204);
    expect((await alice.request(LEVEL, frank)).body.role_name).toBe("maintain");
    expect((await alice.request(`PUT ${ONE}`, { ...frank, permission: "owner" })).status).toBe(422);
    expect((await alice.request(`DELETE ${ONE}`, frank)).status).toBe(204);
    expect(await check()).toBe(404);
  });

  test("in a person's own repository all collaborators have one role", async () => {
    const { world } = hub;
    const owner = createAccount(world, { login: "grace" });
    await createRepository(world, { owner, name: "own" });
    const own = { owner: "grace", repo: "own" };
    const add = (username: string) => hub.as("grace").request(`PUT ${ONE}`, { ...own, username, permission: "triage" });
    expect((await add("bob")).body.permissions).toBe("write");
    expect((await add("grace")).status).toBe(422);
    const listed = await hub.as("grace").request(LIST, own);
    expect(listed.body).toMatchObject([
      { login: "grace", role_name: "admin" },
      { login: "bob", role_name: "write" },
    ]);
  });
});
