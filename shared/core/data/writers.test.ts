/** Runs `test/cases/writers`: what programs write passes whole by its preset, with every value read as it was meant. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import * as z from "zod";
import { readYaml } from "../../text/yaml/read-yaml.ts";
import { type CheckedFile, CsvCheck } from "./csv-check.ts";
import { PRESETS } from "./dialect.ts";
import { readContract } from "./read-contract.ts";
import { CsvScan } from "./scan/csv-scan.ts";

const folder = join(import.meta.dirname, "../../../test/cases/writers");
const read = (file: string): unknown => readYaml(readFileSync(join(folder, file), "utf8"), file).value;

const readme = readFileSync(join(folder, "../../../actions/check-data/README.md"), "utf8");

const columns = z.record(z.string(), z.record(z.string(), z.unknown()));
const shared = z.strictObject({ columns }).parse(read("contract.yml"));
const cases = z
  .array(
    z.strictObject({
      file: z.string(),
      csv: z.looseObject({ preset: z.string() }),
      columns: columns.default({}),
      without: z.array(z.string()).default([]),
      rows: z.number().default(9),
      strict: z.array(z.string()),
    }),
  )
  .parse(read("cases.yml"));

function check({ file, columns, without }: (typeof cases)[number], csv: object): CheckedFile {
  const named = Object.entries({ ...shared.columns, ...columns }).map(([name, column]) => ({
    name,
    ...shared.columns[name],
    ...column,
  }));
  const contract = { version: 1, csv, columns: named.filter(({ name }) => !without.includes(name)) };
  const compiled = readContract(JSON.stringify(contract), "contract.yml");
  const [reference, scanned] = [new CsvCheck(compiled), new CsvScan(compiled)].map((check) => {
    check.push(readFileSync(join(folder, file)));
    return check.end();
  });
  expect(scanned).toEqual(reference);
  return reference ?? expect.unreachable();
}

test.each(cases)("$file passes whole by $csv, and the strict form says what it refuses", (one) => {
  const { rows, findings, limits, notes } = check(one, one.csv);
  expect({ rows, findings, limits, notes }).toEqual({ rows: one.rows, findings: [], limits: [], notes: [] });
  const strict = check(one, {}).findings.map(({ check, column, count }) => `${check} ${column ?? "-"} x${count}`);
  expect(strict).toEqual(one.strict);
});

test("every file of the folder is checked, and every preset has one", () => {
  const files = readdirSync(folder).filter((file) => file.endsWith(".csv"));
  expect(cases.map(({ file }) => file).sort()).toEqual(files.sort());
  expect([...new Set(cases.map(({ csv }) => csv.preset))].sort()).toEqual(Object.keys(PRESETS).sort());
});

test.each(Object.entries(PRESETS))("the README of the action has the settings of %s", (name, settings) => {
  const show = (value: unknown): string => {
    if (Array.isArray(value)) return `[${value.map((each) => JSON.stringify(each)).join(", ")}]`;
    return typeof value === "string" && /^[a-z0-9-]+$/.test(value) ? value : JSON.stringify(value);
  };
  const row = Object.entries(settings).map(([key, value]) => `\`${key}: ${show(value)}\``);
  expect(readme).toContain(`| \`${name}\` | ${row.join(", ")} |`);
});
