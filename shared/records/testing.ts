/** For tests of what reads, writes or digests records. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import type { DataReport1 } from "./data-report-1.ts";
import type { DigestFunction } from "./digest.ts";
import type { ModelVersionRecord1 } from "./model-version-1.ts";
import type { PromotionPlan1 } from "./promotion-plan-1.ts";
import type { PromotionRecord1 } from "./promotion-record-1.ts";
import { readRecord } from "./read-record.ts";
import type { ReadRecord, RecordFormat } from "./record-format.ts";
import type { TrainingRecord1 } from "./training-record-1.ts";
import type { Verdict1 } from "./verdict-1.ts";

export const digestOf: DigestFunction = (text) => `sha256:${createHash("sha256").update(text).digest("hex")}`;

/** A record as it is read from a file that contains this value. */
export const readValue = <One, Two>(format: RecordFormat<One, Two>, value: unknown): ReadRecord<Two> =>
  readRecord(format, JSON.stringify(value), { file: "record.json", reader: "a-test" });

/** For what takes a schema: the record of version 2, whichever version the value has. */
export const inMemory = <One, Two>(format: RecordFormat<One, Two>): { parse(value: unknown): Two } => ({
  parse: (value) => readValue(format, value).record,
});

/** A record that is written as version 2, without a look at its schema. */
export const asWritten = <Content>(record: Content): ReadRecord<Content> => ({ record, version: 2, written: record });

const frozen = (name: string): string =>
  readFileSync(new URL(`../../test/fixture/frozen/${name}`, import.meta.url), "utf8");

/** A file as the last release wrote it that knew version 1 only; see `test/fixture/frozen/README.md`. */
export const readFrozen = (name: string): string => frozen(`records/${name}`);

const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true });
addFormats.default(ajv);
const validators = new Map<string, ValidateFunction>();

/** What that release's JSON Schema says against a record of version 1; empty for a valid one. */
export function findFrozenErrors({ kind }: { readonly kind: string }, written: unknown): readonly string[] {
  const validate = validators.get(kind) ?? ajv.compile(JSON.parse(frozen(`${kind}-1.json`)));
  validators.set(kind, validate);
  return validate(written)
    ? []
    : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

/** One record of each kind, of version 1. */
export const SHA = "a".repeat(40);
export const DIGEST = `sha256:${"b".repeat(64)}`;
export const AT = "2026-01-31T12:00:00Z";
const origin = {
  repository: "octo/model",
  workflow: "octo/model/w.yml@refs/heads/main",
  run: 7,
  attempt: 1,
  actor: "octo",
};
export const file = { path: "model.json", bytes: 12, digest: DIGEST };

export const training: TrainingRecord1 = {
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
export const report: DataReport1 = {
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
export const judged: Verdict1 = {
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
export const version: ModelVersionRecord1 = {
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
export const plan: PromotionPlan1 = {
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
export const entry = (type: PromotionRecord1["type"]): PromotionRecord1 => ({
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
