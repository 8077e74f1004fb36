import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import * as z from "zod";
import { input } from "../action/input.ts";
import { output } from "../action/output.ts";
import { defineAction } from "../action/spec.ts";
import { renderActionYml } from "./action-yml.ts";
import { buildJsonSchemas } from "./json-schemas.ts";
import { diffLines } from "./line-diff.ts";
import { buildRecordSchemas, FORMATS } from "./record-schemas.ts";
import { renderRecordsPage } from "./records-page.ts";
import { renderReferencePage } from "./reference-page.ts";
import { fillKeysTable, renderKeysTable } from "./schema-keys.ts";
import { fillTables } from "./tables.ts";

const spec = defineAction({
  name: "try-it",
  summary: "Try it",
  branding: { icon: "play", color: "blue" },
  inputs: {
    files: input.paths({ doc: "Files | globs: one\n a line", example: "a.csv\nb.csv" }),
    strict: input.flag({ doc: "Strict", default: "true" }),
    note: input.text({ doc: "Note", default: "" }),
  },
  outputs: { verdict: output.oneOf(["pass", "error"], "Verdict", "error"), record: output.path("Record") },
  permissions: { contents: { access: "read", reason: "reads the policy" } },
  renamed: { paths: "files" },
  post: true,
});

describe("action.yml", () => {
  const metadata: unknown = parse(renderActionYml(spec));

  test("has what GitHub needs, with old input names so that they reach the action", () => {
    expect(metadata).toEqual({
      name: "mlops-actions try-it",
      description: "Try it",
      author: "mlops-actions",
      branding: { icon: "play", color: "blue" },
      inputs: {
        files: { description: "Files | globs: one\n a line", required: true },
        // GitHub passes every default on as text; an unquoted true would not be text.
        strict: { description: "Strict", required: false, default: "true" },
        note: { description: "Note", required: false, default: "" },
        paths: { description: "Renamed: use files", required: false, deprecationMessage: "Use files" },
      },
      outputs: { verdict: { description: "Verdict" }, record: { description: "Record" } },
      runs: { using: "node24", main: "dist/index.js", post: "dist/post/index.js" },
    });
  });
});

describe("tables", () => {
  test("are written between their markers, and writing them twice changes nothing", () => {
    const once = fillTables(spec, "# Try it\n\n<!-- generated:inputs -->\n\nText\n\n<!-- generated:outputs -->\n");
    expect(once).toContain("| `files` | Files \\| globs: one a line | **required** | `a.csv b.csv` |");
    expect(once).toContain("| `verdict` | Verdict. One of `pass`, `error` | `error` |");
    expect(once).toContain("<!-- /generated:inputs -->\n\nText\n\n<!-- generated:outputs -->");
    expect(fillTables(spec, once)).toBe(once);
    expect(fillTables(spec, once.replace("**required**", "gone"))).toBe(once);
  });

  test("an unknown marker is an error that lists the known ones", () => {
    expect(() => fillTables(spec, "<!-- generated:inputz -->")).toThrow(/"inputz"; known: usage, inputs/);
  });

  test("the reference page shows the step to paste and the permissions with their reasons", () => {
    const page = renderReferencePage(spec);
    expect(page).toContain(
      "- uses: OWNER/mlops-actions/actions/try-it@v1\n  with:\n    files: |\n      a.csv\n      b.csv",
    );
    expect(page).toContain("permissions:\n  contents: read # reads the policy");
    expect(page).toContain("* `paths` is now `files`");
  });
});

describe("JSON Schemas", () => {
  test.each(Object.entries(buildJsonSchemas()))("%s can be read back, and allows no unknown keys", (_, schema) => {
    const { oneOf = [schema] } = schema as { readonly oneOf?: readonly unknown[] };
    for (const one of oneOf) expect(one).toMatchObject({ type: "object", additionalProperties: false });
    expect(() => z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0])).not.toThrow();
  });
});

