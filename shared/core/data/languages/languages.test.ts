/** Contracts of other languages: what they come to, what is skipped, and where their mistakes are. */
import { describe, expect, test } from "vitest";
import { ActionError } from "../../../problem/problem.ts";
import type { CompiledContract } from "../compile-contract.ts";
import { CsvCheck } from "../csv-check.ts";
import { readContract } from "../read-contract.ts";

const read = (contract: object): CompiledContract => readContract(JSON.stringify(contract, null, 1), "contract.json");

/** What is wrong with a file, as `check column @lines`. */
function check(contract: object, csv: string): readonly string[] {
  const checked = new CsvCheck(read(contract));
  checked.push(Buffer.from(csv));
  return checked.end().findings.map(({ check, column, lines }) => `${check} ${column ?? "-"} @${lines.join(",")}`);
}
const skips = (contract: object): readonly string[] =>
  (read(contract).skipped ?? []).map(({ check, column }) => `${check} ${column ?? "-"}`);

describe("JSON Schema", () => {
  const schema = {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "A visit",
    type: "object",
    required: ["id", "age", "plan"],
    properties: {
      id: { type: "integer", exclusiveMinimum: 0 },
      age: { type: ["integer", "null"], minimum: 0, maximum: 120 },
      plan: { enum: ["free", "paid"], description: "What they pay" },
      score: { type: "number", multipleOf: 0.01, exclusiveMaximum: 1 },
      day: { type: "string", format: "date" },
      seen: { type: "string", format: "date-time" },
      mail: { type: "string", format: "email", maxLength: 40 },
      code: { $ref: "#/$defs/code" },
    },
    $defs: { code: { type: "string", pattern: "^U\\d+$" } },
  };
  const header = "id,age,plan,score,day,seen,mail,code\n";

  test("its rows pass", () => {
    const rows = [
      "1,30,free,0.25,2024-02-29,2024-02-29T10:00:00Z,a@b.example,U1",
      "2.0,,paid,0.1,,,,",
      "3,120,free,-7,2024-01-01,2024-01-01T00:00:00+02:00,,U22",
    ];
    expect(check(schema, header + rows.join("\n"))).toEqual([]);
    expect(skips(schema)).toEqual([]);
    expect(read(schema).language).toEqual({ name: "json-schema", version: schema.$schema });
  });

  test("every keyword finds what breaks it", () => {
    const rows = [
      "0,30,free,0.25,2024-02-29,2024-02-29T10:00:00Z,a@b.example,U1",
      "1,121,free,0.255,2024-02-30,2024-02-29 10:00:00,a@b,xU1",
      "1,x,gold,1,,,,",
      ",1,,0,,,,",
    ];
    expect(check(schema, header + rows.join("\n")).toSorted()).toEqual(
      [
        "range id @2",
        "range age @3",
        "type age @4",
        "enum plan @4",
        "decimals score @3",
        "range score @4",
        "type day @3",
        "type seen @3",
        "format mail @3",
        "pattern code @3",
        "null id @5",
        "null plan @5",
      ].toSorted(),
    );
  });

  test("columns that are not required may be absent; further ones are allowed unless it says otherwise", () => {
    expect(check(schema, "id,age,plan,extra\n1,2,free,x\n")).toEqual([]);
    expect(check({ ...schema, additionalProperties: false }, "id,age,plan,extra\n1,2,free,x\n")).toEqual([
      "unexpected-column - @1",
    ]);
    expect(check(schema, "id,plan\n1,free\n")).toEqual(["missing-column age @1"]);
  });

  test("what it does not check is skipped, never passed in silence", () => {
    const properties = {
      a: { type: ["integer", "string"] },
      b: { type: "array", items: { type: "integer" } },
      c: { type: "number", multipleOf: 3 },
      d: { type: "string", format: "duration" },
      e: { type: "string", invented: true },
      f: { type: "string", minimum: 3 },
      g: { $ref: "#/$defs/round" },
      h: { enum: [{}] },
    };
    const all = { properties, allOf: [{}], $defs: { round: { $ref: "#/$defs/round" } }, patternProperties: {} };
    expect(skips(all)).toEqual([
      "allOf -",
      "patternProperties -",
      "type a",
      "type b",
      "items b",
      "multipleOf c",
      "format d",
      "invented e",
      "minimum f",
      "$ref g",
      "enum h",
    ]);
  });
});

