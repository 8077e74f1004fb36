import { expect, test } from "vitest";
import { createDataReport, createRuling, createVerdict } from "../../report/testing.ts";
import { assertConsistent, type ReportRecords } from "./assert-consistent.ts";

const judging = { run: 7, head: "a".repeat(40) };
const from = (parts: object) => ({ ...createVerdict().origin, ...parts });
const regression = createRuling({
  rule: "max-regression",
  threshold: 2,
  unit: "percent",
  candidate: 4.5,
  baseline: 4.42,
});

test.each<[string, ReportRecords]>([
  ["a verdict", { verdict: createVerdict() }],
  [
    "a fail",
    { verdict: createVerdict({ outcome: "fail", rulings: [createRuling({ outcome: "fail", candidate: 9 })] }) },
  ],
  ["a regression within its tolerance", { verdict: createVerdict({ rulings: [regression] }) }],
  ["a data report alone", { data: createDataReport({ outcome: "fail" }) }],
  ["a repository in other capitals", { verdict: createVerdict({ origin: from({ repository: "Acme/Model" }) }) }],
])("accepted: %s", (_, records) => {
  expect(() => assertConsistent(records, "acme/model", judging)).not.toThrow();
});

test.each<[string, ReportRecords, string]>([
  [
    "of another repository",
    { verdict: createVerdict({ origin: from({ repository: "mallory/model" }) }) },
    "record-foreign",
  ],
  ["of another run", { verdict: createVerdict({ origin: from({ run: 6 }) }) }, "record-foreign"],
  [
    "data of another run",
    { verdict: createVerdict(), data: createDataReport({ origin: from({ run: 6 }) }) },
    "record-foreign",
  ],
  ["about another commit", { verdict: createVerdict({ head: "d".repeat(40) }) }, "verdict-other-commit"],
  [
    "above its ceiling",
    { verdict: createVerdict({ rulings: [createRuling({ candidate: 3.1 })] }) },
    "verdict-contradicts-itself",
  ],
  [
    "below its floor",
    { verdict: createVerdict({ rulings: [createRuling({ rule: "min", candidate: 2.9 })] }) },
    "verdict-contradicts-itself",
  ],
  [
    "without its value",
    { verdict: createVerdict({ rulings: [createRuling({ candidate: null })] }) },
    "verdict-contradicts-itself",
  ],
  [
    "worse than allowed",
    { verdict: createVerdict({ rulings: [{ ...regression, candidate: 4.71 }] }) },
    "verdict-contradicts-itself",
  ],
  [
    "compared with nothing",
    { verdict: createVerdict({ rulings: [{ ...regression, baseline: null }] }) },
    "verdict-contradicts-itself",
  ],
  [
    "pass with a broken rule",
    { verdict: createVerdict({ rulings: [createRuling(), createRuling({ outcome: "fail", candidate: 9 })] }) },
    "verdict-contradicts-itself",
  ],
  ["pass without rules", { verdict: createVerdict({ rulings: [] }) }, "verdict-contradicts-itself"],
])("refused: %s", (_, records, code) => {
  expect(() => assertConsistent(records, "acme/model", judging)).toThrow(
    expect.objectContaining({ kind: "refused", problems: [expect.objectContaining({ code })] }),
  );
});
