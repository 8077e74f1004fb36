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

test("what fails comes first, with its reason, the next step, the difference, and last what was judged", () => {
  const lines = comment({ verdict: createVerdict({ outcome: "fail", rulings: [createRuling(), worse] }) });
  expect(lines[2]).toBe("- ❌ **`mae` in `poor-health`**: 4.42 → 4.71, 6.6 % (0.29) worse; allowed is ≤ 2 % worse");
  expect(lines[4]).toMatch(/^\*\*Next:\*\* improve `mae` in `poor-health` and push; or/);
  const rows = lines.filter((line) => /^\| [❌✅]/u.test(line));
  expect(rows).toEqual([
    "| ❌ | `mae` in `poor-health` | 4.42 | 4.71 | ▲ 6.6 % (0.29) worse | ≤ 2 % worse |",
    "| ✅ | `mae` | – | 2.5 |  | ≤ 3 |",
  ]);
  const end = lines.slice(lines.findIndex((line) => line.includes("<summary>Judged by"))).join("\n");
  expect(end).toMatch(
    /^<details><summary>Judged by <code>.github\/mlops.yml<\/code> and the baseline at .*<\/summary>/,
  );
  expect(end).toMatch(
    /- Measured: \[`a{7}`\].*\n- Rules: .*\n- Baseline: .* from run 6 of main.yml\n- \[changes since/,
  );
});

test("a missing metric comes with its next step", () => {
  expect(comment({ verdict: createVerdict({ outcome: "fail", rulings: [missing] }) }).join("\n")).toContain(
    "**Next:** let the training write `auc`, then push; or, if it has another name now, correct the rule in `.github/mlops.yml` in a separate pull request.",
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
    "| ✅ | `mae` | 2.75 | 2.5 | ▼ 9.1 % (0.25) better | ≤ 3 |",
  );
});

test("without a verdict the reader is sent to the run, and sees the commit", () => {
  const lines = comment({}, { head: "a".repeat(40) });
  expect(lines[2]).toBe("**Next:** see in the run which job failed before the gate could judge.");
  expect(lines[4]).toMatch(/^About \[`a{7}`\]\(\S+\) · \[job summary\]\(\S+\/actions\/runs\/7\)$/);
});

test("findings have place and column, and the next step is to fix the data", () => {
  const lines = comment({ data: createDataReport({ outcome: "fail", findings: [finding] }) });
  expect(lines[2]).toBe("- ❌ `data/visits.csv:17`, column `mdvis`: below 0 (3 times)");
  expect(lines[4]).toBe("**Next:** fix the data, then push.");
});

describe("bars", () => {
  const slices = (names: readonly string[]) =>
    names.map((slice, at) => ({ name: "mae", slice, candidate: at + 2, baseline: at + 1 }));
  const drawn = (names: readonly string[], rulings = [worse]) => {
    const lines = comment({ verdict: createVerdict({ outcome: "fail", rulings, metrics: slices(names) }) });
    return lines.filter((line) => /^ {2}.*[░█]/.test(line)).slice(1);
  };

  test("show every slice of a broken metric from zero, both values", () => {
    expect(drawn(["young", "old"])).toEqual([
      "  old             2 ░░░░░░░░░░",
      "                  3 ███████████████ worse",
      "  poor-health  4.42 ░░░░░░░░░░░░░░░░░░░░░░░",
      "               4.71 ████████████████████████ worse",
      "  young           1 ░░░░░",
      "                  2 ██████████ worse",
    ]);
  });

  test("of a metric in one slice, or that nobody judges by slices, are left out", () => {
    expect(drawn([])).toEqual([]);
    expect(drawn(["young", "old", "middle"], [createRuling()])).toEqual([]);
  });

  test("are one line of text each, whatever a slice is called", () => {
    const names = ["```", "~~~", "<!-- mlops-actions/end -->", "a\nb", "@alice", "x".repeat(300)];
    const lines = drawn(names);
    expect(lines).toHaveLength(2 * (names.length + 1));
    expect(lines.join("\n")).not.toMatch(/^<!--|`|x{21}/m);
  });

  test("of many slices are cut, and that is said", () => {
    const many = Array.from({ length: 60 }, (_, at) => `slice ${at}`);
    const lines = comment({ verdict: createVerdict({ outcome: "fail", rulings: [worse], metrics: slices(many) }) });
    expect(lines).toContain("  and 21 more slices, in the table");
  });
});

test("what nobody judged and got worse is counted in the first line", () => {
  const metrics = [
    { name: "mae", slice: null, candidate: 2.5, baseline: 2.4 },
    { name: "f1", slice: null, candidate: 0.5, baseline: 0.6 },
    { name: "rows", slice: null, candidate: 5, baseline: 6 },
  ];
  const lines = comment({ verdict: createVerdict({ metrics }) });
  expect(lines[0]).toMatch(/^### ✅ Ready to merge: the rule passes; 1 metric without a rule got worse/);
  expect(lines).toContain("| 🔻 | `f1` | 0.6 | 0.5 | ▼ 17 % (0.1) worse |  |");
});

test("what did not change is folded", () => {
  const metrics = ["a", "b"].map((name) => ({ name, slice: null, candidate: 1, baseline: 1 }));
  const text = comment({ verdict: createVerdict({ metrics }) }).join("\n");
  expect(text).toMatch(/<details><summary>2 unchanged metrics<\/summary>\n\n[^<]*`a`[^<]*`b`/);
});

test("a rule that is waived or a warning is shown, and does not decide", () => {
  const waiver = {
    approver: { login: "alice", id: 1 },
    reason: "Sensor 7",
    expires: "2026-02-01",
    source: "mlops.yml",
  };
  const rulings = [
    { ...worse, waiver, why: "Agreed with the clinic" },
    createRuling({
      metric: "latency",
      measure: "ms",
      threshold: 300,
      candidate: 350,
      outcome: "fail",
      severity: "warn",
    }),
    createRuling(),
  ];
  const lines = comment({ verdict: createVerdict({ rulings }) });
  expect(lines[0]).toMatch(/^### ✅ Ready to merge: 1 of 3 rules passes, and 2 are waived or only a warning/);
  expect(lines.slice(2, 4)).toEqual([
    "- ⚠️ **`mae` in `poor-health`**: 4.42 → 4.71, 6.6 % (0.29) worse; allowed is ≤ 2 % worse (Agreed with the clinic); waived by `alice` until 2026-02-01: Sensor 7",
    "- ⚠️ **`latency`**: 350 ms is above 300 ms; a warning only",
  ]);
  expect(lines.join("\n")).not.toContain("**Next:**");
});

test("rules about slices together have a row of their own", () => {
  const rulings = [
    createRuling({
      metric: "recall",
      rule: "worst-slice",
      limit: "min",
      threshold: 0.7,
      candidate: 0.6,
      better: "higher",
      outcome: "fail",
      between: ["night", "day"],
      reason: "in the slice night, 0.6 is below min 0.7",
    }),
    createRuling({
      metric: "recall",
      rule: "max-gap",
      threshold: 0.1,
      candidate: 0.05,
      better: "higher",
      between: ["men", "women"],
    }),
    createRuling({ metric: "recall", rule: "min", threshold: 0.5, candidate: 0.8, better: "higher" }),
  ];
  const rows = comment({ verdict: createVerdict({ outcome: "fail", rulings }) }).filter((line) =>
    line.includes("`recall`"),
  );
  expect(rows).toEqual([
    "- ❌ **`recall` in `night`**: 0.6 is below min 0.7",
    expect.stringMatching(/^\*\*Next:\*\* improve `recall`/),
    "| ❌ | `recall` in `night` | – | 0.6 |  | worst slice ≥ 0.7 |",
    "| ✅ | `recall`, gap | – | 0.05 |  | ≤ 0.1 |",
    "| ✅ | `recall` | – | 0.8 |  | ≥ 0.5 |",
  ]);
});

test("a rule for the worst of the slices stands where that slice does, and no other slice is worse without a rule", () => {
  const values = { name: "recall", baseline: 0.9, better: "higher" as const };
  const metrics = [
    { ...values, slice: "day", candidate: 0.89 },
    { ...values, slice: "night", candidate: 0.8 },
    { ...values, name: "r2", slice: null, candidate: 0.8 },
  ];
  const ruling = createRuling({
    ...{ metric: "recall", rule: "worst-slice", limit: "max-regression", threshold: 2, unit: "percent" },
    ...{ better: "higher", baseline: 0.9, candidate: 0.8, outcome: "fail", between: ["night", "day"] },
    reason: "in the slice night, 0.8 is worse than the baseline 0.9 by 0.1; at most 2% (0.018) is allowed",
  });
  const lines = comment({ verdict: createVerdict({ outcome: "fail", rulings: [ruling], metrics }) });
  expect(lines[0]).toContain("the rule is broken; 1 metric without a rule got worse");
  expect(lines[2]).toBe(
    "- ❌ **`recall` in `night`**: 0.9 → 0.8, 11 % (0.1) worse; allowed of the worst slice is ≤ 2 % worse",
  );
  expect(lines.filter((line) => line.startsWith("| "))).toEqual([
    "|  | Metric | Before | Now | Change | Rule |",
    "| --- | --- | --: | --: | --- | --- |",
    "| ❌ | `recall` in `night` | 0.9 | 0.8 | ▼ 11 % (0.1) worse | worst slice ≤ 2 % worse |",
    "| 🔻 | `r2` | 0.9 | 0.8 | ▼ 11 % (0.1) worse |  |",
    "|  | `recall` in `day` | 0.9 | 0.89 | ▼ 1.1 % (0.01) worse |  |",
  ]);
});

test.each([
  [0.004, "all"],
  [0.001, "1 metric without a rule got worse"],
])("what is worse by less than its own standard errors of %d show is not counted as worse", (stderr, words) => {
  const metrics = [
    {
      name: "acc",
      slice: null,
      baseline: 0.8,
      candidate: 0.795,
      stderr,
      stderrBaseline: stderr,
      better: "higher" as const,
    },
  ];
  const [headline = ""] = comment({ verdict: createVerdict({ metrics }) });
  if (words === "all") expect(headline).not.toContain("got worse");
  else expect(headline).toContain(words);
});

test("how sure a comparison with noise is: interval, evidence, and what it would see", () => {
  const ruling = createRuling({
    ...{ metric: "accuracy", rule: "max-regression", better: "higher", baseline: 0.9, candidate: 0.88 },
    ...{ tolerance: "learned", outcome: "pass", reason: "it is not worse by more than its noise" },
    statistics: {
      ...{ evidence: "predictions", test: "exact McNemar test", n: 400, difference: -0.02, pAdjusted: 0.08 },
      ...{ interval: { level: 0.9, low: -0.0412, high: 0.0012 }, detectable: 0.035, power: 0.8 },
    },
  });
  const lines = comment({ verdict: createVerdict({ rulings: [ruling] }) });
  expect(lines).toContain(
    "| `accuracy` | −0.041 and +0.0012 (90 %) | 0.08 | 400 examples, the same on both sides | 0.035 worse |",
  );
  expect(lines.join()).toContain("<summary>How sure this is</summary>");
});

test("numbers have no invisible characters, and at most five digits", () => {
  const metrics = [{ name: "mae", slice: null, candidate: 2.734567890123457, baseline: 2.634567890123457 }];
  const ruling = createRuling({
    candidate: 2.734567890123457,
    threshold: 2.7,
    outcome: "fail",
    reason: "2.734567890123457 is above max 2.7",
  });
  const text = comment({ verdict: createVerdict({ outcome: "fail", rulings: [ruling], metrics }) }).join("\n");
  expect(text).toContain("- ❌ **`mae`**: 2.7346 is above 2.7");
  expect(text).toContain("| ❌ | `mae` | 2.635 | 2.735 | ▲ 3.8 % (0.1) worse | ≤ 2.7 |");
  expect(text).not.toMatch(/\d\.\d{6}|[\u2060\u200b]|&#8288;/);
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
  const measured = { ...verdict, metrics: [{ name: "mae", slice: null, candidate: 1, baseline: 2 }] };
  expect(comment({ verdict: measured }, { hasNoPolicy: true }).join()).toContain("Rules to begin with");
  const proposing = { ...measured, proposedPolicy: { outcome: "pass" as const, problems: [] } };
  expect(comment({ verdict: proposing }, { hasNoPolicy: true }).join()).not.toContain("Rules to begin with");
});

test("a metric may have the name of a hidden line", () => {
  const metrics = ["mlops-actions/section", "<!-- mlops-actions/end -->"].map((name) => ({
    ...{ name, slice: null, candidate: 1, baseline: 2 },
  }));
  const verdict = createVerdict({ outcome: "inconclusive", policy: null, rulings: [], metrics });
  expect(comment({ verdict }, { hasNoPolicy: true }).join()).toContain("`mlops-actions/section`");
});

test("where the best values are a file, better ones are given to be copied", () => {
  const baseline = { commit: "c".repeat(40), metricsDigest: `sha256:${"3".repeat(64)}`, kind: "ratchet" as const };
  const ruling = createRuling({ rule: "max-regression", threshold: 1, unit: "percent", candidate: 1, baseline: 2 });
  const metrics = [{ name: "mae", slice: null, candidate: 1, baseline: 2 }];
  const of = (source: string) =>
    comment({ verdict: createVerdict({ baseline: { ...baseline, source }, rulings: [ruling], metrics }) }).join("\n");
  const text = of("metrics/best.json as committed there");
  expect(text).toContain(
    "1 value better by more than chance. To hold what is gained, let `metrics/best.json` have this",
  );
  expect(text).toContain('"mae": 1');
  expect(of("run 6 of main.yml")).not.toContain("Better than the best so far");
});

test("calibration is a table of what happened for each score, before and now", () => {
  const bin = (n: number, mean: number | null, observed: number | null) => ({ n, mean, observed });
  const calibration = {
    edges: [0, 0.5, 1],
    baseline: [bin(1000, 0.2, 0.2), bin(0, null, null)],
    candidate: [bin(0, null, null), bin(1000, 0.9, 0.6)],
  };
  const lines = comment({ verdict: createVerdict({ calibration }) });
  expect(lines.join()).toContain("<summary>Calibration&#58; error 0 → 0.3</summary>".replace("&#58;", ":"));
  expect(lines).toContain("| 0–0.5 | 20 % | – | 1,000 → 0 |");
  expect(lines).toContain("| 0.5–1 | – | 60 % | 0 → 1,000 |");
});
