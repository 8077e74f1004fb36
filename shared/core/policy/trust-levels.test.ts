/** The levels of trust: what a job can tell, and that every document says the same. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { isWorkflowOfChange, TRUST_LEVELS } from "./trust-levels.ts";

test.each([
  ["o/r/.github/workflows/ci.yml@refs/pull/7/merge", true],
  ["o/r/.github/workflows/ci.yml@refs/heads/gh-readonly-queue/main/pr-7-0123", true],
  ["o/policies/.github/workflows/gate.yml@refs/heads/main", false],
  ["o/r/.github/workflows/ci.yml@refs/heads/pull/7", false],
  ["", false],
])("%s: the change's own workflow is %s", (workflow, expected) => {
  expect(isWorkflowOfChange(workflow)).toBe(expected);
});

test.each([
  "README.md",
  "actions/gate-metrics/README.md",
  "actions/model-diff/README.md",
  "docs/how-to/enforce-the-gate.md",
  "docs/reference/policy.md",
])("%s names both levels in the same words", (path) => {
  const text = readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8").replaceAll(/\s+/g, " ");
  expect(text).toContain(`**Advisory**: ${TRUST_LEVELS.advisory}.`);
  expect(text).toContain(`**Enforced**: ${TRUST_LEVELS.enforced}.`);
});
