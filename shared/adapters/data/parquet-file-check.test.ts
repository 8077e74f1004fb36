/** Runs `test/cases/parquet`: files as programs write them, against the same table as CSV; and what is left of them when they are damaged. */
import { readdirSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CheckedFile } from "../../core/data/csv-check.ts";
import { readContract } from "../../core/data/read-contract.ts";
import { createWorkspaceFiles } from "../files/create-workspace-files.ts";
import { createFileCheck } from "./check-file.ts";

const folder = join(import.meta.dirname, "../../../test/cases/parquet");
let workspace = "";
beforeAll(async () => {
  workspace = await mkdtemp(join(tmpdir(), "parquet-"));
});
afterAll(() => rm(workspace, { recursive: true, force: true }));

async function check(contract: string, name: string, bytes: Uint8Array): Promise<CheckedFile> {
  await writeFile(join(workspace, name), bytes);
  const settings = { temporary: workspace, signal: new AbortController().signal };
  const checkFile = createFileCheck(createWorkspaceFiles(workspace), settings);
  const asked = { contract: readContract(`version: 1\n${contract}`, "contract.yml"), observers: [] };
  return (await checkFile(name, asked, () => undefined)).checked;
}

const write = ({ findings, limits }: CheckedFile, positionOf = (line: number): number => line): readonly string[] =>
  [
    ...findings.map(({ check: code, column, lines, count }) => {
      const place = lines.length > 0 ? ` @${lines.map(positionOf).join(",")}` : "";
      return `${code} ${column ?? "-"}${place}${count === 1 ? "" : ` x${count}`}`;
    }),
    ...limits.map(({ limit }) => `beyond ${limit}`),
  ].sort();

const CLEAN = `
rows: { min: 300, max: 300 }
rules: ["age <= id"]
unique: [[plan, id]]
columns:
  - { name: id, type: integer, unique: true, min: 0, max: 299 }
  - { name: code, type: string, pattern: 'U\\d{4}', unique: true }
  - { name: plan, type: string, enum: [free, pro, größer] }
  - { name: age, type: integer, nullable: true }
  - { name: score, type: number, min: 0, below: 1 }
  - { name: amount, type: number, max: 2.99, max-decimals: 2 }
  - { name: flag, type: boolean, nullable: true }
  - { name: day, type: date, min: "2024-02-29", max: "2024-12-24" }
  - { name: at, type: timestamp, min: "2024-02-29 01:02:03", max: "2024-02-29 01:07:02" }
  - { name: moment, type: timestamp, offset: required, max: "2024-02-29T01:02:03.299Z" }
  - { name: user.name, type: string, nullable: true, max-length: 4 }
`;

/** Each rule is broken by some rows. */
const BROKEN = `
rows: { max: 299 }
rules: ["plan = 'pro' or id < 250"]
columns:
  - { name: id, type: integer, min: 10, max: 200 }
  - { name: code, type: string, pattern: 'U[0-5].*', unique: true }
  - { name: plan, type: string, enum: [free, größer], unique: true }
  - { name: age, type: integer, max: 80 }
  - { name: score, type: number, max: 0.5, max-decimals: 3 }
  - { name: amount, type: number, min: 0.1, max: 2.5 }
  - { name: flag, type: boolean, enum: [true] }
  - { name: day, type: date, max: "2024-05-01" }
  - { name: at, type: timestamp, min: "2024-02-29 01:02:30" }
  - { name: moment, type: timestamp, offset: required, max: "2024-02-29T01:02:03.250Z" }
  - { name: user.name, type: string, max-length: 3, max-null-share: 0.01 }
`;

/** The same table as text. */
const pad = (number: number, length = 2): string => String(number).padStart(length, "0");
const csv = [
  "id,code,plan,age,score,amount,flag,day,at,moment,user.name",
  ...Array.from({ length: 300 }, (_, row) => {
    const day = new Date(Date.UTC(2024, 1, 29) + row * 86_400_000).toISOString().slice(0, 10);
    const second = 3723 + row;
    const at = `2024-02-29 01:${pad(Math.floor(second / 60) % 60)}:${pad(second % 60)}`;
    return [
      ...[row, `U${pad((row * 7919) % 10_000, 4)}`, ["free", "pro", "größer"][row % 3], row % 7 === 0 ? "" : row % 90],
      ...[row / 300, `${Math.floor(row / 100)}.${pad(row % 100)}`, row % 11 === 0 ? "" : row % 2 === 0, day, at],
      ...[`2024-02-29T01:02:03.${pad(row, 3)}Z`, row % 50 === 49 ? "" : `n${row}`],
    ].join();
  }),
].join("\n");

const files = readdirSync(folder).filter((file) => file.endsWith(".parquet"));
const refused = new Map([["pyarrow-lz4.parquet", "is packed with LZ4"]]);
const tables = files.filter((file) => file !== "types.parquet" && !refused.has(file));

describe.each(tables)("%s", (file) => {
  test("passes whole", async () => {
    const checked = await check(CLEAN, file, await readFile(join(folder, file)));
    expect({ rows: checked.rows, found: write(checked) }).toEqual({ rows: 300, found: [] });
  });

  test("has the findings that the same table has as CSV", async () => {
    const expected = write(await check(BROKEN, "a.csv", Buffer.from(csv)), (line) => line - 1);
    expect(write(await check(BROKEN, file, await readFile(join(folder, file))))).toEqual(expected);
  });
});

test.each([...refused])("%s is refused", async (file, says) => {
  const { findings } = await check(CLEAN, file, await readFile(join(folder, file)));
  expect(findings.find(({ check: code }) => code === "readable")?.message).toContain(says);
});

