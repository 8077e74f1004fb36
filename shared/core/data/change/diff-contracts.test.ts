import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CsvCheck } from "../csv-check.ts";
import { readContract } from "../read-contract.ts";
import { diffContracts } from "./diff-contracts.ts";

const read = (contract: string) => readContract(`version: 1\n${contract}`, "contract.yml");
const column = (text: string) => `columns: [{ name: a, ${text} }]`;
const diff = (before: string, after: string): readonly string[] =>
  diffContracts(read(before), read(after)).map(({ column: name, kind, text }) => `${kind} ${name ?? "-"}: ${text}`);

test.for<[string, string, readonly string[]]>([
  ["type: integer", "type: integer", []],
  ["type: integer", "type: number", ["looser a: type: integer → number"]],
  ["type: string", "type: date", ["tighter a: type: string → date"]],
  ["type: date", "type: boolean", ["other a: type: date → boolean"]],
  ["type: integer, min: 1", "type: integer, min: 2", ["tighter a: min: 1 → 2"]],
  ["type: integer, max: 100", "type: integer, max: 1000", ["looser a: max: 100 → 1000"]],
  ["type: number, max: 1", 'type: number, max: "1.0"', []],
  ["type: integer", "type: integer, above: 0", ["tighter a: above: none → 0"]],
  ["type: date, min: '2024-01-31'", "type: date, min: '2024-02-01'", ['tighter a: min: "2024-01-31" → "2024-02-01"']],
  ["type: string", "type: string, nullable: true", ["looser a: nullable: false → true"]],
  ["type: string, required: false", "type: string", ["tighter a: required: false → true"]],
  ["type: string, unique: true", "type: string", ["looser a: unique: true → false"]],
  ["type: string", "type: string, severity: warn", ['looser a: severity: "fail" → "warn"']],
  ["type: string, mostly: 0.9", "type: string, mostly: 0.8", ["looser a: mostly: 0.9 → 0.8"]],
  [
    "type: string, enum: [x, y]",
    "type: string, enum: [y, z]",
    ['tighter a: enum without "x"', 'looser a: enum with "z"'],
  ],
  ["type: string", "type: string, enum: [y]", ["tighter a: enum added"]],
  ["type: string, pattern: a", "type: string, pattern: b", ['other a: pattern: "a" → "b"']],
  ["type: string, pattern: a", "type: string", ['looser a: pattern: "a" → none']],
  ["type: string, max-length: 5", "type: string, max-length: 4", ["tighter a: max-length: 5 → 4"]],
  ["type: number", "type: number, leading-dot: true", ["other a: leading-dot: false → true"]],
])("a column from { %s } to { %s }", ([before, after, changes]) => {
  expect(diff(column(before), column(after))).toEqual(changes);
});

describe("of the table", () => {
  const a = "columns: [{ name: a, type: string }]";
  const both = "columns: [{ name: a, type: string }, { name: b, type: string }]";
  const optional = "columns: [{ name: a, type: string }, { name: b, type: string, required: false }]";
  test.each<[string, string, string, readonly string[]]>([
    ["a column more", a, both, ["tighter b: added", "looser b: added"]],
    ["an optional column more", a, optional, ["looser b: added"]],
    ["a column less", both, a, ["tighter b: removed", "looser b: removed"]],
    [
      "a column more where all are allowed",
      `unexpected-columns: allow\n${a}`,
      `unexpected-columns: allow\n${both}`,
      ["tighter b: added"],
    ],
    ["more rows", a, `rows: { min: 5 }\n${a}`, ["tighter -: rows.min: 1 → 5"]],
    ["any column", a, `unexpected-columns: allow\n${a}`, ['looser -: unexpected-columns: "fail" → "allow"']],
    ["a rule", a, `rules: [a != 'x']\n${a}`, [`tighter -: rule added: "a != 'x'"`]],
    [
      "a rule that only warns now",
      `rules: [a != 'x']\n${a}`,
      `rules: [{ check: a != 'x', severity: warn }]\n${a}`,
      [`looser -: rule removed: "a != 'x'"`, `tighter -: rule added: "a != 'x'", severity: warn`],
    ],
    ["a key", both, `unique: [[a, b]]\n${both}`, ['tighter -: unique added: ["a", "b"]']],
    ["another delimiter", a, `csv: { delimiter: ; }\n${a}`, ['other -: csv.delimiter: "," → ";"']],
  ])("%s", (_, before, after, changes) => {
    expect(diff(before, after)).toEqual(changes);
  });
});

test("data that passes before and fails after was called tighter or other, and the other way round", () => {
  const settings = fc.constantFrom(
    "type: integer",
    "type: integer, min: 2",
    "type: integer, max: 3, nullable: true",
    "type: number, above: 1",
    "type: number, max-decimals: 1",
    "type: string",
    "type: string, enum: ['1', '2.5']",
    "type: string, max-length: 1, unique: true",
    "type: string, pattern: '\\d'",
    "type: integer, severity: warn",
    "type: integer, mostly: 0.5",
    "type: integer, max-null-share: 0.3",
  );
  const cells = fc.array(fc.constantFrom("1", "2", "2.5", "2.25", "", "x", "7", "-3"), { minLength: 1, maxLength: 5 });
  const passes = (contract: string, rows: readonly string[]) => {
    const check = new CsvCheck(read(column(contract)));
    check.push(Buffer.from(`a\n${rows.map((row) => `${row}\n`).join("")}`));
    return check.end().findings.every(({ severity }) => severity === "warn");
  };
  fc.assert(
    fc.property(settings, settings, cells, (before, after, rows) => {
      const kinds = diffContracts(read(column(before)), read(column(after))).map(({ kind }) => kind);
      const [old, now] = [passes(before, rows), passes(after, rows)];
      if (old && !now) expect(kinds.some((kind) => kind !== "looser")).toBe(true);
      if (!old && now) expect(kinds.some((kind) => kind !== "tighter")).toBe(true);
    }),
    { seed: 12, numRuns: 1000 },
  );
});
