/**
 * How many rows per second data checks read, on one thread: ten columns, types, bounds, enum, three patterns, one unique column.
 *
 *     node test/bench/check-data.ts [rows]
 *
 * Prints milliseconds for clean data and for data in which every cell is wrong; the goal is 300,000 rows per
 * second, and at most 1.5 times as long when everything is wrong.
 */
import { CsvCheck } from "../../shared/core/data/csv-check.ts";
import { readContract } from "../../shared/core/data/read-contract.ts";
import { logMachine, logTiming, measureMedian } from "./benchmark.ts";

const CONTRACT = String.raw`version: 1
columns:
  - { name: id, type: integer, unique: true }
  - { name: code, type: string, pattern: '[A-Z]{2}-\d{4}' }
  - { name: zip, type: string, pattern: '\d{5}' }
  - { name: count, type: integer, nullable: true, min: 0, max: 1000 }
  - { name: ratio, type: number, min: -1000, max: 1000 }
  - { name: amount, type: number, max-decimals: 2 }
  - { name: kind, type: string, enum: [a, b, c] }
  - { name: mail, type: string, pattern: '[^@]+@[^@]+\.[a-z]+', max-length: 100 }
  - { name: day, type: date, min: "2000-01-01" }
  - { name: at, type: timestamp }
`;

const ROWS = Number(process.argv[2] ?? 300_000);
const CHUNK_BYTES = 64 * 1024;

const two = (number: number): string => String(number).padStart(2, "0");

function clean(at: number): string {
  const [day, minute] = [two(1 + (at % 28)), two(at % 60)];
  const count = at % 7 === 0 ? "" : at % 1000;
  const amounts = `${(at % 1999) - 999}.${at % 97},${at % 5000}.${10 + (at % 90)}`;
  return `${at},AB-${1000 + (at % 9000)},${10_000 + (at % 90_000)},${count},${amounts},${"abc"[at % 3]},user${at}@example.com,2024-02-${day},2024-01-${day} 12:${minute}:00\n`;
}

const dirty = (at: number): string => `x${at},ab-1,1,-1,1e400,1.005,d,nobody,2023-02-29,12:00\n`;

function bytesOf(row: (at: number) => string): Buffer {
  const parts = [Buffer.from("id,code,zip,count,ratio,amount,kind,mail,day,at\n")];
  for (let from = 0; from < ROWS; from += 10_000) {
    const length = Math.min(10_000, ROWS - from);
    parts.push(Buffer.from(Array.from({ length }, (_, at) => row(from + at)).join("")));
  }
  return Buffer.concat(parts);
}

async function measure(bytes: Buffer, kinds: number): Promise<number> {
  const started = performance.now();
  const check = new CsvCheck(readContract(CONTRACT, "contract.yml"));
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) check.push(bytes.subarray(at, at + CHUNK_BYTES));
  const { rows, findings } = check.end();
  if (rows !== ROWS || findings.length !== kinds) throw new Error(`${rows} rows and ${findings.length} findings`);
  return performance.now() - started;
}

logMachine();
const goal = ROWS / 300;
const good = bytesOf(clean);
logTiming(
  `${ROWS} clean rows, ${(good.length / 1e6).toFixed(0)} MB`,
  await measureMedian(3, () => measure(good, 0)),
  goal,
);
const bad = bytesOf(dirty);
logTiming(`${ROWS} rows with every cell wrong`, await measureMedian(3, () => measure(bad, 10)), 1.5 * goal);
