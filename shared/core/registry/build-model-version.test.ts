import { expect, test } from "vitest";
import { digestRecord } from "../../records/digest.ts";
import type { ModelLocation } from "../../records/location.ts";
import { modelVersionRecord } from "../../records/model-version.ts";
import { modelVersionRecord1 } from "../../records/model-version-1.ts";
import { asWritten, digestOf, inMemory } from "../../records/testing.ts";
import type { TrainingRecord } from "../../records/training-record.ts";
import { createVerdict } from "../../report/testing.ts";
import { buildModelVersion } from "./build-model-version.ts";

const training = asWritten({
  commit: "a".repeat(40),
  dataDigest: digestOf("data"),
  metrics: [{ name: "mae", slice: null, value: 2 }],
} as TrainingRecord);
const input = {
  model: "visits",
  version: "v1.0.0",
  modelDigest: digestOf("model"),
  governance: { owner: "risk team" },
  createdAt: "2026-06-15T12:00:00Z",
  origin: createVerdict().origin,
  patterns: [{ use: "model", pattern: "model/**", files: 2, bytes: 12 }],
  files: [{ path: "model/a.bin", bytes: 12, digest: digestOf("a") }],
  locations: [],
  evidence: undefined,
  digestOf,
};

test("a model version names the training and the verdict by digest, and takes commit, data and metrics from the training", () => {
  const verdict = asWritten(createVerdict());
  const record = buildModelVersion({ ...input, training, verdict });
  expect(inMemory(modelVersionRecord).parse(record)).toMatchObject({
    model: "visits",
    commit: training.record.commit,
    dataDigest: training.record.dataDigest,
    trainingRecordDigest: digestRecord(training, digestOf),
    verdictDigest: digestRecord(verdict, digestOf),
    metrics: training.record.metrics,
    governance: { owner: "risk team" },
  });
  // As in the schema: people read the record in the tag's message.
  expect(Object.keys(record)).toEqual([...Object.keys(modelVersionRecord1.shape), "files", "patterns", "guarantee"]);
});

test("without a verdict it names none", () => {
  expect(buildModelVersion({ ...input, training, verdict: undefined }).verdictDigest).toBeNull();
});

test("it says where the bytes are, and how sure that is", () => {
  const at = (location: ModelLocation) =>
    buildModelVersion({ ...input, training, verdict: undefined, locations: [location] });
  const places = [
    { kind: "s3", uri: "s3://models/visits" },
    { kind: "hf", uri: "hf://octo/visits", revision: "c".repeat(40), immutable: true },
  ] as const;
  expect(places.map((place) => at(place).guarantee?.bytes)).toEqual(["listed", "immutable"]);
  expect(inMemory(modelVersionRecord).parse(at(places[0])).locations).toEqual([places[0]]);
  expect(buildModelVersion({ ...input, training, verdict: undefined }).guarantee).toEqual({ bytes: "unknown" });
});
