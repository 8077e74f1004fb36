/** A tag can be written by anybody who may push: its record must be about the tag's own name and commit. */
import { expect, test } from "vitest";
import { ActionError } from "../../problem/problem.ts";
import { inVersion } from "../../records/in-version.ts";
import { MODEL_VERSION, type ModelVersionRecord, modelVersionRecord } from "../../records/model-version.ts";
import { digestOf } from "../../records/testing.ts";
import { isWithdrawn, parseVersionTag } from "./registered-version.ts";
import { formatTagMessage } from "./tag-message.ts";

const RECORD: ModelVersionRecord = {
  ...{ schema: MODEL_VERSION, model: "visits", version: "v1.0.0", commit: "a".repeat(40) },
  ...{ modelDigest: digestOf("model"), dataDigest: digestOf("data") },
  ...{ trainingRecordDigest: digestOf("training"), verdictDigest: null, metrics: [] },
  governance: { owner: "team", purpose: "plan", data_sources: "survey", approval_date: "2026-01-01" },
  createdAt: "2026-01-01T00:00:00Z",
  origin: { repository: "octo/model", workflow: "register.yml", run: 1, attempt: 1, actor: "alice" },
};
const ref = (name: string) => ({ name, object: "b".repeat(40), annotated: true });

/** The record in a tag of this name and commit. */
function parse(name: string, commit: string, change: Partial<ModelVersionRecord> = {}): ModelVersionRecord {
  const written = inVersion(modelVersionRecord, { ...RECORD, ...change }, 2);
  const message = formatTagMessage("Register", modelVersionRecord, written);
  return parseVersionTag({ ...ref(name), commit, message }, "a-test", digestOf).record;
}

test("a tag that is about itself is read", () => {
  expect(parse("visits@v1.0.0", RECORD.commit)).toEqual(RECORD);
});

test.each<[string, string, string, Partial<ModelVersionRecord>]>([
  ["another commit than the tag's", "visits@v1.0.0", "c".repeat(40), {}],
  ["another version", "visits@v1.1.0", RECORD.commit, {}],
  ["another model", "visits@v1.0.0", RECORD.commit, { model: "fraud" }],
])("a record about %s is forged", (_, name, commit, change) => {
  const forged = expect(() => parse(name, commit, change));
  forged.toThrow(ActionError);
  forged.toThrow(/the record in the tag visits@v1\.[01]\.0 is about (visits|fraud)@v1\.0\.0 at aaaaaaa/);
});

test("only a version's own withdrawal withdraws it", () => {
  const tags = ["visits@v1.0.0", "visits@v1.1.0!", "fraud@v1.0.0!"].map(ref);
  expect(isWithdrawn("visits", "v1.0.0", tags)).toBe(false);
  expect(isWithdrawn("visits", "v1.1.0", tags)).toBe(true);
  expect(isWithdrawn("visits", "v1.0.0", [...tags, ref("visits@v1.0.0!")])).toBe(true);
});