describe("the JSON Schemas of records", () => {
  const schemas = buildRecordSchemas();

  test.each(FORMATS.map(({ kind }) => kind))("of %s@1 is what was published before version 2", (kind) => {
    const name = `../../test/fixture/frozen/${kind}-1.json`;
    const { title: _, ...published } = JSON.parse(readFileSync(new URL(name, import.meta.url), "utf8"));
    const { title, ...now } = schemas[`${kind}-1`] as Record<string, unknown>;
    expect([title, now]).toEqual([`mlops-actions ${kind}@1`, published]);
  });

  test.each(FORMATS.map(({ kind }) => kind))("of %s@2 write what occurs often once, under a name", (kind) => {
    const text = JSON.stringify(schemas[`${kind}-2`], undefined, 2);
    expect(text).not.toContain("__schema");
    expect(text.match(/\^sha256:/g)).toHaveLength(1);
    expect(text.length).toBeLessThan(90_000);
  });

  test("are what the reference page lists, with the versions that have a key", () => {
    const page = renderRecordsPage(schemas);
    expect(page).toContain("| `contract` | always | 1 |  |");
    expect(page).toMatch(/\| `contracts` \| always \| 2 \|/);
    expect(page).toMatch(/\| `percent` \| {2}\| 2 \|/);
    expect(page).toContain("[version 2](../../shared/schemas/verdict-2.json)");
  });
});

describe("the table of keys", () => {
  const before = z.strictObject({
    a: z.string(),
    b: z.int().min(0).max(6).default(0),
    c: z.array(z.string()).default([]),
  });
  const schema = z.strictObject({
    a: z.string().describe("A | B"),
    b: z.int().min(0).max(20),
    c: z.array(z.string()).optional(),
    d: z.strictObject({ e: z.boolean() }).optional(),
    models: z.record(z.string(), z.strictObject({ f: z.string() })).optional(),
  });
  const table = { schema, before, pending: ["d"] };

  test("says which version has a key, and what is different in the one before", () => {
    expect(renderKeysTable(table).split("\n").slice(2)).toEqual([
      "| `a` | text | **required** | A \\| B | 1, 2 |",
      "| `b` | whole number, 0 to 20 | **required** |  | 1, 2; in 1: whole number, 0 to 6, default `0` |",
      "| `c` | list of texts |  |  | 1, 2 |",
      "| `d` | mapping |  |  | 2, not yet |",
      "| `d.e` | `true` or `false` | **required** |  | 2, not yet |",
      "| `models` | mapping |  |  | 2 |",
    ]);
  });

  test("needs its markers in the page", () => {
    expect(() => fillKeysTable("# Page", table)).toThrow("no markers");
  });
});

test("the schema of the policy takes both versions, each with its own keys", () => {
  const policy = new Ajv2020({ strict: false, validateFormats: false }).compile(buildJsonSchemas()["policy"] as object);
  const environments = [{ name: "staging", approvals: 0 }];
  const staged = (needs: unknown) => [...environments, { name: "production", approvals: 1, needs }];
  expect(policy({ version: 1, environments: staged("staging") })).toBe(true);
  expect(policy({ version: 2, environments: staged(["staging"]) })).toBe(true);
  expect(policy({ version: 1, environments: staged(["staging"]) })).toBe(false);
  expect(policy({ version: 2, environments: staged("staging") })).toBe(false);
  expect(policy({ version: 3 })).toBe(false);
});

test.each([
  ["a\nb\nc", "a\nx\nc", ["  a", "- b", "+ x", "  c"]],
  ["", "a", ["- ", "+ a"]],
  ["1\n2\n3\n4\n5\n6\nx", "1\n2\n3\n4\n5\n6\ny", ["  5", "  6", "- x", "+ y"]],
])("the difference between %j and %j, line by line", (before, after, lines) => {
  expect(diffLines("f", before, after).split("\n").slice(2)).toEqual(lines);
});
