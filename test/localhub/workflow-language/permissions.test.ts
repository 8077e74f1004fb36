import fc from "fast-check";
import { expect, test } from "vitest";
import type { PermissionsBlock } from "./model.ts";
import { permissionViolations, tokenPermissions } from "./permissions.ts";

const none = { workflow: undefined, job: undefined, repositoryDefault: "read", readOnly: false } as const;

test("without a block the repository's setting applies (actions/runner: PermissionsHelper)", () => {
  expect(tokenPermissions(none)).toEqual({ contents: "read", packages: "read", metadata: "read" });
  const permissive = tokenPermissions({ ...none, repositoryDefault: "write" });
  expect(permissive).toMatchObject({
    contents: "write",
    pull_requests: "write",
    attestations: "write",
    metadata: "read",
  });
  expect(permissive).not.toHaveProperty("id_token");
  expect(permissive).not.toHaveProperty("models");
});

test("a block removes what it does not list, except metadata", () => {
  const workflow: PermissionsBlock = { "pull-requests": "write", "id-token": "write", issues: "none" };
  expect(tokenPermissions({ ...none, workflow, repositoryDefault: "write" })).toEqual({
    pull_requests: "write",
    id_token: "write",
    metadata: "read",
  });
  expect(tokenPermissions({ ...none, workflow: {}, repositoryDefault: "write" })).toEqual({ metadata: "read" });
});

test("the job's block replaces that of the workflow", () => {
  expect(tokenPermissions({ ...none, workflow: { contents: "write" }, job: { checks: "write" } })).toEqual({
    checks: "write",
    metadata: "read",
  });
});

test("read-all and write-all give each key at most its highest level", () => {
  const all = tokenPermissions({ ...none, workflow: { "*": "write" } });
  expect(all).toMatchObject({ contents: "write", id_token: "write", models: "read", artifact_metadata: "write" });
  const read = tokenPermissions({ ...none, workflow: { "*": "read" } });
  expect(new Set(Object.values(read))).toEqual(new Set(["read"]));
  expect(read).not.toHaveProperty("id_token");
});

test("a fork's pull request may write nothing, whatever the block requests (GitHub docs: GITHUB_TOKEN)", () => {
  const requested: PermissionsBlock = { contents: "write", issues: "read", "id-token": "write" };
  expect(tokenPermissions({ ...none, workflow: requested, readOnly: true })).toEqual({
    contents: "read",
    issues: "read",
    metadata: "read",
  });
});

test("a called workflow has what its caller has, or less", () => {
  const caller = { contents: "read", issues: "write", metadata: "read" } as const;
  expect(tokenPermissions({ ...none, caller })).toEqual(caller);
  expect(tokenPermissions({ ...none, caller, workflow: { contents: "write", checks: "write" } })).toEqual({
    contents: "read",
    metadata: "read",
  });
});

test("lists what a called workflow requests beyond its caller's permissions", () => {
  const allowed = { contents: "read", metadata: "read" } as const;
  expect(permissionViolations({ contents: "write", actions: "read", issues: "none" }, allowed)).toEqual([
    { key: "contents", requested: "write", allowed: "read" },
    { key: "actions", requested: "read", allowed: "none" },
  ]);
  expect(permissionViolations({ contents: "read" }, allowed)).toEqual([]);
  expect(permissionViolations({ "*": "read" }, allowed)).not.toEqual([]);
});

const level = fc.constantFrom("read" as const, "write" as const, "none" as const);
const block = fc.dictionary(fc.constantFrom("contents", "issues", "id-token", "models", "pull-requests", "*"), level);

test("a called workflow never gets more than its caller", () => {
  fc.assert(
    fc.property(block, block, fc.boolean(), (outer, inner, readOnly) => {
      const caller = tokenPermissions({ ...none, workflow: outer, readOnly });
      const called = tokenPermissions({ ...none, workflow: inner, readOnly, caller });
      for (const [name, granted] of Object.entries(called)) {
        expect([granted, "write"]).toContain(caller[name]);
        if (readOnly) expect(granted).toBe("read");
      }
    }),
  );
});
