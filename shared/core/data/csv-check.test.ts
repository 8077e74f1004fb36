/** Runs `test/cases/data`: contracts, files, and the findings in them. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { ActionError } from "../../problem/problem.ts";
import { readYaml } from "../../text/yaml/read-yaml.ts";
import { cellType } from "./cell-type.ts";
import type { ColumnType } from "./contract.ts";
import { type CheckedFile, CsvCheck } from "./csv-check.ts";
import { STRICT_SPELLING } from "./dialect.ts";
import type { CheckFinding } from "./finding-collector.ts";
import { readContract } from "./read-contract.ts";
import { CsvScan } from "./scan/csv-scan.ts";

const folder = join(import.meta.dirname, "../../../test/cases/data");
const read = <Schema extends z.ZodType>(file: string, schema: Schema): z.infer<Schema> =>
  schema.parse(readYaml(readFileSync(join(folder, file), "utf8"), file).value);

const cases = z.array(
  z.strictObject({
    name: z.string(),
    contract: z.string().default("columns: [{ name: a, type: string }, { name: b, type: string }]"),
    csv: z.string().optional(),
    hex: z.string().optional(),
    rows: z.number(),
    found: z.array(z.string()).default([]),
    /** What the messages of findings and limits contain. */
    says: z.array(z.string()).default([]),
    notes: z.number().default(0),
    /** When it is checked. */
    now: z.string().optional(),
  }),
);

/** Files with cases of another form, read below. */
const OTHER_FORMS = new Set(["types.yml", "contracts.yml"]);
describe.each(readdirSync(folder).filter((file) => !OTHER_FORMS.has(file)))("%s", (file) => {
  test.each(read(file, cases))("$name", ({ name: _, contract, csv, hex, says, now, ...expected }) => {
    const bytes = hex === undefined ? Buffer.from(csv ?? "") : Buffer.from(hex.replaceAll(" ", ""), "hex");
    const text = contract.startsWith("{") ? `{ version: 1, ${contract.slice(1)}` : `version: 1\n${contract}`;
    const compiled = readContract(text, "contract.yml");
    const around = now === undefined ? {} : { now: Date.parse(now) };
    const sizes = [bytes.length + 1, 1, 2, 3, 7];
    const runs = [CsvCheck, CsvScan].flatMap((Check) =>
      sizes.map((chunk) => ({ check: new Check(compiled, around), chunk })),
    );
    for (const { check, chunk } of runs) {
      for (let at = 0; at < bytes.length; at += chunk) check.push(bytes.subarray(at, at + chunk));
      const { rows, findings, limits, notes } = check.end();
      const beyond = limits.map(({ limit, line }) => `beyond ${limit}${line === undefined ? "" : ` @${line}`}`);
      expect({ rows, found: [...findings.map(write), ...beyond], notes: notes.length }).toEqual(expected);
      const messages = [...findings, ...limits].map(({ message }) => message).join("\n");
      for (const part of says) expect(messages).toContain(part);
    }
  });
});

/** As the cases have it: `range age @5,9 x12 warn`. */
function write({ check, column, lines, count, severity }: CheckFinding): string {
  const place = lines.length > 0 ? ` @${lines.join(",")}` : "";
  return `${check} ${column ?? "-"}${place}${count === 1 ? "" : ` x${count}`}${severity === "warn" ? " warn" : ""}`;
}

describe("types", () => {
  const types = read(
    "types.yml",
    z.record(z.string(), z.strictObject({ yes: z.array(z.string()), no: z.array(z.string()) })),
  );
  test.each(Object.entries(types))("%s", (name, { yes, no }) => {
    const [type, offset] = name.split(" with ") as [ColumnType, string?];
    const { read } = cellType(type, { ...STRICT_SPELLING, offset: offset === undefined ? "none" : "required" });
    expect(yes.map(read)).toEqual(yes.map((cell) => (type === "boolean" ? cell.toLowerCase() : cell)));
    expect(no.filter((cell) => read(cell) !== undefined)).toEqual([]);
  });
});

describe("invalid contracts", () => {
  const contracts = read(
    "contracts.yml",
    z.array(z.strictObject({ contract: z.string(), refused: z.array(z.string()) })),
  );
  test.each(contracts)("$refused", ({ contract, refused }) => {
    expect(problemsOf(contract)).toEqual(refused);
  });
});

function problemsOf(contract: string): readonly string[] {
  try {
    readContract(contract, "contract.yml");
    return [];
  } catch (error) {
    if (!(error instanceof ActionError)) throw error;
    return error.problems.map(({ code, place }) => `${code} ${place?.line}:${place?.column}`);
  }
}

test("no finding of any kind repeats a cell", () => {
  const contract = readContract(
    `version: 1
columns:
  - { name: n, type: integer, max: 5 }
  - { name: d, type: date }
  - { name: s, type: string, enum: [a], unique: true }
  - { name: p, type: string, pattern: "x+", max-length: 2 }
`,
    "contract.yml",
  );
  const secret = "SECRET";
  const rows = [
    `${secret}1,${secret}2,${secret}3,${secret}4`,
    `4711,${secret}5,a,xx${secret}6`,
    `"${secret}7"x,${secret}\n8`,
    `${secret}9,"open ${secret}10`,
  ];
  const headers = ["n,d,s,p", `n,d,s,p,p2`, rows[0] ?? "", `n,${secret}11`];
  const checked = headers.map((header): CheckedFile => {
    const check = new CsvCheck(contract);
    check.push(Buffer.from([header, ...rows].join("\n")));
    return check.end();
  });
  expect(checked.every(({ findings }) => findings.length > 0)).toBe(true);
  expect(JSON.stringify(checked)).not.toMatch(/SECRET|4711/);
});