test("every type is read as what it is, and no other", async () => {
  const bytes = await readFile(join(folder, "types.parquet"));
  const columns = (text: string): string => `unexpected-columns: allow\ncolumns:\n${text}`;
  const right = columns(`
  - { name: int8, type: integer, enum: [-128, 127] }
  - { name: uint32, type: integer, enum: [0, 4294967295] }
  - { name: uint64, type: integer, enum: [0, "18446744073709551615"] }
  - { name: int64, type: integer, enum: ["-9223372036854775808", "9223372036854775807"] }
  - { name: float, type: number, enum: [0.1, -1.5] }
  - { name: half, type: number, enum: [0.5, -65504] }
  - { name: double, type: number, enum: ["1e-7", "12345678901234567168"] }
  - { name: whole, type: integer, decimal-integers: true, enum: [34, -2] }
  - { name: decimal9, type: number, enum: [-0.05, 1234567.89] }
  - { name: decimal38, type: number, enum: ["-12345678901234567890.0000000001", 1] }
  - { name: date, type: date, enum: ["1969-12-31", "9999-12-31"] }
  - { name: millis, type: timestamp, enum: ["1969-12-31 23:59:59.005", "2024-02-29 01:02:03"] }
  - { name: nanos, type: timestamp, enum: ["1970-01-01 00:00:00.000000001", "1969-12-31 23:59:59.999999999"] }
  - { name: instant, type: timestamp, offset: required }
  - { name: uuid, type: string, format: uuid, enum: [00000000-0000-0000-0000-000000000001, ffffffff-ffff-ffff-ffff-ffffffffffff] }
  - { name: nan, type: number, non-finite: allow }
`);
  expect(write(await check(right, "types.parquet", bytes))).toEqual([]);
  const wrong = columns(`
  - { name: int8, type: string }
  - { name: whole, type: integer }
  - { name: date, type: timestamp }
  - { name: millis, type: timestamp, offset: required }
  - { name: instant, type: timestamp }
  - { name: binary, type: string }
  - { name: time, type: string }
  - { name: list, type: string }
  - { name: nan, type: number }
  - { name: missing, type: string }
`);
  expect(write(await check(wrong, "types.parquet", bytes))).toEqual(
    [
      ...["int8", "whole", "date", "binary", "time", "list"].map((name) => `type ${name}`),
      ...["type millis @1,2 x2", "type instant @1,2 x2", "non-finite nan @1,2 x2", "missing-column missing"],
    ].sort(),
  );
});

describe.each(["pyarrow-plain.parquet", "pyarrow-v2.parquet"])("%s", (file) => {
  test("cut anywhere is not read", async () => {
    const bytes = await readFile(join(folder, file));
    for (let end = 20; end < bytes.length; end += 2003) {
      expect(write(await check(CLEAN, `cut-${file}`, bytes.subarray(0, end))).join()).toContain("readable -");
    }
  });

  test("with a flipped byte in its pages is not read as data", async () => {
    const bytes = await readFile(join(folder, file));
    const footer = bytes.readUInt32LE(bytes.length - 8);
    let refusedCount = 0;
    let count = 0;
    for (let at = 4; at < bytes.length - footer - 8; at += 499, count += 1) {
      const broken = bytes.map((byte, each) => (each === at ? byte ^ 0x40 : byte));
      const found = write(await check(CLEAN, `broken-${file}`, broken));
      if (found.some((one) => one.startsWith("readable"))) refusedCount += 1;
      // What is not protected by a checksum are headers, of which some parts say nothing of the values.
      else expect(found).toEqual([]);
    }
    expect(refusedCount).toBeGreaterThan(0.7 * count);
  });
});

test.each([
  ["a file that only begins as one", Buffer.from("PAR1\0\0\0\0\0\0\0\0\0\0\0\0\0\0"), "readable -"],
  ["an encrypted one", Buffer.from("PARE\0\0\0\0\0\0\0\0\0\0\0\0PARE"), "readable -"],
  ["a footer of an impossible length", Buffer.from("PAR1\0\0\0\0\0\0\0\0\xff\xff\xff\x7fPAR1", "latin1"), "readable -"],
])("%s is refused", async (_, bytes, found) => {
  expect(write(await check(CLEAN, "a.parquet", bytes))).toContain(found);
});

test("a packed file is named, and so is one that the contract says is another", async () => {
  const bytes = await readFile(join(folder, "pyarrow.parquet"));
  expect(write(await check(CLEAN, "a.parquet.gz", gzipSync(bytes)))).toEqual(["foreign -"]);
  expect(write(await check(`format: csv\n${CLEAN}`, "a.parquet", bytes))).toEqual(["foreign -"]);
  expect(write(await check(`format: parquet\n${CLEAN}`, "a.csv", Buffer.from(csv)))).toContain("readable -");
});

test("what the footer proves is not read again", async () => {
  const bytes = await readFile(join(folder, "pyarrow-uncompressed.parquet"));
  const footer = bytes.readUInt32LE(bytes.length - 8);
  const ruined = Buffer.concat([
    bytes.subarray(0, 4),
    Buffer.alloc(bytes.length - footer - 12),
    bytes.subarray(bytes.length - footer - 8),
  ]);
  ruined[4] = 1;
  const columns = `unexpected-columns: allow
columns:
  - { name: id, type: integer, min: 0, max: 299 }
  - { name: plan, type: string }
  - { name: flag, type: boolean, nullable: true }
`;
  expect(write(await check(columns, "ruined.parquet", ruined))).toEqual([]);
  expect(write(await check(columns.replace("299", "298"), "ruined.parquet", ruined))).toEqual(["readable -"]);
});
