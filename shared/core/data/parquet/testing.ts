/** Columns of stored values made at random, whose judge must agree with judging the text of every value. */
import * as fc from "fast-check";
import type { SchemaElement } from "hyparquet";
import type { ColumnCheck } from "../column-check.ts";
import { compileContract } from "../compile-contract.ts";
import { contract } from "../contract.ts";
import { FindingCollector } from "../finding-collector.ts";
import { TableCheck } from "../table-check.ts";
import { ColumnJudge } from "./column-judge.ts";
import type { PageRows } from "./pages.ts";
import { inStrictForm } from "./parquet-check.ts";
import { joinByteValues, type RawValue, type RawValues } from "./stored-values.ts";
import { readerFor, type ValueReader } from "./value-reader.ts";

interface Kind {
  readonly element: Omit<SchemaElement, "name">;
  readonly columns: readonly object[];
  readonly values: fc.Arbitrary<RawValue>;
  readonly store: (values: readonly RawValue[]) => RawValues;
}

const BOUNDS = [
  {},
  { min: -3, max: 120 },
  { above: 0, below: 7 },
  { min: 2, above: "1.5", max: 7, below: 7 },
  { unique: true },
];
const WIDE = [
  { min: "9007199254740993" },
  { above: "-9223372036854775807", max: "9223372036854775806" },
  { below: 1e19 },
];
const NUMBERS = [...BOUNDS, ...WIDE, { min: "-0.25", max: "0.30000000000000004" }, { above: "0.3", "max-decimals": 2 }];

const int32 = fc.oneof(fc.integer({ min: -5, max: 125 }), fc.integer());
const edges = [0n, 7n, -3n, 2n ** 53n, 2n ** 53n + 1n, -(2n ** 53n) - 1n, 2n ** 63n - 1n, -(2n ** 63n), 2n ** 63n - 2n];
const int64 = fc.oneof(
  fc.bigInt({ min: -5n, max: 125n }),
  fc.constantFrom(...edges),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
);
const double = fc.oneof(
  fc.constantFrom(0, -0, 7, 0.3, 0.30000000000000004, -0.25, 1.5, 0.125, 2 ** 53, 1e19, 1e-7, 120),
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
  fc.double(),
  fc.double({ min: -4, max: 8 }),
);
/** Near to a day, in units of which a day has so many. */
const near = (day: number, perDay: bigint) =>
  fc.bigInt({ min: -2n, max: 2n }).map((more) => BigInt(day) * perDay + more);
const DAYS = [-719_162, -719_163, 2_932_896, 2_932_897, 0, 19_782, 20_000];
const days = fc.oneof(
  int32,
  fc.constantFrom(...DAYS),
  fc
    .constantFrom(...DAYS)
    .chain((day) => near(day, 1n))
    .map(Number),
);
const ticks = (perSecond: bigint) =>
  fc
    .oneof(
      int64,
      fc.constantFrom(...DAYS).chain((day) => near(day, 86_400n * perSecond)),
    )
    .map((value) => BigInt.asIntN(64, value));
const TIMES = [
  ...[{}, { min: "2024-02-29 00:00:00", max: "2024-10-04T00:00:00" }, { min: "2024-02-29 00:00:00.0000015" }],
  ...[
    { above: "1970-01-01 00:00:00", below: "2024-10-04 00:00:00.000000001" },
    { unique: true },
    { max: "9999-12-31 00:00:00" },
  ],
].map((column) => ({ type: "timestamp", ...column }));

const ofType = (type: string, columns: readonly object[]) => columns.map((column) => ({ type, ...column }));
const to32 = (values: readonly RawValue[]): RawValues => Int32Array.from(values as number[]);
const to64 = (values: readonly RawValue[]): RawValues => BigInt64Array.from(values as bigint[]);
const timestamp = (unit: "MILLIS" | "MICROS" | "NANOS", isAdjustedToUTC: boolean, perSecond: bigint): Kind => ({
  element: { type: "INT64", logical_type: { type: "TIMESTAMP", unit, isAdjustedToUTC } },
  columns: [...TIMES, ...TIMES.map((column) => ({ ...column, offset: "required" }))],
  values: ticks(perSecond),
  store: to64,
});
const whole = (type: "INT32" | "INT64", values: fc.Arbitrary<RawValue>, element: object): Kind => ({
  element: { type, ...element },
  columns: [...ofType("integer", [...BOUNDS, ...WIDE, { enum: [0, 7] }]), ...ofType("number", NUMBERS)],
  values,
  store: type === "INT32" ? to32 : to64,
});
const decimal = (type: "INT32" | "INT64", values: fc.Arbitrary<RawValue>, scale: number): Kind => ({
  ...whole(type, values, { logical_type: { type: "DECIMAL", precision: 9, scale } }),
  columns: [
    ...ofType("number", NUMBERS),
    ...ofType(
      "integer",
      BOUNDS.map((column) => ({ "decimal-integers": true, ...column })),
    ),
  ],
});
const float = (type: "FLOAT" | "DOUBLE"): Kind => ({
  element: { type },
  columns: [
    ...ofType("number", [...NUMBERS, { "non-finite": "as-null" }, { "non-finite": "allow", min: 0, unique: true }]),
    ...ofType(
      "integer",
      [...BOUNDS, ...WIDE].map((column) => ({ "decimal-integers": true, ...column })),
    ),
  ],
  values: double,
  store: (values) => (type === "FLOAT" ? Float32Array : Float64Array).from(values as number[]),
});

