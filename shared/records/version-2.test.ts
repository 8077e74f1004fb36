/** Every record @1 is a record @2 once it is upgraded, says nothing more, and what later releases fill in is accepted. */
import { describe, expect, test } from "vitest";
import type * as z from "zod";
import { dataReport } from "./data-report.ts";
import { location } from "./location.ts";
import { modelVersionRecord } from "./model-version.ts";
import { promotionPlan } from "./promotion-plan.ts";
import { promotionRecord } from "./promotion-record.ts";
import { AT, DIGEST, entry, file, judged, plan, report, SHA, training, version } from "./testing.ts";
import { trainingRecord } from "./training-record.ts";
import { trainingRecord2 } from "./training-record-2.ts";
import { verdictRecord } from "./verdict.ts";

/** Reads like `readRecord`: a schema of version 2 must not drop or add anything. */
function expectRecord(schema: z.ZodType, upgraded: unknown): void {
  expect(schema.safeParse(upgraded).error?.issues).toBeUndefined();
  expect(schema.parse(upgraded)).toEqual(upgraded);
}

describe("an upgraded record is one of version 2, and differs in nothing but its schema", () => {
  test("training record, verdict and model version", () => {
    for (const [{ schemas, upgrade }, record] of [
      [trainingRecord, training],
      [verdictRecord, judged],
      [modelVersionRecord, version],
    ] as const) {
      expectRecord(schemas[1], record);
      const upgraded = (upgrade as (old: object) => object)(record);
      expectRecord(schemas[2], upgraded);
      expect({ ...upgraded, schema: record.schema }).toEqual(record);
    }
  });

  test("data report: but for its contract, now one of a list", () => {
    expectRecord(dataReport.schemas[1], report);
    const upgraded = dataReport.upgrade(report);
    expectRecord(dataReport.schemas[2], upgraded);
    const { contracts, ...rest } = upgraded;
    expect({ ...rest, schema: report.schema, contract: contracts[0] }).toEqual(report);
  });

  test.for([
    [null, []],
    ["staging", ["staging"]],
  ] as const)("plan from %j: but for what it needs, %j", ([from, needs]) => {
    expectRecord(promotionPlan.schemas[1], { ...plan, from });
    const upgraded = promotionPlan.upgrade({ ...plan, from });
    expectRecord(promotionPlan.schemas[2], upgraded);
    const { needs: found, ...rest } = upgraded;
    expect(found).toEqual(needs);
    expect({ ...rest, schema: plan.schema, from }).toEqual({ ...plan, from });
  });

  test.for(["intent", "committed", "aborted"] as const)("ledger entry %s", (type) => {
    expectRecord(promotionRecord.schemas[1], entry(type));
    expectRecord(promotionRecord.schemas[2], promotionRecord.upgrade(entry(type)));
  });

  test("a forged entry stays one that the ledger's rules can name", () => {
    expectRecord(promotionRecord.schemas[2], promotionRecord.upgrade({ ...entry("committed"), tag: null }));
    expectRecord(
      promotionRecord.schemas[2],
      promotionRecord.upgrade({ ...entry("intent"), tag: entry("committed").tag }),
    );
  });
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
    ...trainingRecord.upgrade(training),
    history: [{ name: "mae", slice: null, values: Array.from({ length: count }, () => value) }],
  });
  expect(trainingRecord2.safeParse(withHistory(50)).success).toBe(true);
  expect(trainingRecord2.safeParse(withHistory(51)).success).toBe(false);
});
