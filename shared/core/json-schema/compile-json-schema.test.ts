import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { ActionError } from "../../problem/problem.ts";
import { formatPath } from "../../text/document/document.ts";
import { compileJsonSchema, type JsonSchema } from "./compile-json-schema.ts";

interface SchemaCase {
  readonly name: string;
  readonly schema: string;
  readonly accepts?: readonly unknown[];
  readonly refuses?: readonly { readonly value: unknown; readonly says: readonly string[] }[];
}

interface RefusedCase {
  readonly name: string;
  readonly schema: string;
  readonly problems: readonly string[];
  readonly says?: string;
}

function readCases<T>(file: string): readonly T[] {
  return parse(readFileSync(new URL(`../../../test/cases/json-schema/${file}`, import.meta.url), "utf8"));
}

const compile = (schema: string) => compileJsonSchema(schema, "schema.json", "metadata-schema");

async function tryCompile(schema: string): Promise<JsonSchema | ActionError> {
  try {
    return await compile(schema);
  } catch (error) {
    if (error instanceof ActionError) return error;
    throw error;
  }
}

async function refusalOf(schema: string): Promise<{ problems: readonly string[]; message: string }> {
  const compiled = await tryCompile(schema);
  return compiled instanceof ActionError
    ? { problems: listProblems(compiled), message: compiled.message }
    : { problems: [], message: "" };
}

const listProblems = ({ problems }: ActionError): readonly string[] =>
  problems.map(({ place, code }) => `${place?.line ?? "-"}:${place?.column ?? "-"} ${code}`);

test.for(readCases<SchemaCase>("schemas.yml"))("$name", async ({ schema, accepts = [], refuses = [] }) => {
  const { check } = await compile(schema);
  for (const value of accepts) expect(check(value)).toEqual([]);
  for (const { value, says } of refuses) {
    const before = structuredClone(value);
    const found = check(value).map(({ path, message, rule }) => `${rule.line}:0 ${formatPath(path)} ${message}`);
    for (const part of says) expect(found.join("\n")).toContain(part);
    expect(found).toHaveLength(says.length);
    expect(value).toEqual(before);
  }
  expect(globalThis).not.toHaveProperty("RAN");
});

test.for(readCases<RefusedCase>("refused.yml"))("refused: $name", async ({ schema, problems, says = "" }) => {
  const refusal = await refusalOf(schema);
  expect(refusal.problems).toEqual(problems);
  expect(refusal.message).toContain(says);
});

describe("the rule that a value breaks is found", () => {
  test.for([
    [
      "behind a reference",
      '{"properties": {"a": {"$ref": "#/$defs/b"}},\n"$defs": {"b": {"type": "integer"}}}',
      "2:25",
    ],
    [
      "behind an anchor",
      '{"properties": {"a": {"$ref": "#b"}},\n"$defs": {"c": {"$anchor": "b", "maxLength": 1}}}',
      "2:46",
    ],
    ["in a schema with an address", '{"$id": "https://e.org/s", "properties": {\n"a": {"maxLength": 1}}}', "2:20"],
    ["under names that pointers escape", '{"patternProperties": {"a/~%": {}, "^.$": {\n"maxLength": 1}}}', "2:14"],
    ["in a list", '{"allOf": [{}, {\n"properties": {"a": {"maxLength": 1}}}]}', "2:35"],
    ["of a field that is not allowed at all", '{"properties": {\n"a": false}}', "2:6"],
  ] as const)("%s", async ([, schema, place]) => {
    const [violation] = (await compile(schema)).check({ a: "long" });
    expect(violation?.path).toEqual(["a"]);
    expect(`${violation?.rule.line}:${violation?.rule.column}`).toBe(place);
  });
});