describe("Table Schema", () => {
  const schema = {
    missingValues: ["", "NA"],
    primaryKey: ["store", "day"],
    uniqueKeys: [["receipt"]],
    fields: [
      { name: "store", type: "integer" },
      { name: "day", type: "date", format: "%d.%m.%Y" },
      { name: "receipt", type: "string", constraints: { pattern: "R\\d+" } },
      { name: "amount", type: "number", decimalChar: ",", constraints: { required: true, minimum: 0 } },
      { name: "paid", type: "boolean", trueValues: ["yes"], falseValues: ["no"] },
    ],
  };
  test("keys, null spellings and constraints come over", () => {
    const { columns, unique, csv } = read(schema);
    expect(unique).toEqual([["store", "day"]]);
    expect(csv["null-values"]).toEqual(["", "NA"]);
    expect(columns.map(({ name, nullable, unique: alone }) => `${name} ${nullable} ${alone}`)).toEqual([
      "store false false",
      "day false false",
      "receipt true true",
      "amount false false",
      "paid true false",
    ]);
    expect(columns.map(({ spelling }) => spelling.formats)).toContainEqual(["%d.%m.%Y"]);
    expect(columns[3]?.spelling.decimal).toBe(",");
    expect(columns[4]?.spelling["true-values"]).toEqual(["yes"]);
    expect(skips(schema)).toEqual([]);
  });
  test("its rows are judged", () => {
    const plain = {
      ...schema,
      fields: [
        { name: "store", type: "integer", constraints: { enum: [1, 2] } },
        { name: "day", type: "date" },
        { name: "receipt", type: "string", constraints: { pattern: "R\\d+", minLength: 3 } },
      ],
    };
    const rows = "store,day,receipt\n1,2024-01-01,R11\n1,2024-01-01,R11\n3,NA,xR1\n2,2024-01-02,R1\n";
    expect(check(plain, rows).toSorted()).toEqual(
      [
        "unique receipt @3",
        "unique - @3",
        "enum store @4",
        "null day @4",
        "pattern receipt @4",
        "length receipt @5",
      ].toSorted(),
    );
  });
  test("a data package with one resource has its dialect", () => {
    const dialect = { delimiter: ";", escapeChar: "\\", commentChar: "#", header: true };
    const { csv } = read({ resources: [{ name: "sales", path: "sales.csv", dialect, schema }] });
    expect(csv).toMatchObject({ delimiter: ";", escape: "backslash", comment: "#" });
  });
  test.each([
    ["exact", ["missing-column b @1", "unexpected-column - @1"]],
    ["subset", ["missing-column b @1"]],
    ["superset", ["unexpected-column - @1"]],
    ["partial", []],
  ])("fieldsMatch: %s", (fieldsMatch, found) => {
    const fields = ["a", "b", "d"].map((name) => ({ name, type: "string" }));
    expect(check({ fields, fieldsMatch: [fieldsMatch] }, "a,d,c\n1,2,3\n")).toEqual(found);
  });
  test("what it does not check is skipped", () => {
    const fields = [
      { name: "a", type: "geopoint" },
      { name: "b", type: "date", format: "any" },
      { name: "c", type: "string", constraints: { jsonSchema: {} } },
      { name: "d", type: "number", bareNumber: false },
    ];
    expect(skips({ fields, foreignKeys: [] })).toEqual([
      "foreignKeys -",
      "type a",
      "format b",
      "constraints.jsonSchema c",
      "bareNumber d",
    ]);
  });
});

