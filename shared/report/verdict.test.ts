import { describe, expect, test } from "vitest";
import type { ReportRecords } from "../core/gate/assert-consistent.ts";
import { createDataReport, createRuling, createVerdict, renderComment } from "./testing.ts";

const context = {
  runUrl: "https://github.example/acme/model/actions/runs/7",
  repositoryUrl: "https://github.example/acme/model",
};
/** The lines that are not hidden. */
const comment = (records: ReportRecords, more = {}): readonly string[] =>
  renderComment(records, { ...context, ...more })
    .replaceAll(/^<!-- .* -->\n\n?/gm, "")
    .split("\n");

const worse = createRuling({
  slice: "poor-health",
  rule: "max-regression",
  threshold: 2,
  unit: "percent",
  candidate: 4.71,
  baseline: 4.42,
  outcome: "fail",
  reason: "4.71 is worse than the baseline 4.42 by 0.29; at most 2% (0.0884) is allowed",
});
const missing = createRuling({ metric: "auc", candidate: null, outcome: "fail", reason: "it was not measured" });
const first = createRuling({
  rule: "max-regression",
  outcome: "inconclusive",
  reason: "there is no baseline: first run",
});
const finding = { check: "range", file: "data/visits.csv", column: "mdvis", line: 17, count: 3, message: "below 0" };

describe("line 1 answers whether this can merge", () => {
  test.each([
    ["a pass", { verdict: createVerdict() }, "### ✅ Ready to merge: the rule passes"],
    [
      "a pass of many",
      { verdict: createVerdict({ rulings: [createRuling(), createRuling()] }) },
      "### ✅ Ready to merge: all 2 rules pass",
    ],
    [
      "a fail",
      { verdict: createVerdict({ outcome: "fail", rulings: [createRuling(), worse] }) },
      "### ❌ Not ready to merge: 1 of 2 rules is broken",
    ],
    [
      "no rules",
      { verdict: createVerdict({ outcome: "fail", rulings: [] }) },
      "### ❌ Not ready to merge: there is no rule to judge by",
    ],
    [
      "a first run",
      { verdict: createVerdict({ outcome: "inconclusive", rulings: [first] }) },
      "### ⚠️ Not decided: the rule could not be judged",
    ],
    [
      "an error",
      { verdict: createVerdict({ outcome: "error", rulings: [] }) },
      "### ❌ Not ready to merge: the gate could not judge",
    ],
    ["nothing", {}, "### ❌ Not ready to merge: there is no verdict"],
    ["clean data only", { data: createDataReport() }, "### ❌ Not ready to merge: there is no verdict"],
    [
      "dirty data",
      { data: createDataReport({ outcome: "fail", findings: [finding] }) },
      "### ❌ Not ready to merge: the data violates its contract",
    ],
    [
      "dirty data and a pass",
      { verdict: createVerdict(), data: createDataReport({ outcome: "fail", findings: [finding] }) },
      "### ❌ Not ready to merge: the data violates its contract",
    ],
  ])("%s", (_, records, line) => {
    expect(comment(records, { head: createVerdict().head })[0]).toBe(`${line} (\`aaaaaaa\`)`);
  });
});

test("at most twelve lines are visible before the first section, whatever happened", () => {
  const notes = Array.from({ length: 9 }, (_, at) => `note ${at}`);
  const findings = Array.from({ length: 30 }, () => finding);
  for (const outcome of ["pass", "fail"] as const) {
    const rulings = Array.from({ length: 40 }, () => worse);
    const records = {
      verdict: createVerdict({ outcome: "fail", rulings, notes }),
      data: createDataReport({ outcome, findings, notes }),
    };
    const lines = comment(records, { warnings: notes });
    expect(lines.findIndex((line) => line.startsWith("<details"))).toBeLessThanOrEqual(12);
  }
});

test("what fails comes first, with its reason, the next step and what was judged", () => {
  const lines = comment({ verdict: createVerdict({ outcome: "fail", rulings: [createRuling(), worse] }) });
  expect(lines[2]).toBe(
    "- ❌ **`mae` in `poor-health`**: 4.71 is worse than the baseline 4.42 by 0.29; at most 2% (0.0884) is allowed",
  );
  expect(lines[4]).toMatch(/^\*\*Next:\*\* improve `mae` in `poor-health` and push; or/);
  expect(lines[6]).toMatch(
    /^<sub>Judged \[`a{12}`\].* by `.github\/mlops.yml` at .*, against .* from run 6 of main.yml/,
  );
  const rows = lines.filter((line) => /^\| [❌✅]/u.test(line));
  expect(rows).toEqual([
    "| ❌ | `mae` | `poor-health` | 4.42 | 4.71 | ▲ 0.29 worse, 6.6 % | at most 2 % worse |",
    "| ✅ | `mae` | all | – | 2.5 |  | at most 3 |",
  ]);
});

test("a missing metric comes with its next step", () => {
  expect(comment({ verdict: createVerdict({ outcome: "fail", rulings: [missing] }) }).join("\n")).toContain(
    "**Next:** let the training write `auc`, then push.",
  );
});

