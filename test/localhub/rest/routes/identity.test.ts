import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { actionsApp, createAccount, createTeam } from "../../operations/people/accounts.ts";
import { startTestHub, type TestHub } from "../serving/testing.ts";
import { identityRoutes } from "./identity.ts";

describe("people, organisations, teams and apps", () => {
  let hub: TestHub;
  beforeAll(async () => {
    hub = await startTestHub({ routes: identityRoutes });
    const { world, repository } = hub;
    const members = ["mia", "noah"].map((login) => createAccount(world, { login, email: `${login}@example.com` }));
    repository.teams.set(createTeam(world, repository.owner, "core", members), "write");
  });
  afterAll(() => hub[Symbol.asyncDispose]());

  test("a person sees their full profile, others see the public one", async () => {
    const own = await hub.as("mia").request("GET /user");
    expect(own.body).toMatchObject({ login: "mia", user_view_type: "private", two_factor_authentication: true });
    const seen = await hub.as("bob").request("GET /users/{username}", { username: "MIA" });
    expect(seen.body).toMatchObject({ login: "mia", email: "mia@example.com", public_repos: 0, type: "User" });
    expect(seen.body).not.toHaveProperty("two_factor_authentication");
    expect((await hub.as("bob").request("GET /users/{username}", { username: "nobody" })).status).toBe(404);
    expect((await hub.withToken(undefined).request("GET /user")).status).toBe(401);
  });

  test("an organisation is not a person, and only members see its members", async () => {
    const org = "acme";
    expect((await hub.as("bob").request("GET /orgs/{org}", { org })).body).toMatchObject({
      login: org,
      public_repos: 1,
    });
    expect((await hub.as("bob").request("GET /orgs/{org}", { org: "bob" })).status).toBe(404);
    const request = (as: string, username: string) =>
      hub.as(as).request("GET /orgs/{org}/members/{username}", { org, username });
    expect((await request("mia", "noah")).status).toBe(204);
    expect((await request("mia", "bob")).status).toBe(404);
    const outsider = await request("bob", "noah");
    expect(outsider.status).toBe(302);
    expect(outsider.headers.get("location")).toBe(`${hub.world.urls.api}/orgs/acme/public_members/noah`);
  });

  test("a team shows its members to those who may see them", async () => {
    const team = { org: "acme", team_slug: "core" };
    const mia = hub.as("mia");
    expect((await mia.request("GET /orgs/{org}/teams/{team_slug}", team)).body).toMatchObject({
      slug: "core",
      members_count: 2,
      repos_count: 1,
      organization: { login: "acme" },
    });
    const members = await mia.request("GET /orgs/{org}/teams/{team_slug}/members", team);
    expect(members.body.map(({ login }: { login: string }) => login)).toEqual(["mia", "noah"]);
    const maintainers = await mia.request("GET /orgs/{org}/teams/{team_slug}/members", { ...team, role: "maintainer" });
    expect(maintainers.body).toEqual([]);
    const membership = (username: string) =>
      mia.request("GET /orgs/{org}/teams/{team_slug}/memberships/{username}", { ...team, username });
    expect((await membership("noah")).body).toMatchObject({ role: "member", state: "active" });
    expect((await membership("bob")).status).toBe(404);
    expect((await mia.request("GET /orgs/{org}/teams/{team_slug}", { ...team, team_slug: "none" })).status).toBe(404);
  });

  test("GitHub Actions is an app with its ids from github.com", async () => {
    actionsApp(hub.world);
    const app = await hub.as("bob").request("GET /apps/{app_slug}", { app_slug: "github-actions" });
    expect(app.body).toMatchObject({ id: 15_368, slug: "github-actions", owner: { login: "github" } });
    expect((await hub.as("bob").request("GET /apps/{app_slug}", { app_slug: "none" })).status).toBe(404);
  });
});
