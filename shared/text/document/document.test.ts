import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { formatProblem } from "../../problem/problem.ts";
import { readYaml } from "../yaml/read-yaml.ts";
import { findClosestMatch } from "./closest-match.ts";
import { formatChoices, formatPath, quoteText } from "./document.ts";
import { validateDocument } from "./validate-document.ts";

test.for([
  ["treshold", ["threshold", "metric"], "threshold"],
  ["max_regression", ["max", "max-regression"], "max-regression"],
  ["maxRegression", ["max", "max-regression"], "max-regression"],
  ["bteter", ["better", "metric"], "better"],
  ["typ", ["type", "min"], "type"],
  ["mim", ["min", "max"], "min"],
  ["colour", ["column", "color"], "color"],
  ["x", ["a", "b"], undefined],
  ["nonsense", ["name", "files"], undefined],
  ["", ["a"], undefined],
  ["anything", [], undefined],
  ["a".repeat(100_000), ["a"], undefined],
] as const)("%s of %j means %s", ([word, known, expected]) => {
  expect(findClosestMatch(word, known)).toBe(expected);
});

test("a typo of one letter is always found", () => {
  const word = fc.stringMatching(/^[a-z]{4,12}$/);
  fc.assert(
    fc.property(word, fc.nat(), fc.constantFrom("drop", "double", "swap"), (known, seed, typo) => {
      const at = seed % (known.length - 1);
      const [a, b] = [known[at] ?? "", known[at + 1] ?? ""];
      const middle = typo === "drop" ? b : typo === "double" ? a + a + b : b + a;
      expect(findClosestMatch(known.slice(0, at) + middle + known.slice(at + 2), [known])).toBe(known);
    }),
    { numRuns: 500, seed: 7 },
  );
});

test.for([
  [[], ""],
  [["gates", 0, "slices", "poor-health", "max"], "gates[0].slices.poor-health.max"],
  [["a b", "c.d", "é"], '"a b"."c.d"."é"'],
  [[0, 1], "[0][1]"],
] as const)("%j is written %s", ([path, written]) => {
  expect(formatPath(path)).toBe(written);
});

test("a quotation is one short line, whatever the text", () => {
  expect(formatChoices(["a", 1, null])).toBe('"a", 1 or null');
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
      expect(quoteText(text)).toMatch(/^".*"$/);
      expect([...quoteText(text)].length).toBeLessThan(62 * 6 + 3);
      expect(quoteText(text).isWellFormed()).toBe(true);
    }),
    { numRuns: 150, seed: 8 },
  );
});

describe("plain words for every kind of validation issue", () => {
  const schema = z.strictObject({
    kind: z.discriminatedUnion("is", [
      z.strictObject({ is: z.literal("csv"), delimiter: z.string().length(1) }),
      z.strictObject({ is: z.literal("json"), lines: z.boolean() }),
    ]),
    bound: z.number().gt(0).lt(10).multipleOf(0.5),
    either: z.union([z.number(), z.strictObject({ min: z.number(), max: z.number() })]),
    names: z.record(z.string().regex(/^[a-z]+$/, "lower-case letters"), z.boolean()),
    pair: z.tuple([z.string(), z.int()]),
    date: z.iso.date().describe("A day such as 2026-01-31"),
    text: z.string().min(2).max(3),
    odd: z.number().refine((value) => value % 2 === 1, "an odd number"),
  });
  const VALID =
    "kind: {is: csv, delimiter: ;}\nbound: 1\neither: 1\nnames: {a: true}\npair: [a, 1]\ndate: 2026-01-31\ntext: ab\nodd: 1\n";
  const messagesFor = (text: string): readonly string[] => {
    const result = validateDocument(schema, readYaml(text, "f.yml", "contract"));
    return "problems" in result ? result.problems.map(formatProblem) : [];
  };

  test("none for a valid document", () => {
    expect(messagesFor(VALID)).toEqual([]);
  });

  test.for([
    [
      "kind: {is: cvs, delimiter: ;}",
      'f.yml:1:12: kind.is must be "csv" or "json", but is the text "cvs". Write "csv". [contract-wrong-value]',
    ],
    ["kind: {is: csv, delimiter: ;;}", "f.yml:1:28: kind.delimiter must have"],
    ["kind: {is: csv}", 'f.yml:1:7: kind.delimiter is missing. Add "delimiter:". [contract-missing-key]'],
    ["kind: {is: csv, delimiter: ;, lines: true}", 'f.yml:1:31: unknown key "lines" in kind.'],
    ["kind: 7", 'kind must be a mapping ("key: value"), but is 7.'],
    ["bound: 0", "f.yml:2:8: bound must be more than 0, but is 0. Write a number that is more than 0."],
    ["bound: 10", "bound must be less than 10, but is 10."],
    ["bound: 1.3", "bound must be a multiple of 0.5, but is 1.3."],
    ["bound: true", "bound must be a number, but is true. Write a number."],
    ["bound: ", "f.yml:2:8: bound is empty. Write a value."],
    ["either: {min: 1}", "f.yml:3:9: either.max is missing."],
    ["either: {min: 1, maximum: 2}", 'unknown key "maximum" in either.'],
    ["names: {A1: true}", "f.yml:4:9: names.A1 has an invalid name. Write lower-case letters. [contract-wrong-key]"],
    ["names: [a]", 'names must be a mapping ("key: value"), but is a list.'],
    ["pair: [a, b]", 'f.yml:5:11: pair[1] must be a number, but is the text "b".'],
    ["pair: [a]", "pair"],
    [
      "date: yesterday",
      'date must have the right format, but is the text "yesterday". Write a day such as 2026-01-31.',
    ],
    ["text: a", 'text must have at least 2 characters, but is the text "a".'],
    ["text: abcd", "text must have at most 3 characters"],
    ["text: 12", "text must be text, but is 12. Put it in quotes."],
    ["odd: 2", "odd must be an odd number, but is 2. Write an odd number. [contract-wrong-value]"],
  ] as const)("%s", ([line, part]) => {
    const key = line.slice(0, line.indexOf(":"));
    const text = VALID.replace(new RegExp(`^${key}:.*$`, "m"), () => line);
    const message = messagesFor(text).join("\n");
    expect(message).toContain(part);
    expect(message).not.toMatch(/Invalid|undefined|expected|received|invalid_/);
  });
});

test("a file of wrong values is explained in part, and the rest is counted", () => {
  const schema = z.strictObject({
    values: z.array(z.number()),
    more: z.strictObject({ known: z.number().optional() }),
  });
  const value = {
    values: Array.from({ length: 24_000 }, () => "x"),
    more: Object.fromEntries(Array.from({ length: 10_000 }, (_, at) => [`key${at}`, at])),
  };
  let looked = 0;
  const placeOf = () => {
    looked += 1;
    return { file: "f", line: looked, column: 1 };
  };
  const result = validateDocument(schema, { kind: "x", file: "f", value, placeOf });
  const problems = "problems" in result ? result.problems : [];
  expect(problems).toHaveLength(20);
  expect(problems.at(-1)?.message).toMatch(/; there are \d+ more problems$/);
  expect(looked).toBeLessThanOrEqual(120);
});
