/** Whatever a record contains: what is read, written again, dropped or refused. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { ActionError } from "../problem/problem.ts";
import { canonicalJson } from "./canonical-json.ts";
import { dataReport } from "./data-report.ts";
import { digestMetrics, digestRecord } from "./digest.ts";
import { formatRecord } from "./format-record.ts";
import { inVersion } from "./in-version.ts";
import { modelVersionRecord } from "./model-version.ts";
import { anyPlan } from "./promotion-plan.ts";
import { promotionRecord } from "./promotion-record.ts";
import type { RecordFormat } from "./record-format.ts";
import { digestOf, findFrozenErrors, readValue } from "./testing.ts";
import { trainingRecord } from "./training-record.ts";
import { verdictRecord } from "./verdict.ts";

type AnyFormat = RecordFormat<object, object>;
const FORMATS = [dataReport, modelVersionRecord, anyPlan, promotionRecord, trainingRecord, verdictRecord].map(
  (format) => [format.kind, format as unknown as AnyFormat] as const,
);

/** The part of JSON Schema that zod writes for records. */
interface Node {
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Node[];
  readonly oneOf?: readonly Node[];
  readonly properties?: Readonly<Record<string, Node>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: false | Node;
  readonly items?: Node;
  readonly prefixItems?: readonly Node[];
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly format?: string;
  readonly pattern?: string;
}

/** Any value of a schema, its keys in the schema's order. */
function valuesOf(node: Node): fc.Arbitrary<unknown> {
  const choices = node.anyOf ?? node.oneOf;
  if (choices !== undefined) return fc.oneof(...choices.map(valuesOf));
  if (Array.isArray(node.type)) return fc.oneof(...node.type.map((type: string) => valuesOf({ ...node, type })));
  if (node.const !== undefined) return fc.constant(node.const);
  if (node.enum !== undefined) return fc.constantFrom(...node.enum);
  switch (node.type) {
    case "object":
      return objectsOf(node);
    case "array":
      if (node.prefixItems !== undefined) return fc.tuple(...node.prefixItems.map(valuesOf));
      return fc.array(valuesOf(node.items ?? {}), {
        minLength: node.minItems ?? 0,
        maxLength: (node.minItems ?? 0) + 2,
      });
    case "integer": {
      const min = node.minimum ?? (node.exclusiveMinimum ?? -100) + 1;
      return fc.integer({ min, max: Math.min(node.maximum ?? 100_000, min + 100_000) });
    }
    case "number":
      return fc
        .double({ noNaN: true, noDefaultInfinity: true, min: node.minimum ?? -1e300, max: node.maximum ?? 1e300 })
        .map((value) => (Object.is(value, -0) ? 0 : value));
    case "string":
      return stringsOf(node);
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    case undefined:
      // Any JSON: lines of the ledger as they were written.
      return fc.constantFrom(null, true, 1, "text", [1], { text: "text" });
    default:
      throw new Error(`no values for ${JSON.stringify(node)}`);
  }
}

function objectsOf({ properties, required = [], additionalProperties }: Node): fc.Arbitrary<unknown> {
  if (properties === undefined) {
    const values = valuesOf(additionalProperties || {});
    return fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), values, { maxKeys: 2, noNullPrototype: true });
  }
  const members = Object.entries(properties).map(([key, node]) =>
    fc.tuple(
      fc.constant(key),
      valuesOf(node),
      required.includes(key) ? fc.constant(true) : fc.nat(3).map((n) => n === 0),
    ),
  );
  return fc
    .tuple(...members)
    .map((found) => Object.fromEntries(found.flatMap(([key, value, there]) => (there ? [[key, value]] : []))));
}

function stringsOf({ format, pattern, minLength = 0, maxLength }: Node): fc.Arbitrary<string> {
  const time = fc.date({ noInvalidDate: true, min: new Date(0), max: new Date("2099-01-01") });
  if (format === "date-time") return time.map((date) => date.toISOString());
  if (format === "date") return time.map((date) => date.toISOString().slice(0, 10));
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern), { size: "-1" });
  return fc.string({ unit: "grapheme", minLength, maxLength: Math.min(maxLength ?? 8, 8) });
}

