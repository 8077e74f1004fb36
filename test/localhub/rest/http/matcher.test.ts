import { expect, test } from "vitest";
import { operations } from "../../openapi/description.ts";
import { createMatcher } from "./matcher.ts";

const match = createMatcher(operations.values());

test.each([
  ["GET", "/", "meta/root", {}],
  ["GET", "/repos/o/r", "repos/get", { owner: "o", repo: "r" }],
  ["HEAD", "/repos/o/r", "repos/get", { owner: "o", repo: "r" }],
  ["GET", "/repos/o/r/contents", "repos/get-content", { path: "" }],
  ["GET", "/repos/o/r/contents/", "repos/get-content", { path: "" }],
  ["GET", "/repos/o/r/contents/a/b%20c/d.txt", "repos/get-content", { path: "a/b c/d.txt" }],
  ["GET", "/repos/o/r/git/ref/heads/feature/x", "git/get-ref", { ref: "heads/feature/x" }],
  ["GET", "/repos/o/r/git/ref/heads%2Ffeature%2Fx", "git/get-ref", { ref: "heads/feature/x" }],
  ["PATCH", "/repos/o/r/git/refs/heads/a/b", "git/update-ref", { ref: "heads/a/b" }],
  ["GET", "/repos/o/r/git/matching-refs/", "git/list-matching-refs", { ref: "" }],
  [
    "GET",
    "/repos/o/r/compare/main...feature/x",
    "repos/compare-commits-with-basehead",
    { basehead: "main...feature/x" },
  ],
  ["GET", "/repos/o/r/commits/main", "repos/get-commit", { ref: "main" }],
  ["GET", "/repos/o/r/commits/feature/x", "repos/get-commit", { ref: "feature/x" }],
  ["GET", "/repos/o/r/commits/feature/x/check-runs", "checks/list-for-ref", { ref: "feature/x" }],
  ["GET", "/repos/o/r/commits/abc/pulls", "repos/list-pull-requests-associated-with-commit", { commit_sha: "abc" }],
  ["GET", "/repos/o/r/branches/a/b", "repos/get-branch", { branch: "a/b" }],
  ["GET", "/repos/o/r/branches/a/b/protection", "repos/get-branch-protection", { branch: "a/b" }],
  ["GET", "/repos/o/r/rules/branches/a/b", "repos/get-branch-rules", { branch: "a/b" }],
  ["GET", "/repos/o/r/releases/latest", "repos/get-latest-release", {}],
  ["GET", "/repos/o/r/releases/7", "repos/get-release", { release_id: "7" }],
  ["GET", "/repos/o/r/releases/tags/model/v1", "repos/get-release-by-tag", { tag: "model/v1" }],
  ["GET", "/repos/o/r/issues/comments", "issues/list-comments-for-repo", {}],
  ["GET", "/repos/o/r/issues/5/comments", "issues/list-comments", { issue_number: "5" }],
  ["GET", "/repos/o/r/labels/help%20wanted", "issues/get-label", { name: "help wanted" }],
  ["GET", "/repos/o/r/tarball", "repos/download-tarball-archive", { ref: "" }],
  ["GET", "/repos/o/r/labels/100%", "issues/get-label", { name: "100%" }],
])("%s %s is %s", (method, path, operation, parameters) => {
  const found = match(method, path);
  expect(found?.operation.id).toBe(operation);
  expect(found?.path).toMatchObject(parameters);
});

test.each([
  ["GET", "/repos/o/r/"],
  ["DELETE", "/repos/o/r"],
  ["GET", "/repos/o"],
  ["GET", "/repos/o/r/labels/a/b"],
  ["GET", "/acme/model"],
  ["GET", "/-/acme/model"],
  ["OPTIONS", "/repos/o/r"],
])("%s %s is not an operation", (method, path) => {
  expect(match(method, path)).toBeUndefined();
});

test("every operation is found by its own path", () => {
  for (const { id, method, path } of operations.values()) {
    const sample = path.replaceAll(/\{(\w+)\}/g, "x");
    expect([id, match(method.toUpperCase(), sample)?.operation.id]).toEqual([id, id]);
  }
});
