import { describe, expect, test } from "vitest";
import { ActionError, formatProblem } from "../problem/problem.ts";
import { dataReport } from "./data-report.ts";
import { readRecord } from "./read-record.ts";
import type { ReadRecord } from "./record-format.ts";
import { trainingRecord } from "./training-record.ts";
import { verdictRecord } from "./verdict.ts";

const SHA = "a".repeat(40);
const DIGEST = `sha256:${"b".repeat(64)}`;
const valid = {
  schema: "mlops-actions/training-record@1",
  outcome: "success",
  commit: SHA,
  dataDigest: DIGEST,
  command: ["node", "train.mjs"],
  params: { l2: 0.1 },
  environment: { os: "linux", arch: "x64", runner: "gpu-1", gpus: [], versions: { node: "24.0.0" } },
  startedAt: "2026-01-31T12:00:00Z",
  endedAt: "2026-01-31T12:00:02Z",
  exit: { code: 0, signal: null },
  metrics: [{ name: "mae", slice: null, value: 3.1 }],
  metricFiles: [{ path: "metrics.json", bytes: 12, digest: DIGEST }],
  model: null,
  origin: { repository: "octo/model", workflow: "w.yml@refs/heads/main", run: 7, attempt: 1, actor: "octo" },
} as const;

const write = (record: unknown): string => JSON.stringify(record, null, 1);

const SOURCE = { file: "record.json", reader: "gate-metrics" };

function messagesFor(read: () => ReadRecord<unknown>): string {
  try {
    read();
    return "read";
  } catch (error) {
    if (!(error instanceof ActionError)) throw error;
    return error.problems.map(formatProblem).join("\n");
  }
}
const messagesForTraining = (text: string) => messagesFor(() => readRecord(trainingRecord, text, SOURCE));

test("a record of version 1 is upgraded, and keeps what was written for its digest", () => {
  const { record, version, written } = readRecord(trainingRecord, write(valid), SOURCE);
  expect([version, written]).toEqual([1, valid]);
  expect(record).toEqual({ ...valid, schema: "mlops-actions/training-record@2" });
});

test("a record of version 2 is read as it is", () => {
  const metrics = [{ name: "mae", slice: null, value: 3.1, n: 100, stderr: 0.2 }];
  const newer = {
    ...valid,
    schema: "mlops-actions/training-record@2",
    metrics,
    origin: { ...valid.origin, event: "push" },
  };
  expect(readRecord(trainingRecord, write(newer), SOURCE)).toEqual({ record: newer, version: 2, written: newer });
});

describe("whatever is not exactly a record is refused, with its place", () => {
  test.for([
    [
      "another kind",
      { ...valid, schema: "mlops-actions/verdict@1" },
      'the record "mlops-actions/verdict@1", not "mlops-actions/training-record@2"',
    ],
    ["an odd version", { ...valid, schema: "mlops-actions/training-record@2.1" }, "record-other-kind"],
    ["a key of version 2 in version 1", { ...valid, problems: [] }, 'unknown key "problems"'],
    ["no record", { mae: 3 }, "not a record of mlops-actions"],
    ["a list", [valid], "not a record of mlops-actions"],
    ["an extra key", { ...valid, verdict: "pass" }, 'unknown key "verdict"'],
    ["a key less", { ...valid, exit: { code: 0 } }, "exit.signal is missing"],
    ["a short commit", { ...valid, commit: "abc" }, "record.json:4:12: commit must be a full commit SHA"],
    ["an upper-case digest", { ...valid, dataDigest: DIGEST.toUpperCase() }, "dataDigest must be"],
    ["a local time", { ...valid, startedAt: "2026-01-31T12:00:00+01:00" }, "startedAt must be a UTC time"],
    [
      "a number as text",
      { ...valid, metrics: [{ name: "mae", slice: null, value: "3.1" }] },
      "metrics[0].value must be a number",
    ],
    ["an unknown outcome", { ...valid, outcome: "succeeded" }, 'Write "success"'],
    ["a nameless metric", { ...valid, metrics: [{ name: "", slice: null, value: 1 }] }, "metrics[0].name"],
    ["a fractional run ID", { ...valid, origin: { ...valid.origin, run: 7.5 } }, "origin.run must be a whole number"],
  ] as const)("%s", ([, record, part]) => {
    const message = messagesForTraining(write(record));
    expect(message).toContain(part);
    expect(message).toMatch(/^record\.json:\d+:\d+: /);
  });

  test.for([
    ["NaN", write(valid).replace("3.1", "NaN"), "record-not-finite"],
    ["an infinite number", write(valid).replace("3.1", "1e999"), "record-not-finite"],
    ["two outcomes", write(valid).replace('"outcome"', '"outcome": "failure", "outcome"'), "record-duplicate-key"],
    ["a truncated file", write(valid).slice(0, -40), "record-not-json"],
    ["nothing", "", "record-not-json"],
  ] as const)("%s", ([, text, code]) => {
    expect(messagesForTraining(text)).toContain(`[${code}]`);
  });

  test("a record given for another", () => {
    for (const format of [verdictRecord, dataReport]) {
      expect(messagesFor(() => readRecord(format as typeof verdictRecord, write(valid), SOURCE))).toContain(
        "record-other-kind",
      );
    }
  });
});

describe("a record of another release says which action to update", () => {
  const ofVersion = (version: number) => write({ schema: `mlops-actions/training-record@${version}`, new: true });

  test("a newer one: the action that reads", () => {
    expect(messagesForTraining(ofVersion(3))).toBe(
      'record.json:2:12: the record "mlops-actions/training-record@3" was written by a newer release. ' +
        "Update gate-metrics in the workflow that reads it. [record-newer]",
    );
  });

  test("and on workflow_run, where its workflow is", () => {
    const source = { file: "record.json", reader: "report-metrics", onDefaultBranch: true };
    expect(messagesFor(() => readRecord(trainingRecord, ofVersion(17), source))).toContain(
      "Update report-metrics in the workflow that reads it: on workflow_run, that is the workflow on the default branch.",
    );
  });

  test("one that is too old: the action that wrote it", () => {
    expect(messagesForTraining(ofVersion(0))).toMatch(
      /training-record@0" was written by a release of train-model that is too old. Update train-model, and make the record again. \[record-older\]$/,
    );
  });
});
