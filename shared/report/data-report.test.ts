import { expect, test } from "vitest";
import { renderDataReport } from "./data-report.ts";
import { createDataReport } from "./testing.ts";

const finding = {
  check: "data-range",
  file: "data/visits.csv",
  column: "md|vis",
  line: 1_017,
  count: 2_000,
  message: "below 0",
};

test("clean data is one line, with the files that were read", () => {
  const lines = renderDataReport(createDataReport()).split("\n");
  expect(lines[0]).toBe("### ✅ The data satisfies its contract: 20,190 rows in 1 file, 42 checks");
  expect(lines).toContain("| `data/visits.csv` | 20,190 | 812,345 | `444444444444` |");
});

test("dirty data shows each finding with its place, and the notes for the reviewer", () => {
  const text = renderDataReport(
    createDataReport({ outcome: "fail", findings: [finding], notes: ["The contract is changed here"] }),
  );
  expect(text.split("\n")[0]).toMatch(/^### ❌ The data violates its contract: 1 finding /);
  expect(text).toContain("| `data-range` | `data/visits.csv` | md&#124;vis | 1,017 | 2,000 | below 0 |");
  expect(text).toContain("- ℹ️ The contract is changed here");
});

test("what only warns is counted apart, and does not look like a failure", () => {
  const warning = { ...finding, severity: "warn" as const };
  const text = renderDataReport(createDataReport({ findings: [warning] }));
  expect(text.split("\n")[0]).toBe(
    "### ✅ The data satisfies its contract: 20,190 rows in 1 file, 42 checks, 1 warning",
  );
  expect(text).toContain("| ⚠️ `data-range` | `data/visits.csv` |");
  const both = renderDataReport(createDataReport({ outcome: "fail", findings: [finding, warning] }));
  expect(both.split("\n")[0]).toMatch(/: 1 finding \(.*\), 1 warning$/);
});

test("as many findings as fit", () => {
  const text = renderDataReport(
    createDataReport({ outcome: "fail", findings: Array.from({ length: 20_000 }, () => finding) }),
  );
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(1_000_000);
  expect(text).toMatch(/[\d,]+ more findings are not shown here; see the record\./);
});
