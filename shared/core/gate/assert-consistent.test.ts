import { expect, test } from "vitest";
import { createDataReport, createRuling, createVerdict } from "../../report/testing.ts";
import { assertConsistent, type ReportRecords } from "./assert-consistent.ts";

const judging = { run: 7, head: "a".repeat(40) };
const from = (parts: object) => ({ ...createVerdict().origin, ...parts });
test.each<[string, ReportRecords]>([
  ["a verdict", { verdict: createVerdict() }],
  [
    "a fail",
    { verdict: createVerdict({ outcome: "fail", rulings: [createRuling({ outcome: "fail", candidate: 9 })] }) },
  ],
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
])("refused: %s", (_, records, code) => {
  expect(() => assertConsistent(records, "acme/model", judging)).toThrow(
    expect.objectContaining({ kind: "refused", problems: [expect.objectContaining({ code })] }),
  );
});