describe("Open Data Contract Standard", () => {
  const odcs = (properties: readonly object[], more: object = {}) => ({
    kind: "DataContract",
    apiVersion: "v3.0.2",
    id: "visits",
    version: "1.2.0",
    status: "active",
    schema: [{ name: "visits", physicalType: "table", properties, ...more }],
  });
  const properties = [
    { name: "id", logicalType: "integer", primaryKey: true },
    { name: "age", logicalType: "integer", logicalTypeOptions: { minimum: 0, exclusiveMaximum: true, maximum: 120 } },
    { name: "code", logicalType: "string", required: true, logicalTypeOptions: { pattern: "^U", maxLength: 3 } },
    { name: "day", logicalType: "date", logicalTypeOptions: { format: "yyyy-MM-dd" } },
    { name: "amount", physicalType: "DECIMAL(12,2)", physicalName: "amount_eur" },
    {
      name: "plan",
      logicalType: "string",
      quality: [
        { type: "library", metric: "invalidValues", arguments: { validValues: ["free", "paid"] }, mustBe: 0 },
        { type: "text", description: "As the shop has it" },
      ],
    },
  ];
  const header = "id,age,code,day,amount_eur,plan\n";

  test("its rows pass, and what breaks it is found", () => {
    const contract = odcs(properties, { quality: [{ metric: "rowCount", mustBeBetween: [2, 3] }] });
    expect(check(contract, `${header}1,30,U1,2024-02-29,1.50,free\n2,,U2,,,\n`)).toEqual([]);
    expect(
      check(contract, `${header}1,120,xU,2024-02-30,x,gold\n1,-1,,,,free\n,1,U123,,,\n4,1,U1,,,\n`).toSorted(),
    ).toEqual(
      [
        "row-count - @",
        "range age @2",
        "pattern code @2",
        "type day @2",
        "type amount_eur @2",
        "enum plan @2",
        "unique id @3",
        "range age @3",
        "null code @3",
        "null id @4",
        "length code @4",
      ].toSorted(),
    );
    expect(skips(contract)).toEqual([]);
    expect(read(contract).language).toEqual({ name: "odcs", version: "v3.0.2" });
  });

  test("several properties of a primary key are unique together", () => {
    const keys = ["a", "b"].map((name) => ({ name, logicalType: "string", primaryKey: true }));
    expect(check(odcs(keys), "a,b\n1,1\n1,2\n1,1\n")).toEqual(["unique - @4"]);
  });

  test("rules of its library with shares", () => {
    const column = (quality: object) => odcs([{ name: "a", logicalType: "integer", quality: [quality] }]);
    const nulls = column({ metric: "nullValues", mustBeLessOrEqualTo: 50, unit: "percent" });
    expect(check(nulls, "a\n1\n\n")).toEqual([]);
    expect(check(nulls, "a\n1\n\n\n")).toEqual(["null-share a @"]);
    const valid = column({ rule: "validValues", validValues: [1, 2], mustBeLessOrEqualTo: 50, unit: "percent" });
    expect(check(valid, "a\n1\n3\n")).toEqual([]);
    expect(check(valid, "a\n3\n3\n")).toEqual(["enum a @2,3"]);
    expect(check(column({ metric: "duplicateValues", mustBe: 0 }), "a\n1\n1\n")).toEqual(["unique a @3"]);
  });

  test("dates in Java's letters", () => {
    const day = { name: "a", logicalType: "date", logicalTypeOptions: { format: "dd.MM.yyyy" } };
    expect(read(odcs([day])).columns[0]?.spelling.formats).toEqual(["%d.%m.%Y"]);
    expect(skips(odcs([{ ...day, logicalTypeOptions: { format: "EEE d MMM" } }]))).toEqual([
      "logicalTypeOptions.format a",
    ]);
  });

  test("what it does not check is skipped", () => {
    const quality = [
      { type: "sql", query: "select 1", mustBe: 0 },
      { type: "custom", engine: "soda" },
      { metric: "missingValues", mustBe: 0 },
      { metric: "nullValues", mustBeGreaterThan: 3 },
    ];
    const column = { name: "a", logicalType: "object", quality, relationships: [], invented: 1 };
    const all = {
      ...odcs([column], { quality: [{ metric: "duplicateValues", mustBe: 0 }] }),
      slaProperties: [{ property: "latency" }],
    };
    expect(skips(all)).toEqual([
      "slaProperties -",
      "quality.duplicateValues -",
      "logicalType a",
      "relationships a",
      "invented a",
      "quality.sql a",
      "quality.custom a",
      "quality.missingValues a",
      "quality.nullValues a",
    ]);
  });
});

describe("what is wrong is told where it was written", () => {
  const problemsOf = (text: string): readonly string[] => {
    try {
      readContract(text, "c.yml");
      return [];
    } catch (error) {
      if (!(error instanceof ActionError)) throw error;
      return error.problems.map(({ code, place }) => `${code} ${place?.line}:${place?.column}`);
    }
  };
  test.each([
    [
      "a pattern that cannot be used",
      "properties:\n  a: { type: string }\n  b: { type: string, pattern: '(?=x)' }\n",
      "contract-pattern 3:6",
    ],
    [
      "bounds that contradict",
      "properties:\n  b: { type: integer, minimum: 5, maximum: 1 }\n",
      "contract-contradiction 2:6",
    ],
    ["no columns", "properties: {}\n", "contract-wrong-value 1:1"],
    ["a field without a name", "fields:\n  - { name: a }\n  - { type: string }\n", "contract-missing-key 3:5"],
    ["two tables", "kind: DataContract\napiVersion: v3.0.2\nschema: [{}, {}]\n", "contract-several-tables 3:9"],
    ["two resources", "resources: [{}, {}]\n", "contract-several-tables 1:12"],
    ["an older standard", "kind: DataContract\napiVersion: v2.2.2\nschema: []\n", "contract-language-version 2:13"],
    ["a column that is there twice", "fields:\n  - { name: a }\n  - { name: a }\n", "contract-duplicate-column 3:5"],
    ["a unique key of an unknown column", "fields: [{ name: a }]\nuniqueKeys: [[a, x]]\n", "contract-unique 1:1"],
  ])("%s", (_, text, problem) => {
    expect(problemsOf(text)).toEqual([problem]);
  });

  test("a contract in this suite's form is none of them", () => {
    expect(
      readContract("version: 1\ncolumns: [{ name: properties, type: string }]\n", "c.yml").language,
    ).toBeUndefined();
  });
});
