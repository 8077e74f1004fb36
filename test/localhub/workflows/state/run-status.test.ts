import { describe, expect, test } from "vitest";
import type { CheckStatus, Conclusion } from "../../world/checks.ts";
import { conclusionOf, statusOf } from "./run-status.ts";

const job = (state: CheckStatus | Conclusion, continueOnError = false) =>
  ["queued", "in_progress", "waiting", "pending"].includes(state)
    ? { status: state as CheckStatus, conclusion: null, continueOnError }
    : { status: "completed" as const, conclusion: state as Conclusion, continueOnError };

describe("a run in progress is", () => {
  test.each([
    [[], "queued"],
    [["queued", "queued"], "queued"],
    [["success", "queued"], "in_progress"],
    [["waiting", "in_progress"], "in_progress"],
    [["waiting", "success"], "waiting"],
    [["pending"], "pending"],
    [["success"], "in_progress"],
  ] as const)("%j: %s", (jobs, status) => {
    expect(statusOf(jobs.map((state) => job(state)))).toBe(status);
  });
});

describe("a run that has ended is", () => {
  test.each([
    [["success", "skipped"], false, "success"],
    [["success", "failure", "cancelled"], false, "failure"],
    [["success", "cancelled"], false, "cancelled"],
    [["failure", "cancelled"], true, "cancelled"],
    [["failure", "success"], true, "failure"],
    [["skipped", "skipped"], false, "skipped"],
    [["timed_out"], false, "failure"],
    [[], true, "cancelled"],
  ] as const)("%j, cancelled as a whole %s: %s", (jobs, cancelled, conclusion) => {
    expect(
      conclusionOf(
        jobs.map((state) => job(state)),
        cancelled,
      ),
    ).toBe(conclusion);
  });

  test("successful when only jobs with continue-on-error failed", () => {
    expect(conclusionOf([job("failure", true), job("skipped")], false)).toBe("success");
  });
});
