import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import * as z from "zod";
import { input } from "../action/input.ts";
import { output } from "../action/output.ts";
import { defineAction } from "../action/spec.ts";
import { renderActionYml } from "./action-yml.ts";
import { buildJsonSchemas } from "./json-schemas.ts";
import { diffLines } from "./line-diff.ts";
import { renderReferencePage } from "./reference-page.ts";
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
    expect(schema).toMatchObject({ type: "object", additionalProperties: false });
    expect(() => z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0])).not.toThrow();
  });
});

test.each([
  ["a\nb\nc", "a\nx\nc", ["  a", "- b", "+ x", "  c"]],
  ["", "a", ["- ", "+ a"]],
  ["1\n2\n3\n4\n5\n6\nx", "1\n2\n3\n4\n5\n6\ny", ["  5", "  6", "- x", "+ y"]],
])("the difference between %j and %j, line by line", (before, after, lines) => {
  expect(diffLines("f", before, after).split("\n").slice(2)).toEqual(lines);
});
