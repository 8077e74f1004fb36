/** Every record @1 is a record @2 once it is upgraded, says nothing more, and what later releases fill in is accepted. */
import { describe, expect, test } from "vitest";
import type * as z from "zod";
import { type DataReport, dataReport } from "./data-report.ts";
import { dataReport2, upgradeDataReport } from "./data-report-2.ts";
import { location } from "./location.ts";
import { type ModelVersionRecord, modelVersionRecord } from "./model-version.ts";
import { modelVersionRecord2, upgradeModelVersion } from "./model-version-2.ts";
import { promotionPlan2, upgradePromotionPlan } from "./promotion-plan-2.ts";
import { type PromotionPlan, type PromotionRecord, promotionPlan, promotionRecord } from "./promotion-record.ts";
import { promotionRecord2, upgradePromotionRecord } from "./promotion-record-2.ts";
import { type TrainingRecord, trainingRecord } from "./training-record.ts";
import { trainingRecord2, upgradeTrainingRecord } from "./training-record-2.ts";
import { type Verdict, verdict } from "./verdict.ts";
import { upgradeVerdict, verdict2 } from "./verdict-2.ts";

const SHA = "a".repeat(40);
const DIGEST = `sha256:${"b".repeat(64)}`;
const AT = "2026-01-31T12:00:00Z";
const origin = {
  repository: "octo/model",
  workflow: "octo/model/w.yml@refs/heads/main",
  run: 7,
  attempt: 1,
  actor: "octo",
};
const file = { path: "model.json", bytes: 12, digest: DIGEST };

const training: TrainingRecord = {
  schema: "mlops-actions/training-record@1",
  outcome: "success",
  commit: SHA,
  dataDigest: null,
  command: ["node", "train.mjs"],
  params: { l2: 0.1 },
  environment: { os: "linux", arch: "x64", runner: "gpu-1", gpus: [], versions: { node: "24.0.0" } },
  startedAt: AT,
  endedAt: AT,
  exit: { code: 0, signal: null },
  metrics: [{ name: "mae", slice: null, value: 3.1 }],
  metricFiles: [file],
  model: { files: [file], digest: DIGEST },
  origin,
};
const report: DataReport = {
  schema: "mlops-actions/data-report@1",
  outcome: "fail",
  files: [{ ...file, rows: 3 }],
  dataDigest: DIGEST,
  contract: { path: "contract.yml", ref: SHA, digest: DIGEST },
  checks: 3,
  findings: [{ check: "range", file: "a.csv", column: null, line: null, count: 2, message: "too large" }],
  notes: [],
  origin,
};
const judged: Verdict = {
  schema: "mlops-actions/verdict@1",
  outcome: "pass",
  head: SHA,
  judged: SHA,
  metricsDigest: DIGEST,
  policy: { path: ".github/mlops.yml", ref: SHA, digest: DIGEST },
  baseline: { commit: SHA, metricsDigest: DIGEST, source: "run 6" },
  rulings: [
    {
      ...{ metric: "mae", slice: null, better: "lower", rule: "max", threshold: 4, unit: "absolute" },
      ...{ candidate: 3.1, baseline: null, outcome: "pass", reason: "3.1 is not above max 4" },
    },
  ],
  metrics: [{ name: "mae", slice: null, candidate: 3.1, baseline: 3 }],
  notes: [],
  origin,
};
const version: ModelVersionRecord = {
  schema: "mlops-actions/model-version@1",
  model: "visits",
  version: "v1.0.0",
  commit: SHA,
  modelDigest: DIGEST,
  dataDigest: null,
  trainingRecordDigest: DIGEST,
  verdictDigest: null,
  metrics: training.metrics,
  governance: { owner: "team" },
  createdAt: AT,
  origin,
};
const plan: PromotionPlan = {
  schema: "mlops-actions/promotion-plan@1",
  kind: "promote",
  model: "visits",
  target: { version: "v1.0.0", commit: SHA, modelDigest: DIGEST },
  from: "staging",
  to: "production",
  replaces: null,
  assignment: 1,
  approvals: 1,
  challenge: true,
  evidence: [{ kind: "model-version", digest: DIGEST }],
  metrics: [{ name: "mae", slice: null, candidate: 3.1, baseline: null }],
  policy: { ref: SHA, digest: DIGEST },
  reason: "",
  requestedBy: { login: "octo", id: 1 },
  createdAt: AT,
  expiresAt: AT,
  origin,
};
const entry = (type: PromotionRecord["type"]): PromotionRecord => ({
  schema: "mlops-actions/promotion-record@1",
  seq: 1,
  previous: null,
  type,
  planDigest: DIGEST,
  plan,
  approvals: [{ login: "eve", id: 2, comment: "bbbbbbbb" }],
  tag: type === "committed" ? { name: "visits#production#1", object: SHA } : null,
  at: AT,
  origin,
});

