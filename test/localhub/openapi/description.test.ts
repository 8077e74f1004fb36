import { expect, test } from "vitest";
import { description, operationById, operations } from "./description.ts";
import { OPERATIONS } from "./operations.ts";
import { operationPermissions, permissionsOfOperation } from "./permissions.ts";
import { replySchemas } from "./validators.ts";

test("the description has exactly the listed operations, and its source", () => {
  expect([...operations.keys()].sort()).toEqual([...OPERATIONS].sort());
  expect(new Set(OPERATIONS).size).toBe(OPERATIONS.length);
  expect(description.source).toMatchObject({ package: "@octokit/openapi", version: expect.stringMatching(/^\d+\./) });
});

test("every operation has its permissions, and no other has", () => {
  expect([...operationPermissions.keys()].sort()).toEqual([...OPERATIONS].sort());
});

test("alternatives of permissions are read from GitHub's own notation", () => {
  expect(permissionsOfOperation("issues/create-comment").anyOf).toEqual([
    { issues: "write" },
    { pull_requests: "write" },
  ]);
  expect(permissionsOfOperation("repos/create-fork").anyOf).toEqual([{ administration: "write", contents: "read" }]);
  expect(permissionsOfOperation("meta/root").anyOf).toEqual([]);
  expect(() => permissionsOfOperation("gists/list")).toThrow(/permissions.json has no entry for gists\/list/);
});

test("the description keeps a property called description, and omits the prose", () => {
  expect(description.components.schemas["label"]).toMatchObject({ properties: { description: { nullable: true } } });
  expect(JSON.stringify(description)).not.toMatch(/"example":/);
});

test("the description shows which operations notify people", () => {
  const notifying = [...operations.values()].filter(({ notifies }) => notifies).map(({ id }) => id);
  expect(notifying).toContain("issues/create-comment");
  expect(notifying).not.toContain("issues/update-comment");
});

test("a reply's schemas are found by status, through shared responses and media types", () => {
  const comment = operationById("issues/create-comment");
  expect(replySchemas(comment, 201)).toEqual([{ $ref: "#/components/schemas/issue-comment" }]);
  expect(replySchemas(comment, 403)).toEqual([{ $ref: "#/components/schemas/basic-error" }]);
  expect(replySchemas(comment, 299)).toEqual([]);
  expect(replySchemas(operationById("repos/get-content"), 200)).toHaveLength(2);
});
