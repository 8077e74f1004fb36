import { expect, test } from "vitest";
import { MODEL_VERSION, type ModelVersionRecord, modelVersionRecord } from "../../records/model-version.ts";
import { asWritten, digestOf } from "../../records/testing.ts";
import { formatTagMessage } from "./tag-message.ts";

const RECORD: ModelVersionRecord = {
  schema: MODEL_VERSION,
  model: "visits",
  version: "v1.0.0",
  commit: "a".repeat(40),
  modelDigest: digestOf("model"),
  dataDigest: null,
  trainingRecordDigest: digestOf("training"),
  verdictDigest: null,
  metrics: [],
  governance: { purpose: "plan", owner: "team" },
  createdAt: "2026-06-15T12:00:00Z",
  origin: { repository: "octo/model", workflow: "main.yml", run: 1, attempt: 1, actor: "alice" },
};

test("a tag's message is the same for the same record, in whatever order its keys are", () => {
  const reversed = Object.fromEntries(
    Object.entries({ ...RECORD, governance: { owner: "team", purpose: "plan" } }).reverse(),
  ) as unknown as ModelVersionRecord;
  const format = (record: ModelVersionRecord): string =>
    formatTagMessage("Register", modelVersionRecord, asWritten(record));
  expect(format(reversed)).toBe(format(RECORD));
  expect(format(RECORD)).toContain('"owner": "team",\n    "purpose": "plan"');
});