/** Reads like `readRecord`: a schema of version 2 must not drop or add anything. */
function expectRecord(schema: z.ZodType, upgraded: unknown): void {
  expect(schema.safeParse(upgraded).error?.issues).toBeUndefined();
  expect(schema.parse(upgraded)).toEqual(upgraded);
}

describe("an upgraded record is one of version 2, and differs in nothing but its schema", () => {
  test.for([
    ["training record", trainingRecord, training, trainingRecord2, upgradeTrainingRecord(training)],
    ["verdict", verdict, judged, verdict2, upgradeVerdict(judged)],
    ["model version", modelVersionRecord, version, modelVersionRecord2, upgradeModelVersion(version)],
  ] as const)("%s", ([, schema1, record, schema2, upgraded]) => {
    expectRecord(schema1, record);
    expectRecord(schema2, upgraded);
    expect({ ...upgraded, schema: record.schema }).toEqual(record);
  });

  test("data report: but for its contract, now one of a list", () => {
    expectRecord(dataReport, report);
    const upgraded = upgradeDataReport(report);
    expectRecord(dataReport2, upgraded);
    const { contracts, ...rest } = upgraded;
    expect({ ...rest, schema: report.schema, contract: contracts[0] }).toEqual(report);
  });

  test.for([
    [null, []],
    ["staging", ["staging"]],
  ] as const)("plan from %j: but for what it needs, %j", ([from, needs]) => {
    expectRecord(promotionPlan, { ...plan, from });
    const upgraded = upgradePromotionPlan({ ...plan, from });
    expectRecord(promotionPlan2, upgraded);
    const { needs: found, ...rest } = upgraded;
    expect(found).toEqual(needs);
    expect({ ...rest, schema: plan.schema, from }).toEqual({ ...plan, from });
  });

  test.for(["intent", "committed", "aborted"] as const)("ledger entry %s", (type) => {
    expectRecord(promotionRecord, entry(type));
    expectRecord(promotionRecord2, upgradePromotionRecord(entry(type)));
  });

  test("a forged entry stays one that the ledger's rules can name", () => {
    expectRecord(promotionRecord2, upgradePromotionRecord({ ...entry("committed"), tag: null }));
    expectRecord(promotionRecord2, upgradePromotionRecord({ ...entry("intent"), tag: entry("committed").tag }));
  });
});

test.for([
  ["training record", trainingRecord2, upgradeTrainingRecord(training)],
  ["data report", dataReport2, upgradeDataReport(report)],
  ["verdict", verdict2, upgradeVerdict(judged)],
  ["model version", modelVersionRecord2, upgradeModelVersion(version)],
  ["plan", promotionPlan2, upgradePromotionPlan(plan)],
  ["ledger entry", promotionRecord2, upgradePromotionRecord(entry("intent"))],
] as const)("an unknown key of a %s is refused", ([, schema, record]) => {
  expect(schema.safeParse({ ...record, extra: 1 }).success).toBe(false);
});

test.for([
  { kind: "artifact", repository: "octo/model", run: 7, id: 9, name: "model", expiresAt: AT },
  { kind: "release-asset", repository: "octo/model", tag: "v1", assets: [{ id: 3, name: "m" }] },
  { kind: "oci", image: "ghcr.io/octo/model", digest: DIGEST, format: "modelpack", immutable: true },
  { kind: "s3", uri: "s3://bucket/model/", versions: { "model.json": "v7" } },
  { kind: "gs", uri: "gs://bucket/model/" },
  { kind: "hf", uri: "hf://octo/model", revision: SHA },
  { kind: "dvc", repository: "octo/model", commit: SHA, pointers: ["model.json.dvc"], remote: "storage" },
  { kind: "git-lfs", repository: "octo/model", commit: SHA, pointers: ["model.json"] },
  { kind: "mlflow", server: "https://mlflow.example.com", run: "f00", source: "mlflow-artifacts:/1/f00" },
  { kind: "folder", runner: "gpu-1", path: "checkpoints/7" },
  { kind: "cache", repository: "octo/model", key: "ckpt-1" },
  { kind: "command", description: "our store" },
])("bytes lie at $kind, each file with size and digest", (place) => {
  expect(location.safeParse({ ...place, files: [file] }).error?.issues).toBeUndefined();
  expect(location.safeParse({ ...place, files: [] }).success).toBe(false);
  expect(location.safeParse({ ...place, files: [{ path: "model.json", bytes: 12 }] }).success).toBe(false);
});

test("a metric carries at most 50 earlier values", () => {
  const value = { commit: SHA, value: 1, n: 100, stderr: 0.1, at: AT };
  const withHistory = (count: number) => ({
    ...upgradeTrainingRecord(training),
    history: [{ name: "mae", slice: null, values: Array.from({ length: count }, () => value) }],
  });
  expect(trainingRecord2.safeParse(withHistory(50)).success).toBe(true);
  expect(trainingRecord2.safeParse(withHistory(51)).success).toBe(false);
});
