import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { operationById } from "../../openapi/description.ts";
import { createAccount, createApp, createTeam } from "../../operations/people/accounts.ts";
import { createRepository } from "../../operations/people/repositories.ts";
import { appToken, classicToken, fineGrainedToken, jobToken } from "../../operations/people/tokens.ts";
import type { Caller } from "../../world/caller.ts";
import type { Permissions } from "../../world/identity.ts";
import type { Repository } from "../../world/repository.ts";
import type { Token } from "../../world/tokens.ts";
import { createWorld } from "../../world/world.ts";
import { authorize } from "./authorize.ts";

let directory: string;
let open: Repository;
let secret: Repository;
const world = createWorld({ directory: "" });
const acme = createAccount(world, { login: "acme", kind: "Organization" });
const people = Object.fromEntries(
  (["admin", "write", "triage", "read"] as const).map((role) => [role, createAccount(world, { login: role })]),
);
const outsider = createAccount(world, { login: "outsider" });

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "authorize-"));
  const here = { ...world, directory };
  open = await createRepository(here, { owner: acme, name: "open" });
  secret = await createRepository(here, { owner: acme, name: "secret", private: true });
  for (const repository of [open, secret]) {
    for (const role of ["admin", "write", "triage", "read"] as const) {
      const person = people[role];
      if (person) repository.collaborators.set(person, role);
    }
  }
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const withToken = (token: Token): Caller => ({ actor: token.actor, token });
const as = (name: string) => withToken(classicToken(world, people[name] ?? outsider));
const job = (permissions: Permissions, repository = open) => withToken(jobToken(world, repository, 1, permissions));

/** `ok`, or the status and message of the error. */
function resultOf(
  caller: Caller | undefined,
  operation: string,
  repo = "open",
  path: Record<string, string> = {},
): string {
  const described = operationById(operation);
  const parameters = described.path.includes("{repo}") ? { owner: "acme", repo, ...path } : path;
  try {
    authorize(world, caller, { operation: described, path: parameters });
    return "ok";
  } catch (error) {
    const { status, message } = error as { status: number; message: string };
    return `${status} ${message}`;
  }
}

const INTEGRATION = "403 Resource not accessible by integration";
const PERSONAL = "403 Resource not accessible by personal access token";
const NO_ADMIN = "403 Must have admin rights to Repository.";
const NOT_FOUND = "404 Not Found";

describe("people act by their role (GitHub docs, Repository roles for an organization)", () => {
  test.each([
    // operation, admin, write, triage, read, outsider
    ["issues/list-for-repo", "ok", "ok", "ok", "ok", "ok"],
    ["issues/create", "ok", "ok", "ok", "ok", "ok"],
    ["issues/create-comment", "ok", "ok", "ok", "ok", "ok"],
    ["issues/add-labels", "ok", "ok", "ok", NO_ADMIN, NO_ADMIN],
    ["issues/create-label", "ok", "ok", NO_ADMIN, NO_ADMIN, NO_ADMIN],
    ["pulls/create-review", "ok", "ok", "ok", "ok", "ok"],
    ["pulls/dismiss-review", "ok", "ok", NO_ADMIN, NO_ADMIN, NO_ADMIN],
    ["pulls/merge", "ok", "ok", NO_ADMIN, NO_ADMIN, NO_ADMIN],
    ["actions/create-workflow-dispatch", "ok", "ok", NO_ADMIN, NO_ADMIN, NO_ADMIN],
    ["actions/review-pending-deployments-for-run", "ok", "ok", "ok", "ok", "ok"],
    ["actions/list-self-hosted-runners-for-repo", "ok", NO_ADMIN, NO_ADMIN, NO_ADMIN, NO_ADMIN],
    ["repos/create-or-update-environment", "ok", NO_ADMIN, NO_ADMIN, NO_ADMIN, NO_ADMIN],
    ["git/create-ref", "ok", "ok", NOT_FOUND, NOT_FOUND, NOT_FOUND],
    ["repos/create-commit-status", "ok", "ok", NOT_FOUND, NOT_FOUND, NOT_FOUND],
    ["repos/get-branch-protection", "ok", NOT_FOUND, NOT_FOUND, NOT_FOUND, NOT_FOUND],
    ["repos/create-repo-ruleset", "ok", NOT_FOUND, NOT_FOUND, NOT_FOUND, NOT_FOUND],
  ])("%s", (operation, ...expected) => {
    const results = ["admin", "write", "triage", "read", "outsider"].map((name) => resultOf(as(name), operation));
    expect(results).toEqual(expected);
  });

  test("a private repository is a 404 for those who cannot see it", () => {
    expect(resultOf(as("outsider"), "issues/create", "secret")).toBe(NOT_FOUND);
    expect(resultOf(undefined, "repos/get", "secret")).toBe(NOT_FOUND);
    expect(resultOf(as("read"), "issues/create", "secret")).toBe("ok");
    expect(resultOf(as("admin"), "repos/get", "missing")).toBe(NOT_FOUND);
  });

  test("authors may change their own work without a role", () => {
    const comment = {
      id: 9,
      issue: 1,
      author: outsider,
      app: undefined,
      body: "",
      createdAt: new Date(),
      updatedAt: new Date(),
    };
    open.comments.set(9, comment);
    expect(resultOf(as("outsider"), "issues/update-comment", "open", { comment_id: "9" })).toBe("ok");
    expect(resultOf(as("read"), "issues/update-comment", "open", { comment_id: "9" })).toBe(NO_ADMIN);
    expect(resultOf(as("write"), "issues/delete-comment", "open", { comment_id: "9" })).toBe("ok");
  });

  test("check runs are for apps (actions/github-script#118)", () => {
    expect(resultOf(as("admin"), "checks/create")).toBe("403 You must authenticate via a GitHub App.");
    expect(resultOf(as("read"), "checks/list-for-ref")).toBe("ok");
  });

  test("an organisation's runners are for its owners", () => {
    const owner = createAccount(world, { login: "olga" });
    createTeam(world, acme, "owners", [owner]);
    const caller = withToken(classicToken(world, owner));
    expect(resultOf(caller, "actions/list-self-hosted-runners-for-org", "", { org: "acme" })).toBe("ok");
    expect(resultOf(as("admin"), "actions/list-self-hosted-runners-for-org", "", { org: "acme" })).toMatch(/^403 /);
  });
});

