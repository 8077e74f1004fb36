import { expect, test } from "vitest";
import { operationById } from "./description.ts";
import { bodyViolations } from "./validators.ts";
import { invalidRequestMessage } from "./violation-messages.ts";

// The second to fourth were seen on github.com: QasimWani/LeetHub#493, matrix-org/matrix-analytics-events#135.
test.each([
  ["issues/create", { title: "x", body: false }, "For 'properties/body', false is not a string."],
  [
    "repos/create-or-update-file-contents",
    { message: "m", content: "", sha: null },
    "For 'properties/sha', nil is not a string.",
  ],
  [
    "repos/create-release",
    { tag_name: "v1", make_latest: true },
    "For 'properties/make_latest', true is not a string.",
  ],
  ["issues/create-comment", {}, '"body" wasn\'t supplied.'],
  [
    "repos/create-commit-status",
    { state: "great" },
    `For 'properties/state', great is not a member of ["error", "failure", "pending", "success"].`,
  ],
  ["pulls/request-reviewers", { reviewers: [7] }, "For 'items', 7 is not a string."],
  [
    "repos/create-repo-ruleset",
    { name: "r", enforcement: "active", rules: [{ type: "unheard of" }] },
    "For 'items', No subschema in \"oneOf\" matched.",
  ],
  ["repos/create-repo-ruleset", { enforcement: "active" }, '"name" wasn\'t supplied.'],
  ["checks/create", { name: 7, head_sha: "0" }, "For 'properties/name', 7 is not a string."],
  ["checks/create", { head_sha: "0" }, '"name" wasn\'t supplied.'],
  ["issues/create-label", { name: ["a"] }, `For 'properties/name', ["a"] is not a string.`],
  ["issues/create-label", { name: { a: null } }, `For 'properties/name', {"a"=>nil} is not a string.`],
])("%s with %j: %s", (operation, body, message) => {
  const violations = bodyViolations(operationById(operation), body);
  expect(invalidRequestMessage(violations)).toBe(`Invalid request.\n\n${message}`);
});

test("a body that fits has no violations", () => {
  expect(bodyViolations(operationById("issues/create-comment"), { body: "hi" })).toEqual([]);
});
