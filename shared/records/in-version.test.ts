/** What is written for a policy of version 1: what is dropped, what is said in other words, and what is refused. */
import { expect, test } from "vitest";
import { ActionError } from "../problem/problem.ts";
import { dataReport } from "./data-report.ts";
import { inVersion } from "./in-version.ts";
import { modelVersionRecord } from "./model-version.ts";
import { promotionPlan } from "./promotion-plan.ts";
import { promotionRecord } from "./promotion-record.ts";
import type { RecordFormat } from "./record-format.ts";
import { entry, judged, plan, report, SHA, training, version } from "./testing.ts";
import { trainingRecord } from "./training-record.ts";
import { verdictRecord } from "./verdict.ts";

const finding = { check: "range", file: "a.csv", column: null, line: 3, count: 2, message: "too large" };

test("what only version 2 knows is dropped, at any depth", () => {
  const record = {
    ...trainingRecord.upgrade(training),
    metrics: [{ name: "mae", slice: null, value: 3.1, n: 100, stderr: 0.1, source: "m.json" }],
    origin: { ...training.origin, event: "push", runNumber: 4 },
    problems: [{ code: "a", message: "b", severity: "error" as const }],
    history: [{ name: "mae", slice: null, values: [{ commit: SHA, value: 3 }] }],
  };
  expect(inVersion(trainingRecord, record, 1)).toEqual({
    record: trainingRecord.upgrade(training),
    version: 1,
    written: training,
  });
});

test.each([
  ["an error is a fail with its reason as a note", { outcome: "error" as const }, { outcome: "fail" }],
  ["a pass stays one", { outcome: "pass" as const }, { outcome: "pass" }],
])("data report: %s", (_, change, expected) => {
  const problems = [{ code: "data-too-large", message: "a row has more than 1 MiB", severity: "error" as const }];
  const { written } = inVersion(dataReport, { ...dataReport.upgrade(report), findings: [], problems, ...change }, 1);
  const notes = change.outcome === "error" ? ["The data could not be judged: a row has more than 1 MiB."] : [];
  expect(written).toEqual({ ...report, findings: [], notes, ...expected });
});

test("data report: findings of severity warn are notes, and the outcome stays", () => {
  const findings = [
    finding,
    { ...finding, severity: "warn" as const, line: null },
    { ...finding, severity: "fail" as const },
  ];
  const { written } = inVersion(dataReport, { ...dataReport.upgrade(report), outcome: "pass", findings }, 1);
  expect(written).toEqual({
    ...report,
    outcome: "pass",
    findings: [finding, finding],
    notes: ["Warning: a.csv: too large"],
  });
});

const refused = <One, Two extends object>(
  format: RecordFormat<One, Two>,
  record: Two,
  change: object,
  field: string,
): readonly [string, () => unknown, string] => [
  `${format.kind}: ${field}`,
  () => inVersion(format, { ...record, ...change }, 1),
  field,
];
const reportNow = dataReport.upgrade(report);
const judgedNow = verdictRecord.upgrade(judged);
const [ruling] = judgedNow.rulings;
const versionNow = modelVersionRecord.upgrade(version);
const planNow = promotionPlan.upgrade(plan);
const intentNow = promotionRecord.upgrade(entry("intent"));

test.each([
  refused(dataReport, reportNow, { contracts: [reportNow.contracts[0], reportNow.contracts[0]] }, "contracts"),
  refused(verdictRecord, judgedNow, { policy: null }, "policy"),
  refused(verdictRecord, judgedNow, { rulings: [{ ...ruling, better: "neither" }] }, "rulings[0].better"),
  refused(verdictRecord, judgedNow, { rulings: [ruling, { ...ruling, rule: "max-change" }] }, "rulings[1].rule"),
  refused(modelVersionRecord, versionNow, { governance: { owner: "team", tags: ["a"] } }, "governance.tags"),
  refused(promotionPlan, planNow, { kind: "repair" }, "kind"),
  refused(promotionPlan, planNow, { needs: ["staging", "eu"] }, "needs"),
  refused(promotionPlan, planNow, { approvalBy: "review" }, "approvalBy"),
  refused(promotionPlan, planNow, { approvalEnvironments: ["a"] }, "approvalEnvironments"),
  refused(promotionPlan, planNow, { excluded: [] }, "excluded"),
  refused(promotionPlan, planNow, { soak: [] }, "soak"),
  refused(promotionPlan, planNow, { rollout: {} }, "rollout"),
  refused(promotionPlan, planNow, { pointer: {} }, "pointer"),
  refused(promotionRecord, intentNow, { type: "step", percent: 10, outcome: "started" }, "type"),
  refused(promotionRecord, intentNow, { type: "checkpoint", environments: [] }, "type"),
])("version 1 cannot hold %s: refused", (_, write, field) => {
  let problem = {};
  try {
    write();
  } catch (error) {
    if (error instanceof ActionError) problem = error.problems[0] ?? {};
  }
  expect(problem).toMatchObject({
    code: "record-1-cannot-hold",
    message: expect.stringContaining(`cannot hold ${field}: `),
    fix: 'Write "version: 2" in the policy',
  });
});

test("approval by environment is what version 1 means", () => {
  const { written } = inVersion(promotionPlan, { ...planNow, approvalBy: "environment", clock: "github" }, 1);
  expect(written).toEqual(plan);
});

test("version 2 is written as it is in memory", () => {
  const closing = { ...promotionRecord.upgrade(entry("aborted")), cause: "expired", clock: "github" } as const;
  expect(inVersion(promotionRecord, closing, 2)).toEqual({ record: closing, version: 2, written: closing });
});
