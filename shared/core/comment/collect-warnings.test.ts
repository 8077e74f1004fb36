import { expect, test } from "vitest";
import { collectWarnings } from "./collect-warnings.ts";

test("no warning for a run that reports itself", () => {
  expect(collectWarnings("pass", undefined)).toEqual([]);
});

test("the pull request's own workflow measured, and its run should have failed", () => {
  expect(collectWarnings("pass", "success")).toHaveLength(1);
  expect(collectWarnings("fail", "failure")).toHaveLength(1);
  expect(collectWarnings("fail", "success")[1]).toBe("The run succeeded although the rules do not hold");
});
