import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { ActionError } from "../../problem/problem.ts";
import { readYaml } from "./read-yaml.ts";

const load = (name: string) =>
  parse(readFileSync(new URL(`../../../test/cases/yaml/${name}`, import.meta.url), "utf8"));

/** `line:column code` of the failure, or "read". */
function failureOf(text: string): string {
  try {
    readYaml(text, "file.yml", "x");
    return "read";
  } catch (error) {
    if (!(error instanceof ActionError)) throw error;
    const { code, place } = error.problems[0] ?? {};
    return `${place?.line}:${place?.column} ${code?.replace(/^x-/, "")}`;
  }
}

test.for(load("refused.yml") as { text: string; problem: string }[])("refuses $text", ({ text, problem }) => {
  expect(failureOf(text)).toBe(problem);
});

test.for(load("read.yml") as { text: string; value: unknown }[])("reads $text", ({ text, value }) => {
  expect(readYaml(text, "file.yml").value).toEqual(value);
});

describe("the place of a part", () => {
  const document = readYaml("a:\n  - b: 1\n    2024: {c: [x, y]}\n\nempty:\n", "f.yml");
  test.for([
    [["a"], "2:3", "1:1"],
    [["a", 0, "b"], "2:8", "2:5"],
    [["a", 0, "2024", "c", 1], "3:19", "3:19"],
    [["a", 0, "missing", "deep"], "2:5", "2:5"],
    [["a", 7], "2:3", "2:3"],
    [["empty"], "5:7", "5:1"],
    [[], "1:1", "1:1"],
  ] as const)("%j", ([path, value, key]) => {
    const at = (part: "key" | "value"): string => {
      const { line, column } = document.placeOf(path, part);
      return `${line}:${column}`;
    };
    expect([at("value"), at("key")]).toEqual([value, key]);
  });
});

/** Texts that make parsers run for minutes or overflow their stack. */
const HOSTILE: Readonly<Record<string, string>> = {
  "flow sequences": "[".repeat(500_000),
  "flow mappings": "{a: ".repeat(200_000),
  "compact sequences": "- ".repeat(400_000),
  "explicit keys": "? ".repeat(400_000),
  "ever deeper lines": Array.from({ length: 1_400 }, (_, depth) => `${" ".repeat(depth)}a:`).join("\n"),
  "many keys": Array.from({ length: 70_000 }, (_, key) => `k${key}: 1`).join("\n"),
  "many items": `[${"1,".repeat(500_000)}]`,
  "many aliases": `a: &a [x]\nb: [${"*a,".repeat(200_000)}]`,
  "colons only": `a${":".repeat(1_000_000)}`,
  "quotes only": "'".repeat(1_000_001),
  "too large": "a".repeat(2_000_000),
};

test.for(Object.entries(HOSTILE))("%s: read or refused quickly", { timeout: 15_000 }, ([, text]) => {
  const start = performance.now();
  const outcome = failureOf(text);
  expect(outcome).toMatch(/^(?:read|\d+:\d+ (?:too-deep|too-large|alias|not-yaml))$/);
  // Measured 0.6 s at most; the margin is for busy machines. What this catches takes minutes.
  expect(performance.now() - start).toBeLessThan(8_000);
});

describe("any text", () => {
  const fragments = fc.constantFrom(
    "a",
    "-",
    ":",
    " ",
    "\n",
    "  ",
    "[",
    "]",
    "{",
    "}",
    ",",
    "?",
    "|",
    ">",
    '"',
    "'",
    "#",
    "&",
    "*",
    "!",
    "%",
    "1",
    "\t",
    "---",
    "é",
    "😀",
  );

  test("gives a value or one error with a place inside the text", () => {
    fc.assert(
      fc.property(fc.array(fragments, { maxLength: 60 }), (parts) => {
        const text = parts.join("");
        expect(failureOf(text)).toMatch(/^(?:read|\d+:\d+ [a-z-]+)$/);
      }),
      { numRuns: 3_000, seed: 1 },
    );
  });

  test("what another library writes is read as the same value", () => {
    const key = fc.string({ maxLength: 20 }).filter((name) => name !== "__proto__");
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc.array(tie("tree"), { maxLength: 4 }),
        fc.dictionary(key, tie("tree"), { maxKeys: 4, noNullPrototype: true }),
      ),
    }));
    fc.assert(
      fc.property(tree, (value) => {
        const text = stringify(value, { aliasDuplicateObjects: false });
        expect(readYaml(text, "f.yml").value).toEqual(value);
      }),
      { numRuns: 1_000, seed: 2 },
    );
  });
});

const leaf = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.boolean(),
  fc.constant(null),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 }).map((value) => value + 0),
);