const words = ["", "a", "US", "Größe", "日本語", "two\nlines", "nul\0", "long text", "AB-1", "\udc80"];
const KINDS: readonly Kind[] = [
  whole("INT32", int32, {}),
  whole("INT32", int32, { logical_type: { type: "INTEGER", bitWidth: 32, isSigned: false } }),
  whole("INT64", int64, { converted_type: "INT_64" }),
  whole("INT64", int64, { converted_type: "UINT_64" }),
  ...[decimal("INT32", int32, 2), decimal("INT64", int64, 0), decimal("INT64", int64, 18)],
  ...[float("FLOAT"), float("DOUBLE")],
  {
    element: { type: "INT32", logical_type: { type: "DATE" } },
    columns: ofType("date", [
      {},
      { min: "2024-02-29", max: "2024-10-04" },
      { above: "0001-01-01", below: "9999-12-31" },
      { unique: true },
    ]),
    values: days,
    store: to32,
  },
  ...[timestamp("MILLIS", false, 1000n), timestamp("MICROS", true, 1_000_000n), timestamp("NANOS", false, 10n ** 9n)],
  {
    element: { type: "BYTE_ARRAY", converted_type: "UTF8" },
    columns: ofType("string", [
      {},
      { unique: true },
      { enum: ["US", "Größe"] },
      { pattern: "[A-Z]+" },
      { "max-length": 3 },
    ]),
    values: fc
      .oneof({ weight: 30, arbitrary: fc.constantFrom(...words.slice(0, -1)) }, fc.constant("\udc80"))
      .map((word) => (word === "\udc80" ? Uint8Array.of(0x61, 0xff) : new TextEncoder().encode(word))),
    store: (values) => joinByteValues(values as Uint8Array[]),
  },
  {
    element: { type: "BOOLEAN" },
    columns: ofType("boolean", [{}, { enum: [true] }]),
    values: fc.boolean(),
    store: (values) => values,
  },
];

interface Sample {
  readonly kind: Kind;
  readonly column: object;
  /** A null is a row without a value. */
  readonly pages: readonly { readonly rows: readonly (RawValue | null)[]; readonly hasDictionary: boolean }[];
}

const sample: fc.Arbitrary<Sample> = fc.constantFrom(...KINDS).chain((kind) =>
  fc.record({
    kind: fc.constant(kind),
    column: fc
      .tuple(fc.constantFrom(...kind.columns), fc.boolean())
      .map(([column, nullable]) => ({ ...column, nullable })),
    pages: fc.array(
      fc.record({
        rows: fc.array(fc.oneof({ weight: 5, arbitrary: kind.values }, fc.constant(null)), { maxLength: 8 }),
        hasDictionary: fc.boolean(),
      }),
      { minLength: 1, maxLength: 4 },
    ),
  }),
);

/** What is found, or why the column cannot be read. */
function check({ kind, column }: Sample, judge: (check: ColumnCheck, reader: ValueReader) => number): unknown {
  const strict = inStrictForm(compileContract(contract.parse({ version: 1, columns: [{ name: "c", ...column }] })));
  const findings = new FindingCollector();
  const table = new TableCheck(strict, strict.columns, findings, {});
  const [only] = table.columns;
  const reader = only && readerFor({ name: "c", ...kind.element }, only.column);
  if (only === undefined || reader === undefined || typeof reader === "string") return reader;
  try {
    const rows = judge(only, reader);
    table.finish(rows, (row) => row);
    return findings.settle(rows);
  } catch (error) {
    return String(error);
  }
}

const isGiven = (value: RawValue | null): value is RawValue => value !== null;

function toPage({ store }: Kind, { rows, hasDictionary }: Sample["pages"][number]): PageRows {
  const given = rows.filter(isGiven);
  const places = { count: rows.length, isGiven: Uint8Array.from(rows, (value) => (value === null ? 0 : 1)) };
  if (!hasDictionary) return { ...places, values: store(given), indices: undefined };
  return {
    ...places,
    values: store([...given].reverse()),
    indices: Int32Array.from(given, (_, at) => given.length - 1 - at),
  };
}

export const judgeAgreesWithText = fc.property(sample, (made) => {
  const expected = check(made, (each, { kind, toText }) => {
    let row = 0;
    for (const { rows } of made.pages) {
      const stored = made.kind.store(rows.filter(isGiven));
      let nth = 0;
      for (const value of rows) {
        row += 1;
        if (value === null) each.checkNull(row);
        else each.checkTyped(kind, wellFormed(toText(stored.at(nth++) ?? value)), row);
      }
    }
    return row;
  });
  const judged = check(made, (each, reader) => {
    const judge = new ColumnJudge(each, reader);
    let row = 1;
    for (const page of made.pages) {
      judge.take(toPage(made.kind, page), row);
      row += page.rows.length;
    }
    return row - 1;
  });
  if (JSON.stringify(judged) === JSON.stringify(expected)) return;
  throw new Error(`judge ${JSON.stringify(judged)}\ntext ${JSON.stringify(expected)}`);
});

function wellFormed(text: string): string {
  if (!text.isWellFormed()) throw new Error('has a text that is not UTF-8 in "c"');
  return text;
}
