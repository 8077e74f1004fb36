import { expect, test } from "vitest";
import { findMisplacedPolicy } from "./misplaced-policy.ts";

test.each([
  "mlops.yml",
  "mlops.yaml",
  ".mlops.yml",
  ".github/mlops.yaml",
  ".github/MLOps.yml",
  ".GitHub/mlops.yml",
  ".github/workflows/mlops.yml",
  ".github/policies/strict/mlops.yaml",
  "config/mlops.yml",
])("%s is nearly the policy", (path) => {
  expect(findMisplacedPolicy(["README.md", path])).toBe(path);
});

test.each([
  ".github/mlops.yml",
  "docs/examples/visits/.github/mlops.yml",
  "a/b/mlops.yml",
  "src/mlops.py",
  "mlops.yml.bak",
  "mlops-old.yml",
])("%s is none", (path) => {
  expect(findMisplacedPolicy([path])).toBeUndefined();
});
