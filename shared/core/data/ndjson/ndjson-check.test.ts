/** Runs `test/cases/ndjson`, and holds JSON Lines to the same findings as CSV with the same table. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { readYaml } from "../../../text/yaml/read-yaml.ts";
import type { CheckedFile } from "../csv-check.ts";
import { DataCheck } from "../data-check.ts";
import { readContract } from "../read-contract.ts";

const folder = join(import.meta.dirname, "../../../../test/cases/ndjson");
const cases = z.array(
  z.strictObject({
    name: z.string(),
    contract: z.string().default("columns: [{ name: id, type: integer }, { name: name, type: string }]"),
    ndjson: z.string(),
    rows: z.number(),
    found: z.array(z.string()).default([]),
    says: z.array(z.string()).default([]),
  }),
);

function check(contract: string, bytes: Uint8Array, chunk = bytes.length + 1): CheckedFile {
  const text = contract.startsWith("{") ? `{ version: 1, ${contract.slice(1)}` : `version: 1\n${contract}`;
  const one = new DataCheck(readContract(text, "contract.yml"));
  for (let at = 0; at < bytes.length; at += chunk) one.push(bytes.subarray(at, at + chunk));
  return one.end();
}

/** As in the cases of CSV: `range age @5,9 x12`. */
const write = ({ findings, limits }: CheckedFile): readonly string[] => [
  ...findings.map(({ check, column, lines, count }) => {
    const place = lines.length > 0 ? ` @${lines.join(",")}` : "";
    return `${check} ${column ?? "-"}${place}${count === 1 ? "" : ` x${count}`}`;
  }),
  ...limits.map(({ limit, line }) => `beyond ${limit}${line === undefined ? "" : ` @${line}`}`),
];

describe.each(readdirSync(folder))("%s", (file) => {
  const read = cases.parse(readYaml(readFileSync(join(folder, file), "utf8"), file).value);
  test.each(read)("$name", ({ contract, ndjson, rows, found, says }) => {
    for (const chunk of [undefined, 1, 3, 7]) {
      const checked = check(contract, Buffer.from(ndjson), chunk);
      expect({ rows: checked.rows, found: [...write(checked)].sort() }).toEqual({ rows, found: [...found].sort() });
      const messages = [...checked.findings, ...checked.limits].map(({ message }) => message).join("\n");
      for (const part of says) expect(messages).toContain(part);
      expect(JSON.stringify(checked)).not.toContain("SECRET");
    }
  });
});

const CONTRACT = `
rules: ["if i > 5 then s = 'x'"]
unique: [[i, s]]
columns:
  - { name: i, type: integer, min: -3, nullable: true, unique: true, max-null-share: 0.5 }
  - { name: n, type: number, max: "9007199254740993.25", max-decimals: 3 }
  - { name: s, type: string, max-length: 2, multiline: true, enum: [x, "ä", "", "a,b", "\\"", "\\n", "😀😀"] }
  - { name: d, type: date, min: "2024-02-01", nullable: true }
  - { name: t, type: timestamp, mostly: 0.5 }
  - { name: b, type: boolean, nullable: true, severity: warn }
`;

/** Cells that are null, or text as CSV has it and JSON has numbers. */
const row = fc.tuple(
  fc.option(fc.constantFrom("0", "-4", "7", "9007199254740993", "9007199254740992")),
  fc.option(fc.constantFrom("0.5", "9007199254740993.5", "1e-4", "12.125", "-0")),
  fc.option(fc.constantFrom("x", "ä", "", "a,b", '"', "\n", "😀😀", "xyz")),
  fc.option(fc.constantFrom("2024-02-29", "2023-02-29", "2024-01-31")),
  fc.option(fc.constantFrom("2024-02-29 01:02:03", "2024-02-29T25:02:03", "2024-02-29")),
  fc.option(fc.constantFrom("true", "false")),
);
const NAMES = ["i", "n", "s", "d", "t", "b"];
const isText = (at: number): boolean => at === 2 || at === 3 || at === 4;

test("the same table has the same findings as CSV and as JSON Lines, on the same rows", () => {
  const property = fc.property(fc.array(row, { minLength: 1, maxLength: 12 }), fc.boolean(), (rows, omit) => {
    const csv = rows.map((cells) =>
      cells.map((cell) => (cell === null ? "" : `"${cell.replaceAll('"', '""')}"`)).join(),
    );
    const json = rows.map((cells) => {
      const parts = cells.flatMap((cell, at) => {
        if (cell === null) return omit ? [] : [`"${NAMES[at]}":null`];
        return [`"${NAMES[at]}":${isText(at) ? JSON.stringify(cell) : cell}`];
      });
      return `{${parts.join()}}`;
    });
    // In CSV a text may span lines, so that rows are compared by their number.
    const lineOfRow: number[] = [];
    let line = 2;
    for (const text of csv) {
      lineOfRow.push(line);
      line += text.split("\n").length;
    }
    const of = ({ findings }: CheckedFile, toRow: (line: number) => number) =>
      findings
        .map(({ check, column, count, lines, severity }) => ({
          check,
          column,
          count,
          severity,
          rows: lines.map(toRow),
        }))
        .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
    const expected = of(check(CONTRACT, Buffer.from([NAMES.join(), ...csv, ""].join("\n"))), (at) =>
      lineOfRow.findLastIndex((first) => first <= at),
    );
    const found = of(check(CONTRACT, Buffer.from([...json, ""].join("\n"))), (at) => at - 1);
    // A column that no row has is said to be missing.
    const isWhole = !found.some(({ check }) => check === "missing-column");
    if (isWhole) expect(found).toEqual(expected);
  });
  fc.assert(property, { seed: 7, numRuns: 500 });
});