describe("limits", () => {
  const doubling = (times: number) => {
    const half = (at: number) => ({ $ref: `#/$defs/a${at + 1}` });
    const steps = Array.from({ length: times }, (_, at) => [`a${at}`, { anyOf: [half(at), half(at)] }]);
    return JSON.stringify({ $ref: "#/$defs/a0", $defs: { ...Object.fromEntries(steps), [`a${times}`]: false } });
  };
  const chain = (length: number) => {
    const links = Array.from({ length }, (_, at) => [`a${at}`, { $ref: `#/$defs/a${at + 1}` }]);
    return JSON.stringify({
      $ref: "#/$defs/a0",
      $defs: { ...Object.fromEntries(links), [`a${length}`]: { type: "null" } },
    });
  };
  const nested = (depth: number) => chain(depth).replace(/\{"\$ref":"#\/\$defs\/a\d+"\}/g, '{"not":$&}');
  const fields = (count: number) =>
    JSON.stringify({
      properties: Object.fromEntries(Array.from({ length: count }, (_, at) => [`f${at}`, { type: "null" }])),
    });

  test.for([
    [
      "a schema of over a megabyte",
      JSON.stringify({ title: "x".repeat(1024 * 1024) }),
      "-:- metadata-schema-too-large",
    ],
    ["10,000 fields", fields(10_000), "1:1 metadata-schema-too-complex"],
    ["alternatives that double 30 times", doubling(30), "1:1 metadata-schema-too-complex"],
    ["references 500 schemas deep", nested(500), "1:1 metadata-schema-too-complex"],
    ["100 levels", `${'{"not": '.repeat(100)}true${"}".repeat(100)}`, "1:513 metadata-schema-too-deep"],
  ] as const)("too much: %s", async ([, schema, problem]) => {
    expect((await refusalOf(schema)).problems).toEqual([problem]);
  });

  test("as much as is allowed still works", async () => {
    expect((await compile(fields(2_900))).check({ f0: 1, f2899: 1 })).toHaveLength(2);
    expect((await compile(doubling(8))).check({})).not.toEqual([]);
    expect((await compile(chain(1_000))).check(1)).toHaveLength(1);
    const words = Array.from({ length: 50_000 }, (_, at) => `word ${at}`);
    const { check } = await compile(JSON.stringify({ enum: words }));
    expect([check("word 49999").length, check("word").length]).toEqual([0, 1]);
  });

  test("a pattern that other engines take exponential time for", async () => {
    const { check } = await compile('{"pattern": "^(a|a)*$"}');
    expect(check(`${"a".repeat(100_000)}b`)).toHaveLength(1);
  });

  test("a schema that refers to itself ends with the value", async () => {
    const { check } = await compile(
      '{"$ref": "#/$defs/a", "$defs": {"a": {"properties": {"b": {"$ref": "#/$defs/a"}}, "type": "object"}}}',
    );
    expect(check({ b: { b: 1 } })).toHaveLength(1);
  });

  test("of many violations the first are told, and how many more there are", async () => {
    const names = (count: number) => JSON.stringify(Array.from({ length: count }, (_, at) => `field_${at}`));
    const count = async (missing: number) => (await compile(`{"required": ${names(missing)}}`)).check({});
    expect((await count(20)).map(({ message }) => message)).toEqual(Array(20).fill("is missing"));
    expect((await count(100)).slice(18).map(({ message }) => message)).toEqual([
      "is missing",
      "breaks the schema in 81 more ways",
    ]);
  });

  test("keys of the value are only keys", async () => {
    const { check } = await compile('{"additionalProperties": false}');
    expect(check(JSON.parse('{"__proto__": "x", "constructor": "y"}'))).toHaveLength(2);
  });
});

test("any schema is compiled or refused with places, and any value is judged", async () => {
  const word = fc.constantFrom(
    "a",
    "b",
    "x/y",
    "~",
    "%41",
    "#",
    "toString",
    "valueOf",
    "constructor",
    "hasOwnProperty",
    "length",
    '"];globalThis.RAN=1;//',
    "`${globalThis.RAN=1}`",
  );
  const any = fc.oneof(fc.jsonValue({ maxDepth: 2 }), word);
  const { schema } = fc.letrec((tie) => ({
    keyword: fc.oneof(
      fc.tuple(fc.constantFrom("const", "default", "$comment", "title", "type", "enum", "maxLength", "required"), any),
      fc.tuple(fc.constantFrom("not", "if", "then", "else", "items", "propertyNames"), tie("schema")),
      fc.tuple(fc.constantFrom("allOf", "anyOf", "oneOf", "prefixItems"), fc.array(tie("schema"), { maxLength: 3 })),
      fc.tuple(
        fc.constantFrom("properties", "patternProperties", "$defs", "dependentSchemas"),
        fc.dictionary(word, tie("schema"), { maxKeys: 3 }),
      ),
      fc.tuple(fc.constant("$ref"), fc.constantFrom("#", "#/$defs/a", "#/properties/b", "#/allOf/0", "#a", "b.json")),
      fc.tuple(fc.constantFrom("$anchor", "$id", "format", "pattern", "$data"), word),
    ),
    schema: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      fc.boolean(),
      fc.array(tie("keyword") as fc.Arbitrary<[string, unknown]>, { maxLength: 4 }).map(Object.fromEntries),
    ),
  }));
  let compiled = 0;
  await fc.assert(
    fc.asyncProperty(schema, any, async (given, value) => {
      const result = await tryCompile(JSON.stringify(given));
      if (result instanceof ActionError) {
        for (const problem of listProblems(result)) expect(problem).toMatch(/^1:\d+ metadata-schema-[a-z-]+$/);
        return;
      }
      compiled += 1;
      for (const { message, rule } of result.check(value)) {
        expect([message, rule.line]).toEqual([expect.not.stringContaining("object Object"), 1]);
      }
    }),
    { seed: 7, numRuns: 200 },
  );
  expect(compiled).toBeGreaterThan(20);
  expect(globalThis).not.toHaveProperty("RAN");
});

test("a list of itself, which a text is read as without end, is said and not a bug", async () => {
  const list = { type: "array", items: { $ref: "#/$defs/l" } };
  const schema = { properties: { a: { $ref: "#/$defs/l" } }, $defs: { l: list } };
  const { check } = await compileJsonSchema(JSON.stringify(schema), "s.json", "metadata-schema");
  expect(check({ a: "x" })).toMatchObject([{ message: expect.stringContaining("without end") }]);
  expect(check({ a: [] })).toEqual([]);
});

test("more patterns than can be tried in seconds are refused", async () => {
  const patterns = Array.from({ length: 51 }, (_, at) => [`^a${at}$`, true]);
  const schema = JSON.stringify({ patternProperties: Object.fromEntries(patterns) });
  await expect(compileJsonSchema(schema, "s.json", "metadata-schema")).rejects.toThrow("metadata-schema-too-complex");
});

test("19.99 is a multiple of 0.01", async () => {
  const schema = JSON.stringify({ properties: { price: { type: "number", multipleOf: 0.01 } } });
  const { check } = await compileJsonSchema(schema, "s.json", "metadata-schema");
  expect([check({ price: 19.99 }), check({ price: 19.999 }).length]).toEqual([[], 1]);
});