describe("callers without a token", () => {
  test.each([
    ["repos/get", "ok"],
    ["issues/list-comments", "ok"],
    ["checks/list-for-ref", "ok"],
    ["actions/list-workflow-runs-for-repo", "ok"],
    ["issues/create-comment", "401 Requires authentication"],
    ["repos/list-collaborators", "401 Requires authentication"],
    ["actions/download-artifact", "401 Requires authentication"],
    ["actions/list-repo-secrets", "401 Requires authentication"],
    ["repos/get-branch-protection", "401 Requires authentication"],
    ["meta/root", "ok"],
    ["users/get-authenticated", "401 Requires authentication"],
  ])("%s: %s", (operation, expected) => {
    expect(resultOf(undefined, operation)).toBe(expected);
  });
});

describe("jobs act by the permissions of their token", () => {
  test.each<[string, Permissions, string]>([
    ["issues/create-comment", { issues: "write" }, "ok"],
    ["issues/create-comment", { pull_requests: "write" }, "ok"],
    ["issues/create-comment", { pull_requests: "read" }, INTEGRATION],
    ["issues/create", { pull_requests: "write" }, INTEGRATION],
    ["pulls/merge", { pull_requests: "write" }, INTEGRATION],
    ["pulls/merge", { contents: "write" }, "ok"],
    ["checks/create", { checks: "write" }, "ok"],
    ["checks/create", {}, INTEGRATION],
    ["repos/create-deployment", { deployments: "write" }, "ok"],
    ["actions/create-workflow-dispatch", { actions: "read" }, INTEGRATION],
    ["actions/list-self-hosted-runners-for-repo", { actions: "write", contents: "write" }, INTEGRATION],
    ["repos/create-or-update-environment", { actions: "write", deployments: "write" }, INTEGRATION],
    ["actions/list-repo-secrets", { actions: "write" }, INTEGRATION],
    ["users/get-authenticated", {}, INTEGRATION],
    ["repos/get-branch-rules", {}, "ok"],
  ])("%s with %j: %s", (operation, permissions, expected) => {
    expect(resultOf(job(permissions), operation)).toBe(expected);
  });

  test("reads of a public repository need no permission, those of a private one do", () => {
    expect(resultOf(job({}), "repos/get-content")).toBe("ok");
    expect(resultOf(job({}, secret), "repos/get-content", "secret")).toBe(INTEGRATION);
    expect(resultOf(job({ contents: "read" }, secret), "repos/get-content", "secret")).toBe("ok");
  });

  test("a token is valid only for its own repository", () => {
    expect(resultOf(job({ issues: "write" }, secret), "issues/create")).toBe(INTEGRATION);
    expect(resultOf(job({ issues: "write" }, secret), "issues/list-for-repo")).toBe("ok");
    expect(resultOf(job({ issues: "write" }), "issues/list-for-repo", "secret")).toBe(NOT_FOUND);
  });

  test("the error lists the permissions that would be accepted", () => {
    const described = operationById("issues/create-comment");
    const path = { owner: "acme", repo: "open", issue_number: "1" };
    expect(() => authorize(world, job({}), { operation: described, path })).toThrow(
      expect.objectContaining({
        headers: { "x-accepted-github-permissions": "issues=write; pull_requests=write" },
      }),
    );
  });
});

test("an app acts by its permissions; a fine-grained token needs the permission and the person the role", () => {
  const bot = createApp(world, "robot", acme, { checks: "write" });
  expect(resultOf(withToken(appToken(world, bot, { checks: "write" }, open)), "checks/create")).toBe("ok");
  expect(
    resultOf(withToken(appToken(world, bot, { administration: "read" })), "repos/get-branch-protection", "secret"),
  ).toBe("ok");
  const narrowed = (name: string, permissions: Permissions) =>
    withToken(fineGrainedToken(world, people[name] ?? outsider, permissions, open));
  expect(resultOf(narrowed("write", { contents: "write" }), "git/create-ref")).toBe("ok");
  expect(resultOf(narrowed("write", { contents: "read" }), "git/create-ref")).toBe(PERSONAL);
  expect(resultOf(narrowed("read", { contents: "write" }), "git/create-ref")).toBe(NOT_FOUND);
});
