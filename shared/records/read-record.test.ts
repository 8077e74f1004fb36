import { describe, expect, test } from "vitest";
import { ActionError, formatProblem as describeProblem } from "../problem/problem.ts";
import { dataReport } from "./data-report.ts";
import { readRecord } from "./read-record.ts";
import { trainingRecord } from "./training-record.ts";
import { verdict } from "./verdict.ts";

const SHA = "a".repeat(40);
const DIGEST = `sha256:${"b".repeat(64)}`;
const sound = {
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

function told(schema: Parameters<typeof readRecord>[0], text: string): string {
  try {
    readRecord(schema, text, "record.json");
    return "read";
  } catch (error) {
    if (!(error instanceof ActionError)) throw error;
    return error.problems.map(describeProblem).join("\n");
  }
}

test("a sound record is read as it is", () => {
  expect(readRecord(trainingRecord, write(sound), "record.json")).toEqual(sound);
});

describe("whatever is not exactly a record is refused, with its place", () => {
  test.for([
    [
      "another kind",
      { ...sound, schema: "mlops-actions/verdict@1" },
      'the record "mlops-actions/verdict@1", not "mlops-actions/training-record@1"',
    ],
    ["another version", { ...sound, schema: "mlops-actions/training-record@2" }, "record-other-kind"],
    ["no record", { mae: 3 }, "no record of ours"],
    ["a list", [sound], "no record of ours"],
    ["an extra key", { ...sound, verdict: "pass" }, 'unknown key "verdict"'],
    ["a key less", { ...sound, exit: { code: 0 } }, "exit.signal is missing"],
    ["a short commit", { ...sound, commit: "abc" }, "record.json:4:12: commit must be a full commit SHA"],
    ["an upper-case digest", { ...sound, dataDigest: DIGEST.toUpperCase() }, "dataDigest must be"],
    ["a local time", { ...sound, startedAt: "2026-01-31T12:00:00+01:00" }, "startedAt must be a UTC time"],
    [
      "a number as text",
      { ...sound, metrics: [{ name: "mae", slice: null, value: "3.1" }] },
      "metrics[0].value must be a number",
    ],
    ["a word too many", { ...sound, outcome: "succeeded" }, 'Write "success"'],
    ["a nameless metric", { ...sound, metrics: [{ name: "", slice: null, value: 1 }] }, "metrics[0].name"],
    ["half a run", { ...sound, origin: { ...sound.origin, run: 7.5 } }, "origin.run must be a whole number"],
  ] as const)("%s", ([, record, says]) => {
    const message = told(trainingRecord, write(record));
    expect(message).toContain(says);
    expect(message).toMatch(/^record\.json:\d+:\d+: /);
  });

  test.for([
    ["NaN", write(sound).replace("3.1", "NaN"), "record-not-finite"],
    ["an infinite number", write(sound).replace("3.1", "1e999"), "record-not-finite"],
    ["two outcomes", write(sound).replace('"outcome"', '"outcome": "failure", "outcome"'), "record-duplicate-key"],
    ["a cut file", write(sound).slice(0, -40), "record-not-json"],
    ["nothing", "", "record-not-json"],
  ] as const)("%s", ([, text, code]) => {
    expect(told(trainingRecord, text)).toContain(`[${code}]`);
  });

  test("a record given for another", () => {
    expect(told(verdict, write(sound))).toContain("record-other-kind");
    expect(told(dataReport, write(sound))).toContain("record-other-kind");
  });
});
