import fc from "fast-check";
import { expect, test } from "vitest";
import { CsvCheck } from "../csv-check.ts";
import { readContract } from "../read-contract.ts";
import { ContractDraft } from "./contract-draft.ts";

function draft(csv: string): string {
  const contract = new ContractDraft(csv);
  contract.push(csv);
  return contract.end();
}
const columnsOf = (csv: string): readonly string[] =>
  draft(csv)
    .split("\n")
    .filter((line) => line.startsWith("  - "))
    .map((line) => line.slice(4));
const rows = (count: number, row: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => `${row(at)}\n`).join("");

test("the narrowest type that every cell has", () => {
  const csv = `id,share,ok,day,seen,logged,note,unit price,empty
1,0.5,true,2024-01-01,2024-01-01 10:00:00,2024-01-01T10:00:00Z,x,-1,
2,1,false,2024-02-29,2024-01-01T10:00:00,2024-01-01T10:00:00+02:00,2024-01-01,2,
`;
  expect(columnsOf(csv)).toEqual([
    "{ name: id, type: integer, min: 0 }",
    "{ name: share, type: number, min: 0 }",
    "{ name: ok, type: boolean }",
    "{ name: day, type: date }",
    "{ name: seen, type: timestamp }",
    "{ name: logged, type: timestamp, offset: required }",
    "{ name: note, type: string }",
    '{ name: "unit price", type: integer }',
    "{ name: empty, type: string, nullable: true }",
  ]);
});

test("choices, unique values and nulls, when there are enough rows to say so", () => {
  const csv = `id,plan,note\n${rows(40, (at) => `${at},${["free", "no", "it's"][at % 3]},${at % 7 === 0 ? "" : `n${at}`}`)}`;
  expect(columnsOf(csv)).toEqual([
    "{ name: id, type: integer, unique: true, min: 0 }",
    `{ name: plan, type: string, enum: [free, "it's", "no"] }`,
    "{ name: note, type: string, nullable: true }",
  ]);
  expect(columnsOf("plan\na\nb\n")).toEqual(["{ name: plan, type: string }"]);
});

test("the delimiter, and cells that span lines", () => {
  expect(draft('a;b\n1;"x\ny"\n')).toContain('csv: { delimiter: ";", multiline: true }');
  expect(draft("a\tb\n1\t2\n")).toContain('csv: { delimiter: "\\t" }');
});

test("an index without a name, and integers as pandas writes them", () => {
  const csv = ",id,age\n0,1,34.0\n1,2,\n2,3,7.0\n";
  expect(draft(csv)).toContain("csv: { unnamed-index: true }");
  expect(columnsOf(csv)).toEqual([
    "{ name: id, type: integer, min: 0 }",
    "{ name: age, type: integer, decimal-integers: true, nullable: true, min: 0 }",
  ]);
});

test("what does not fit is said", () => {
  expect(draft("a,b\n1\n1,2\n")).toContain("# 1 row had more or fewer cells than the header.");
  expect(draft('a,b\n1,x"y\n')).toContain("# 1 place could not be read as CSV");
});

test("a file satisfies the draft that was made from it", () => {
  const cell = fc.oneof(
    fc.constantFrom(
      "",
      "1",
      "-2",
      "0.5",
      "3.0",
      "true",
      "2024-01-01",
      "2024-01-01 00:00:00",
      "x",
      '"a\nb"',
      '""',
      "yes",
      "é",
    ),
    fc.string({ maxLength: 6 }).map((text) => `"${text.replaceAll('"', '""').replaceAll("\0", "")}"`),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 40 }), (cells) => {
      const csv = `a,b\n${cells.map((row) => `${row.join(",")}\n`).join("")}`;
      const contract = readContract(draft(csv), "draft.yml");
      const check = new CsvCheck(contract);
      check.push(Buffer.from(csv));
      expect(check.end().findings).toEqual([]);
    }),
    { seed: 21, numRuns: 500 },
  );
});