const recordsOf = (format: AnyFormat, version: 1 | 2) =>
  valuesOf(z.toJSONSchema(format.schemas[version], { io: "output" }) as Node) as fc.Arbitrary<object>;

const RUNS = { seed: 7, numRuns: 60 };

describe.each(FORMATS)("%s", (_, format) => {
  test("of version 1: read, upgraded and written again, it has the same bytes and the same digest", () => {
    fc.assert(
      fc.property(recordsOf(format, 1), (value) => {
        const read = readValue(format, value);
        expect(format.schemas[2].safeParse(read.record).error?.issues).toBeUndefined();
        const again = inVersion(format, read.record, 1);
        expect(formatRecord(again)).toBe(`${JSON.stringify(value, null, 2)}\n`);
        expect(digestRecord(again, digestOf)).toBe(digestOf(canonicalJson(value)));
        expect(digestRecord(read, digestOf)).toBe(digestRecord(again, digestOf));
      }),
      RUNS,
    );
  });

  test("of version 2: written and read back, it is equal, and so is its digest", () => {
    fc.assert(
      fc.property(recordsOf(format, 2), (value) => {
        const written = inVersion(format, value, 2);
        const read = readValue(format, JSON.parse(formatRecord(written)));
        expect([read.version, read.record]).toEqual([2, value]);
        expect(digestRecord(read, digestOf)).toBe(digestRecord(written, digestOf));
      }),
      RUNS,
    );
  });

  test("of version 2, written as version 1: one that the last release reads, or refused with the field", () => {
    let held = 0;
    fc.assert(
      fc.property(recordsOf(format, 2), (value) => {
        try {
          const { written, version } = inVersion(format, value, 1);
          expect([version, findFrozenErrors(format, written)]).toEqual([1, []]);
          expect(readValue(format, JSON.parse(JSON.stringify(written))).version).toBe(1);
          held += 1;
        } catch (error) {
          if (!(error instanceof ActionError)) throw error;
          expect(error.problems.map(({ code }) => code)).toEqual(["record-1-cannot-hold"]);
        }
      }),
      { ...RUNS, numRuns: 200 },
    );
    expect(held).toBeGreaterThan(0);
  });

  test.each([1, 2] as const)("of version %i: an unknown key is refused, wherever it stands", (version) => {
    fc.assert(
      fc.property(recordsOf(format, version), fc.nat(), (value, pick) => {
        const copy = structuredClone(value);
        const objects = strictObjects(copy);
        Object.assign(objects[pick % objects.length] ?? {}, { "no-such-key": 1 });
        expect(() => readValue(format, copy)).toThrow(/no-such-key|must be/);
      }),
      RUNS,
    );
  });
});

/** All objects whose keys are fixed. */
function strictObjects(value: unknown): readonly object[] {
  if (typeof value !== "object" || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(strictObjects);
  const inner = Object.entries(value).flatMap(([key, member]) => (FREE_KEYS.has(key) ? [] : strictObjects(member)));
  return [value, ...inner];
}

/** Mappings whose keys a user chooses, and lines of the ledger as they were written. */
const FREE_KEYS = new Set(["params", "versions", "packages", "governance", "entries"]);

test("the digest of metrics is the same for a record of either version, in any order", () => {
  const metrics = [
    { name: "r2", slice: null, value: 0.5, n: 10, stderr: 0.1, source: "m.json" },
    { name: "mae", slice: "poor", value: 2 },
    { name: "mae", slice: null, value: 1.5, better: "lower" as const },
  ];
  const values = metrics.map(({ name, slice, value }) => ({ name, slice, value }));
  const sorted = [values[2], values[1], values[0]];
  expect(digestMetrics(metrics, digestOf)).toBe(digestOf(canonicalJson(sorted)));
  expect(digestMetrics(values, digestOf)).toBe(digestOf(canonicalJson(sorted)));
});