test("without a baseline the next step is to train the base branch, not to improve the metric", () => {
  const unbased = createRuling({ rule: "max-regression", outcome: "fail", reason: "there is no baseline: none" });
  expect(comment({ verdict: createVerdict({ outcome: "fail", rulings: [unbased] }) }).join("\n")).toContain(
    "**Next:** train the base branch, so that there is a baseline with `mae`; then re-run this run.",
  );
});

test("a rule that needs no baseline still shows the baseline's value", () => {
  const metrics = [{ name: "mae", slice: null, candidate: 2.5, baseline: 2.75 }];
  expect(comment({ verdict: createVerdict({ metrics }) })).toContain(
    "| ✅ | `mae` | all | 2.75 | 2.5 | ▼ 0.25 better, 9.1 % | at most 3 |",
  );
});

test("without a verdict the reader is sent to the run, and sees the commit", () => {
  const lines = comment({}, { head: "a".repeat(40) });
  expect(lines[2]).toBe("**Next:** see in the run which job failed before the gate could judge.");
  expect(lines[4]).toMatch(/^<sub>About \[`a{12}`\]\(\S+\) · \[job summary\]\(\S+\/actions\/runs\/7\)<\/sub>$/);
});

test("findings have place and column, and the next step is to fix the data", () => {
  const lines = comment({ data: createDataReport({ outcome: "fail", findings: [finding] }) });
  expect(lines[2]).toBe("- ❌ `data/visits.csv:17`, column `mdvis`: below 0 (3 times)");
  expect(lines[4]).toBe("**Next:** fix the data, then push.");
});

describe("a chart", () => {
  const slices = (names: readonly string[]) =>
    names.map((slice, at) => ({ name: "mae", slice, candidate: at + 2, baseline: at + 1 }));
  const charted = (names: readonly string[], rulings = [worse]) =>
    comment({ verdict: createVerdict({ outcome: "fail", rulings, metrics: slices(names) }) }).filter((line) =>
      line.startsWith("  x-axis"),
    );

  test("shows the slices of a broken metric", () => {
    expect(charted(["young", "old"])).toEqual(['  x-axis ["poor-health", "young", "old"]']);
  });
  test.each([
    ["too few slices", ["young"], [worse]],
    ["nothing broken", ["young", "old", "middle"], [createRuling()]],
    ["names with special characters of Mermaid", ['a"]\n bar [1]', "b]", "c{"], [worse]],
  ])("is omitted for %s", (_, names, rulings) => {
    expect(charted(names, rulings)).toEqual([]);
  });
});

test("addresses that are not plain URLs are not linked", () => {
  const addresses = { runUrl: "javascript:alert(1)", repositoryUrl: "https://x.example/)[a](https://evil.example" };
  expect(comment({ verdict: createVerdict() }, addresses).join("\n")).not.toMatch(/\]\(/);
});

test("one reason for several rules is said once", () => {
  const reason = "there is no baseline: main never had a training record";
  const rulings = ["mae", "auc", "f1", "mae", "r2"].map((metric) => ({ ...first, metric, reason }));
  expect(comment({ verdict: createVerdict({ outcome: "inconclusive", rulings, baseline: null }) })[2]).toBe(
    "- ⚠️ **`mae`, `auc`, `f1`** and 1 more: there is no baseline&#58; main never had a training record",
  );
});

test("a record without a policy is called ungated only by a run that looked for the policy itself", () => {
  const verdict = createVerdict({ outcome: "inconclusive", policy: null, rulings: [] });
  expect(comment({ verdict })[0]).toContain("### ⚠️ Not decided: there is no policy to judge by");
  expect(comment({ verdict }).join()).not.toContain("Rules to begin with");
  expect(comment({ verdict }, { hasNoPolicy: true })[0]).toContain("### 📊 No rules yet: nothing was gated");
});

test("a metric may have the name of a hidden line", () => {
  const metrics = ["mlops-actions/section", "<!-- mlops-actions/end -->"].map((name) => ({
    ...{ name, slice: null, candidate: 1, baseline: 2 },
  }));
  const verdict = createVerdict({ outcome: "inconclusive", policy: null, rulings: [], metrics });
  expect(comment({ verdict }, { hasNoPolicy: true }).join()).toContain("`mlops-actions/section`");
});

test("a chart of slices has numbers that Mermaid can read, however small", () => {
  const slice = (name: string, candidate: number) => ({ name: "mae", slice: name, baseline: 1e-7, candidate });
  const rulings = [createRuling({ outcome: "fail", baseline: 1e-7, candidate: 2e-7 })];
  const metrics = [slice("a", 3e-7), slice("b", 1.5e-8), slice("far", 1e-30)];
  const comment = renderComment({ verdict: createVerdict({ outcome: "fail", rulings, metrics }) }, {});
  expect(comment).toContain("  bar [0.0000002, 0.0000003, 0.000000015]\n");
});
