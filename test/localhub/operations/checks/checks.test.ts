import { describe, expect, test } from "vitest";
import type { CheckRun, Conclusion } from "../../world/checks.ts";
import { rollUp } from "./checks.ts";

const run = (conclusion: Conclusion | null): CheckRun =>
  ({ status: conclusion === null ? "queued" : "completed", conclusion }) as CheckRun;

// GitHub docs, "About check suites": "timed_out, success and neutral make timed_out".
describe("the conclusion of a suite is the one with the highest priority among its runs", () => {
  test.each<[string, (Conclusion | null)[], [string, Conclusion | null]]>([
    ["no run", [], ["queued", null]],
    ["one waits", [null], ["queued", null]],
    ["one of two waits", ["success", null], ["in_progress", null]],
    ["the docs' example", ["timed_out", "success", "neutral"], ["completed", "timed_out"]],
    ["a failure among skipped", ["skipped", "failure"], ["completed", "failure"]],
    ["a failure among cancelled", ["cancelled", "failure"], ["completed", "failure"]],
    ["an action is required", ["failure", "action_required"], ["completed", "action_required"]],
    ["only skipped", ["skipped", "skipped"], ["completed", "skipped"]],
    ["good and skipped", ["skipped", "success", "neutral"], ["completed", "success"]],
  ])("%s", (_, conclusions, [status, conclusion]) => {
    expect(rollUp(conclusions.map(run))).toEqual({ status, conclusion });
  });
});
