import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { ActionError } from "../../problem/problem.ts";
import { compileJsonSchema } from "./compile-json-schema.ts";

interface SchemaCase {
  readonly name: string;
  readonly schema: string;
  readonly accepts?: readonly unknown[];
  readonly refuses?: readonly { readonly value: unknown; readonly says: readonly string[] }[];
  readonly problem?: string;
}

const file = new URL("../../../test/cases/json-schema/schemas.yml", import.meta.url);
const cases: readonly SchemaCase[] = parse(readFileSync(file, "utf8"));
const compile = (schema: string) => compileJsonSchema(schema, "schema.json", "metadata-schema");

const problemOf = (schema: string): Promise<string> =>
  compile(schema).then(
    () => "none",
    (error: unknown) => {
      if (!(error instanceof ActionError)) throw error;
      const [problem] = error.problems;
      return `${problem?.place?.line}:${problem?.place?.column} ${problem?.code}`;
    },
  );

test.for(cases.filter(({ problem }) => problem === undefined))(
  "$name",
  async ({ schema, accepts = [], refuses = [] }) => {
    const { check } = await compile(schema);
    for (const value of accepts) expect(check(value)).toEqual([]);
    for (const { value, says } of refuses) {
      const before = structuredClone(value);
      const found = check(value).map(({ path, message, rule }) => `${rule.line}:0 ${path} ${message}`);
      for (const part of says) expect(found.join("\n")).toContain(part);
      expect(found).toHaveLength(says.length);
      expect(value).toEqual(before);
    }
  },
);

test.for(cases.filter(({ problem }) => problem !== undefined))("refused: $name", async ({ schema, problem }) => {
  expect(await problemOf(schema)).toBe(problem);
});

describe("limits", () => {
  test("a schema of a megabyte", async () => {
    expect(await problemOf(`{"description": "${"x".repeat(1024 * 1024)}"}`)).toMatch(/metadata-schema-too-large$/);
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

  test("at most twenty violations are told", async () => {
    const required = JSON.stringify(Array.from({ length: 100 }, (_, at) => `field_${at}`));
    expect((await compile(`{"required": ${required}}`)).check({})).toHaveLength(20);
  });

  test("keys of the value are only keys", async () => {
    const { check } = await compile('{"additionalProperties": false}');
    expect(check(JSON.parse('{"__proto__": "x", "constructor": "y"}'))).toHaveLength(2);
  });
});
