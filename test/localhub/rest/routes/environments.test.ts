import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ensureEnvironment, mayDeploy, reviewersOf } from "../../operations/deployments/environments.ts";
import { createAccount, createTeam } from "../../operations/people/accounts.ts";
import type { BranchProtection } from "../../world/protection.ts";
import { startTestHub, type TestHub } from "../serving/testing.ts";
import { environmentRoutes } from "./environments.ts";

/** A protection without any rule. */
const withoutRules = (branch: string): BranchProtection => ({
  branch,
  requiredChecks: undefined,
  requiredReviews: undefined,
  enforceAdmins: false,
  linearHistory: false,
  allowForcePushes: false,
  allowDeletions: false,
  conversationResolution: false,
  blockCreations: false,
  lockBranch: false,
  allowForkSyncing: false,
  restrictions: undefined,
});

const PUT = "PUT /repos/{owner}/{repo}/environments/{environment_name}";
const GET = "GET /repos/{owner}/{repo}/environments/{environment_name}";
const POLICIES = "/repos/{owner}/{repo}/environments/{environment_name}/deployment-branch-policies";
const CUSTOM = { deployment_branch_policy: { protected_branches: false, custom_branch_policies: true } };

describe("environments", () => {
  let hub: TestHub;
  beforeAll(async () => {
    hub = await startTestHub({ routes: environmentRoutes, private: true });
  });
  afterAll(() => hub[Symbol.asyncDispose]());

  const put = (environment_name: string, body: object = {}) =>
    hub.as("alice").request(PUT, { environment_name, ...body });
  const account = (login: string) => {
    const found = hub.world.accounts.get(login);
    if (!found) throw new Error(`there is no account ${login}`);
    return found;
  };
  const user = (login: string) => ({ type: "User", id: account(login).id });

  test("every rule that is switched on is shown, and a PUT replaces them all", async () => {
    const { world, repository } = hub;
    const team = createTeam(world, repository.owner, "release", [account("bob"), account("dave")]);
    repository.teams.set(team, "write");
    const made = await put("Production", {
      wait_timer: 30,
      prevent_self_review: true,
      reviewers: [user("carol"), { type: "Team", id: team.id }],
      deployment_branch_policy: { protected_branches: true, custom_branch_policies: false },
    });
    expect(made).toMatchObject({
      status: 200,
      body: {
        name: "Production",
        can_admins_bypass: true,
        protection_rules: [
          { type: "wait_timer", wait_timer: 30 },
          {
            type: "required_reviewers",
            prevent_self_review: true,
            reviewers: [
              { type: "User", reviewer: { login: "carol" } },
              { type: "Team", reviewer: { slug: "release" } },
            ],
          },
          { type: "branch_policy" },
        ],
        deployment_branch_policy: { protected_branches: true, custom_branch_policies: false },
      },
    });
    const environment = ensureEnvironment(world, repository, "PRODUCTION");
    expect([...reviewersOf(environment)].map(({ login }) => login)).toEqual(["carol", "bob", "dave"]);
    expect((await put("production")).body).toMatchObject({ name: "Production", protection_rules: [] });
    const listed = await hub.as("dave").request("GET /repos/{owner}/{repo}/environments");
    expect(listed.body).toMatchObject({ total_count: 1, environments: [{ deployment_branch_policy: null }] });
  });

  // Not in GitHub's description, but accepted: google/go-github#2725.
  test("administrators can be kept from bypassing, until a PUT changes it", async () => {
    expect((await put("strict", { can_admins_bypass: false })).body.can_admins_bypass).toBe(false);
    expect((await put("strict", { wait_timer: 1 })).body.can_admins_bypass).toBe(false);
    expect((await put("strict", { can_admins_bypass: true })).body.can_admins_bypass).toBe(true);
    expect((await put("strict", { unheard_of: true })).status).toBe(422);
  });

  test("a name may contain a slash, and a deleted environment does not exist", async () => {
    expect((await put("team/gpu")).body.url).toContain("/environments/team%2Fgpu");
    const named = { environment_name: "team/gpu" };
    expect((await hub.as("dave").request(GET, named)).status).toBe(200);
    const remove = () => hub.as("alice").request("DELETE /repos/{owner}/{repo}/environments/{environment_name}", named);
    expect((await remove()).status).toBe(204);
    expect((await remove()).status).toBe(404);
  });

  const outsider = "outsider";
  test.each([
    // GitHub docs, "Create or update an environment".
    ["a wait below 0", () => ({ wait_timer: -1 }), "Wait timer"],
    ["a wait above 43,200 minutes", () => ({ wait_timer: 43_201 }), "Wait timer"],
    ["seven reviewers", () => ({ reviewers: Array(7).fill(user("bob")) }), "at most 6"],
    ["an unknown reviewer", () => ({ reviewers: [{ type: "User", id: 1 }] }), "There is no User with the id 1"],
    [
      "a reviewer who may not read",
      () => {
        createAccount(hub.world, { login: outsider });
        return { reviewers: [user(outsider)] };
      },
      "must have read access",
    ],
    // Message: github-community-projects/safe-settings#628.
    [
      "self-review prevented without a reviewer",
      () => ({ prevent_self_review: true }),
      "Required reviewers must have at least one reviewer to set prevent_self_review.",
    ],
    [
      "both kinds of branch policy",
      () => ({ deployment_branch_policy: { protected_branches: true, custom_branch_policies: true } }),
      "cannot have the same value",
    ],
  ])("%s is rejected", async (_, body, message) => {
    const rejected = await put("rejected", body());
    expect(rejected.status).toBe(422);
    expect(rejected.body.message).toContain(message);
  });

  test("the limits themselves are accepted", async () => {
    const reviewers = Array(6).fill(user("bob"));
    expect((await put("bounds", { wait_timer: 43_200, reviewers })).status).toBe(200);
  });

  test("patterns are added, shown and removed one by one", async () => {
    const named = { environment_name: "patterned" };
    const alice = hub.as("alice");
    await put("patterned");
    expect((await alice.request(`POST ${POLICIES}`, { ...named, name: "main" })).status).toBe(404);
    await put("patterned", CUSTOM);
    const main = await alice.request(`POST ${POLICIES}`, { ...named, name: "main" });
    expect(main).toMatchObject({ status: 200, body: { name: "main", type: "branch" } });
    expect((await alice.request(`POST ${POLICIES}`, { ...named, name: "main" })).status).toBe(303);
    await alice.request(`POST ${POLICIES}`, { ...named, name: "v*", type: "tag" });
    await put("patterned", CUSTOM);
    const listed = await hub.as("dave").request(`GET ${POLICIES}`, named);
    expect(listed.body).toMatchObject({ total_count: 2, branch_policies: [{ name: "main" }, { name: "v*" }] });
    const one = { ...named, branch_policy_id: main.body.id };
    expect((await alice.request(`GET ${POLICIES}/{branch_policy_id}`, one)).body.name).toBe("main");
    expect((await alice.request(`DELETE ${POLICIES}/{branch_policy_id}`, one)).status).toBe(204);
    expect((await alice.request(`GET ${POLICIES}/{branch_policy_id}`, one)).status).toBe(404);
  });

  test("who may deploy: any ref, those that match, or those of protected branches", async () => {
    const { world, repository } = hub;
    const decision = (name: string, ref: string) =>
      mayDeploy(repository, ensureEnvironment(world, repository, name), ref);
    expect(decision("open", "refs/heads/x")).toEqual({ allowed: true });

    await put("matched", CUSTOM);
    expect(decision("matched", "refs/heads/main")).toEqual({
      allowed: false,
      reason: 'Branch "main" is not allowed to deploy to matched due to environment protection rules.',
    });
    for (const [name, type] of [
      ["release/*", "branch"],
      ["refs/pull/*/merge", "branch"],
      ["v*", "tag"],
    ]) {
      await hub.as("alice").request(`POST ${POLICIES}`, { environment_name: "matched", name, type });
    }
    const table = {
      "refs/heads/release/1": true,
      "refs/heads/release/1/2": false,
      "refs/heads/v1": false,
      "refs/tags/v1": true,
      "refs/tags/release/1": false,
      "refs/pull/7/merge": true,
    };
    for (const [ref, allowed] of Object.entries(table))
      expect([ref, decision("matched", ref).allowed]).toEqual([ref, allowed]);

    await put("guarded", { deployment_branch_policy: { protected_branches: true, custom_branch_policies: false } });
    // GitHub docs, "Deployment branches and tags": without any protected branch all branches may deploy.
    expect(decision("guarded", "refs/heads/x").allowed).toBe(true);
    repository.protections.set("main", withoutRules("main"));
    expect(decision("guarded", "refs/heads/main").allowed).toBe(true);
    expect(decision("guarded", "refs/heads/x").allowed).toBe(false);
    expect(decision("guarded", "refs/tags/main")).toMatchObject({ reason: expect.stringContaining('Tag "main"') });
  });
});
