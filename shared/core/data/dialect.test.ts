/** The same table in two dialects: whatever is wrong with it is found in both, on the same lines. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { CsvCheck } from "./csv-check.ts";
import { readContract } from "./read-contract.ts";
import { CsvScan } from "./scan/csv-scan.ts";

const COLUMNS = `
columns:
  - { name: id, type: integer, unique: true, max: 99999 }
  - { name: price, type: number, min: -1000.5, max-decimals: 2, nullable: true }
  - { name: day, type: date, nullable: true, min: "2000-01-01" }
  - { name: at, type: timestamp, max: "2050-01-01 00:00:00" }
  - { name: ok, type: boolean, enum: [true] }
  - { name: text, type: string, max-length: 4, nullable: true }
`;

interface Row {
  readonly id: string;
  readonly price: string;
  readonly day: string;
  readonly at: string;
  readonly ok: string;
  readonly text: string;
}

/** A table in the strict form, some of whose cells are wrong. */
const junk = fc.constantFrom("x", "", "1x", "--1", "2024-02-30", "NaN");
const mostly = (right: fc.Arbitrary<string>) =>
  fc.oneof({ arbitrary: right, weight: 6 }, { arbitrary: junk, weight: 1 });
const two = (least: number, most: number) =>
  fc.integer({ min: least, max: most }).map((n) => String(n).padStart(2, "0"));
const day = fc.tuple(fc.integer({ min: 1990, max: 2060 }), two(1, 12), two(1, 31)).map((parts) => parts.join("-"));
const time = fc.tuple(two(0, 24), two(0, 59), two(0, 59)).map((parts) => parts.join(":"));
const row: fc.Arbitrary<Row> = fc.record({
  id: mostly(fc.integer({ min: 0, max: 120_000 }).map(String)),
  price: mostly(fc.tuple(fc.integer({ min: -2_000_000, max: 2_000_000 }), fc.nat(999)).map(([a, b]) => `${a}.${b}`)),
  day: mostly(day),
  at: mostly(fc.tuple(day, time).map((parts) => parts.join(" "))),
  ok: mostly(fc.constantFrom("true", "false")),
  text: fc.string({ unit: fc.constantFrom("a", "ä", "€", "'", '"', "\\", ";", ",", " ", "#"), maxLength: 5 }),
});

interface Dialect {
  readonly csv: string;
  readonly delimiter: string;
  readonly quote: (cell: string) => string;
  readonly value: (row: Row) => Row;
  readonly encode: (text: string) => Buffer;
  /** Lines before the header, and between rows. */
  readonly before: string;
  readonly between: string;
}

const doubled = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;
const strict: Dialect = {
  csv: "{}",
  delimiter: ",",
  quote: (cell) => (/["',;\s#\\]/.test(cell) ? doubled(cell) : cell),
  value: (row) => row,
  encode: (text) => Buffer.from(text),
  before: "",
  between: "",
};

const germanDay = (iso: string): string => iso.replace(/^(\d{4})-(\d\d)-(\d\d)/, "$3.$2.$1");
const german: Dialect = {
  ...strict,
  csv: "{ preset: excel-de, timestamp-format: '%d.%m.%Y %H:%M:%S' }",
  delimiter: ";",
  value: ({ id, price, day, at, ok, text }) => ({
    id: id.replace(/\B(?=(?:\d{3})+$)/g, "."),
    price: /\d\.\d/.test(price) ? price.replace(".", ",").replace(/\B(?=(?:\d{3})+,)/g, ".") : price,
    day: germanDay(day),
    at: germanDay(at),
    ok: { true: "WAHR", false: "FALSCH" }[ok] ?? ok,
    text,
  }),
  encode: (text) => Buffer.from(text.replaceAll("€", "\x80"), "latin1"),
};
const odd: Dialect = {
  ...strict,
  csv: "{ delimiter: '|', quote: \"'\", escape: backslash, comment: '#', skip-lines: 1, encoding: utf-16le, trim: true }",
  delimiter: "|",
  quote: (cell) => (cell === "" ? "" : `\t'${cell.replaceAll(/['\\]/g, "\\$&")}' `),
  encode: (text) => Buffer.from(text, "utf16le"),
  before: "\n",
  between: "# it's \"a comment\n",
};

const contracts = new Map<string, ReturnType<typeof readContract>>();

function check(rows: readonly Row[], dialect: Dialect, chunk: number) {
  const { csv, delimiter, quote, value, encode, before, between } = dialect;
  const lines = rows.map((row) => Object.values(value(row)).map(quote).join(delimiter));
  const names = ["id", "price", "day", "at", "ok", "text"].join(delimiter);
  const bytes = encode(before + [names, ...lines].map((line) => `${line}\n`).join(between));
  const contract = contracts.get(csv) ?? readContract(`version: 1\ncsv: ${csv}\n${COLUMNS}`, "contract.yml");
  contracts.set(csv, contract);
  return [new CsvCheck(contract), new CsvScan(contract)].map((check) => {
    for (let at = 0; at < bytes.length; at += chunk) check.push(bytes.subarray(at, at + chunk));
    const { findings, limits } = check.end();
    expect(limits).toEqual([]);
    return findings.map(({ check, column, count, lines }) => ({ check, column, count, lines }));
  });
}

test("what is wrong with a table is found on the same lines, whatever dialect it is written in", () => {
  let found = 0;
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 8 }), fc.integer({ min: 1, max: 900 }), (rows, chunk) => {
      const [expected = []] = check(rows, strict, chunk);
      found += expected.length;
      for (const result of [...check(rows, strict, chunk), ...check(rows, german, chunk)])
        expect(result).toEqual(expected);
      // One line before the header, and one comment before each row.
      const moved = expected.map((finding) => ({ ...finding, lines: finding.lines.map((line) => 2 * line) }));
      for (const result of check(rows, odd, chunk)) expect(result).toEqual(moved);
    }),
    { numRuns: 200, seed: 31 },
  );
  expect(found).toBeGreaterThan(200);
});
