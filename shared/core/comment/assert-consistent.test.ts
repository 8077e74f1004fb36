import { describe, expect, test } from "vitest";
import { dataReport, ruling, verdict } from "../../report/testing.ts";
import { assertConsistent, collectWarnings, type ReportRecords } from "./assert-consistent.ts";
import { HEAD } from "./testing.ts";

const judgingRun = (conclusion?: string) => ({
  workflow: ".github/workflows/pull-request.yml",
  revision: { run: 7, attempt: 1, head: HEAD },
  conclusion,
});
const from = (parts: object) => ({ ...verdict().origin, ...parts });
const regression = ruling({ rule: "max-regression", threshold: 2, unit: "percent", candidate: 4.5, baseline: 4.42 });

test.each<[string, ReportRecords]>([
  ["a verdict", { verdict: verdict() }],
  ["a fail", { verdict: verdict({ outcome: "fail", rulings: [ruling({ outcome: "fail", candidate: 9 })] }) }],
  ["a regression within its tolerance", { verdict: verdict({ rulings: [regression] }) }],
  ["a data report alone", { data: dataReport({ outcome: "fail" }) }],
  ["a repository in other capitals", { verdict: verdict({ origin: from({ repository: "Acme/Model" }) }) }],
])("accepted: %s", (_, records) => {
  expect(() => assertConsistent(records, "acme/model", judgingRun())).not.toThrow();
});

test.each<[string, ReportRecords, string]>([
  ["of another repository", { verdict: verdict({ origin: from({ repository: "mallory/model" }) }) }, "record-foreign"],
  ["of another run", { verdict: verdict({ origin: from({ run: 6 }) }) }, "record-foreign"],
  ["data of another run", { verdict: verdict(), data: dataReport({ origin: from({ run: 6 }) }) }, "record-foreign"],
  ["about another commit", { verdict: verdict({ head: "d".repeat(40) }) }, "verdict-other-commit"],
  ["above its ceiling", { verdict: verdict({ rulings: [ruling({ candidate: 3.1 })] }) }, "verdict-contradicts-itself"],
  [
    "below its floor",
    { verdict: verdict({ rulings: [ruling({ rule: "min", candidate: 2.9 })] }) },
    "verdict-contradicts-itself",
  ],
  ["without its value", { verdict: verdict({ rulings: [ruling({ candidate: null })] }) }, "verdict-contradicts-itself"],
  [
    "worse than allowed",
    { verdict: verdict({ rulings: [{ ...regression, candidate: 4.71 }] }) },
    "verdict-contradicts-itself",
  ],
  [
    "compared with nothing",
    { verdict: verdict({ rulings: [{ ...regression, baseline: null }] }) },
    "verdict-contradicts-itself",
  ],
  [
    "pass with a broken rule",
    { verdict: verdict({ rulings: [ruling(), ruling({ outcome: "fail", candidate: 9 })] }) },
    "verdict-contradicts-itself",
  ],
  ["pass without rules", { verdict: verdict({ rulings: [] }) }, "verdict-contradicts-itself"],
])("refused: %s", (_, records, code) => {
  expect(() => assertConsistent(records, "acme/model", judgingRun())).toThrow(
    expect.objectContaining({ kind: "refused", problems: [expect.objectContaining({ code })] }),
  );
});

describe("warnings for the reader", () => {
  test("none for a run that reports itself", () => {
    expect(collectWarnings({ verdict: verdict() }, judgingRun())).toEqual([]);
  });
  test("the pull request's own workflow measured, and its run ended otherwise than the verdict", () => {
    expect(collectWarnings({ verdict: verdict() }, judgingRun("success"))).toHaveLength(1);
    expect(collectWarnings({ verdict: verdict() }, judgingRun("failure"))[1]).toBe("The run ended with failure");
    expect(collectWarnings({ verdict: verdict({ outcome: "fail" }) }, judgingRun("success"))[1]).toBe(
      "The run succeeded although the verdict is fail",
    );
  });
});
