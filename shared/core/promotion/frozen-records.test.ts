/** What the last release wrote that knew version 1 only: its ledger, tags and records keep their meaning and their digests. */
import { describe, expect, test } from "vitest";
import { canonicalJson } from "../../records/canonical-json.ts";
import { dataReport } from "../../records/data-report.ts";
import { digestFiles, digestMetrics, digestRecord } from "../../records/digest.ts";
import { formatRecord } from "../../records/format-record.ts";
import { inVersion } from "../../records/in-version.ts";
import { promotionPlan } from "../../records/promotion-plan.ts";
import { promotionRecord } from "../../records/promotion-record.ts";
import type { RecordFormat } from "../../records/record-format.ts";
import { digestOf, findFrozenErrors, readFrozen, readValue } from "../../records/testing.ts";
import { trainingRecord } from "../../records/training-record.ts";
import { verdictRecord } from "../../records/verdict.ts";
import { parseVersionTag } from "../registry/registered-version.ts";
import { formatTagMessage } from "../registry/tag-message.ts";
import { assertTagsMatchLedger } from "./assert-tags-match-ledger.ts";
import { getCurrentVersion, getEnvironment } from "./ledger.ts";
import { tagNameOf } from "./next-promotion-step.ts";
import { serializeEntry, verifyLedger } from "./verify-ledger.ts";

const read = <One, Two>(format: RecordFormat<One, Two>, name: string) =>
  readValue(format, JSON.parse(readFrozen(name)));
const TAGS: readonly { name: string; object: string; commit: string; at: string; message: string }[] = JSON.parse(
  readFrozen("tags.json"),
);
const tagNamed = (name: string) => {
  const found = TAGS.find((tag) => tag.name === name);
  if (found === undefined) throw new Error(`there is no tag ${name}`);
  return { ...found, annotated: true };
};
const LEDGER = readFrozen("ledger.jsonl");
const lines = LEDGER.split("\n").slice(0, -1);
const entries = lines.map((line) => readValue(promotionRecord, JSON.parse(line)));

test.each<[string, RecordFormat<never, never>]>([
  ["training-record.json", trainingRecord],
  ["training-record-failed.json", trainingRecord],
  ["data-report.json", dataReport],
  ["data-report-failed.json", dataReport],
  ["verdict.json", verdictRecord],
  ["verdict-failed.json", verdictRecord],
  ["promotion-plan.json", promotionPlan],
  ["promotion-record.json", promotionRecord],
] as never)("%s is read, and written again the same", (name, format) => {
  const { record, version, written } = read(format, name);
  const again = inVersion(format, record, 1);
  expect([version, findFrozenErrors(format, again.written)]).toEqual([1, []]);
  expect(canonicalJson(again.written)).toBe(canonicalJson(JSON.parse(readFrozen(name))));
  expect(digestRecord({ record, version, written }, digestOf)).toBe(digestRecord(again, digestOf));
});

test("a training record has the same bytes", () => {
  const { record } = read(trainingRecord, "training-record.json");
  expect(formatRecord(inVersion(trainingRecord, record, 1))).toBe(readFrozen("training-record.json"));
});

describe("digests that they name each other by", () => {
  const training = read(trainingRecord, "training-record.json");
  const version = parseVersionTag(tagNamed("visits@v1.1.0"), "a-test", digestOf);

  test("of the metrics, the data, the training and the verdict", () => {
    const report = read(dataReport, "data-report.json").record;
    const verdict = read(verdictRecord, "verdict.json");
    expect(digestMetrics(training.record.metrics, digestOf)).toBe(verdict.record.metricsDigest);
    expect(digestFiles(report.files, digestOf)).toBe(training.record.dataDigest);
    expect(digestRecord(training, digestOf)).toBe(version.record.trainingRecordDigest);
    expect(digestRecord(verdict, digestOf)).toBe(version.record.verdictDigest);
  });

  test("of the version, in the plan that is to be approved", () => {
    const plan = read(promotionPlan, "promotion-plan.json").record;
    expect(plan.evidence[0]).toEqual({ kind: "model-version", digest: version.recordDigest });
  });
});

describe("the ledger", () => {
  const ledger = verifyLedger(LEDGER, "ledger", "visits", digestOf);

  test("is valid, and describes what is deployed where", () => {
    expect(getCurrentVersion(ledger, "production")?.version.version).toBe("v1.0.0");
    expect(getCurrentVersion(ledger, "staging")?.version.version).toBe("v1.1.0");
    expect(getEnvironment(ledger, "staging").openIntent).toMatchObject({
      version: 1,
      plan: { target: { version: "v1.2.0" } },
    });
    expect(() =>
      assertTagsMatchLedger(
        ledger,
        "visits",
        TAGS.map(({ name }) => tagNamed(name)),
      ),
    ).not.toThrow();
  });

  test("has lines that would be written again, byte by byte", () => {
    for (const [at, entry] of entries.entries()) {
      expect(serializeEntry(inVersion(promotionRecord, entry.record, 1))).toBe(lines[at]);
    }
  });

  test("has intents whose tags would be made again, byte by byte", () => {
    const intents = [...ledger.plans.values()].filter(({ record }) => record.type !== "aborted");
    expect(intents).toHaveLength(6);
    for (const { planDigest, plan } of intents) {
      const intent = entries.find(({ record }) => record.type === "intent" && record.planDigest === planDigest);
      if (intent === undefined) throw new Error("there is no intent");
      const { model, target, to } = plan;
      const message = formatTagMessage(`Assign ${model} ${target.version} to ${to}`, promotionRecord, intent);
      expect(message.trim()).toBe(tagNamed(tagNameOf({ plan })).message.trim());
    }
  });

  test("gave its last entry to the workflow as a file with the same bytes", () => {
    const [, , , , , committed] = entries;
    if (committed === undefined) throw new Error("there is no entry 6");
    expect(formatRecord(committed)).toBe(readFrozen("promotion-record.json"));
  });
});
