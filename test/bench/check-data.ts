/**
 * Checks a file of twelve columns with 33 checks, and sets peers beside us in the same run: whole processes, from start to
 * exit. All must count the same violations.
 *
 *     node test/bench/check-data.ts [--format csv|jsonl|parquet] [--rows <number>] [--runs <number>] [--python <path>]
 *
 * The Python is one that has duckdb, polars or pandera; what it lacks is left out, and said. Other formats than CSV are written by
 * duckdb, and read by it alone.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual, parseArgs } from "node:util";
import { build } from "rolldown";
import { root } from "../bundle/built-actions.ts";
import { logMachine } from "./benchmark.ts";
import { CONTRACT, writeVisits } from "./check-data/visits.ts";

const { values } = parseArgs({
  options: {
    format: { type: "string", default: "csv" },
    rows: { type: "string", default: "1000000" },
    runs: { type: "string", default: "3" },
    python: { type: "string", default: "python3" },
  },
});
const ROWS = Number(values.rows);
const FILE = `visits.${values.format}`;
const isCsv = values.format === "csv";
const PEERS = isCsv ? ["duckdb", "polars", "pandera"] : ["duckdb"];
/** Parquet has its own: DuckDB reads it without the text that both read of CSV. */
const GOAL = !isCsv ? 1.3 : ROWS >= 5_000_000 ? 0.6 : ROWS >= 100_000 ? 0.8 : 1.2;
const MEGABYTES_GOAL = 600;

interface Result {
  readonly version: string;
  readonly rows: number;
  readonly found: Readonly<Record<string, number>>;
  /** Seconds. */
  readonly cpu: number;
  readonly wall: number;
  readonly megabytes: number;
}

const folder = mkdtempSync(join(tmpdir(), "check-data-"));
const script = (name: string): string => join(folder, `${name}.mjs`);

async function bundle(name: string, input: string): Promise<void> {
  const output = { file: script(name), format: "esm" as const, minify: true, codeSplitting: false };
  await build({ input: join(root, input), platform: "node", logLevel: "silent", output });
}

/** The one that took least, as other work on the machine only adds. */
function measure(command: string, args: readonly string[]): Result {
  const results = Array.from({ length: Number(values.runs) }, (): Result => {
    const started = performance.now();
    const output = execFileSync(command, args, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
    return { ...JSON.parse(output), wall: (performance.now() - started) / 1000 };
  });
  const [best] = results.toSorted((a, b) => a.wall - b.wall);
  if (best === undefined) throw new Error("--runs must be at least 1");
  return { ...best, cpu: Math.min(...results.map(({ cpu }) => cpu)) };
}

const ours = (file: string, ...threads: readonly string[]): Result =>
  measure(process.execPath, [script("ours"), folder, file, script("worker"), ...threads]);

function show(name: string, { wall, cpu, megabytes }: Result): void {
  const numbers = [`${wall.toFixed(2)} s`, `${cpu.toFixed(2)} s CPU`, `${megabytes.toFixed(0)} MB`];
  process.stdout.write(`${name.padEnd(44)} ${numbers.map((number) => number.padStart(12)).join(" ")}\n`);
}

function judge(name: string, value: number, goal: number): void {
  process.stdout.write(
    `${name.padEnd(44)} ${value.toFixed(2)}, ${value <= goal ? "within" : "OVER"} the goal of ${goal}\n`,
  );
}

try {
  writeFileSync(join(folder, "contract.yml"), CONTRACT);
  await bundle("ours", "test/bench/check-data/ours.ts");
  await bundle("worker", "actions/check-data/worker.ts");
  const file = join(folder, FILE);
  writeVisits(join(folder, "visits.csv"), ROWS);
  if (!isCsv)
    execFileSync(values.python, [join(root, "test/bench/check-data/convert.py"), join(folder, "visits.csv"), file]);
  writeVisits(join(folder, "bad.csv"), Math.min(ROWS, 1_000_000), "all-bad");
  writeVisits(join(folder, "clean.csv"), Math.min(ROWS, 1_000_000));
  logMachine();
  process.stdout.write(`${ROWS} rows, ${(statSync(file).size / 1e6).toFixed(1)} MB; the best of ${values.runs} runs\n`);

  const result = ours(FILE);
  show("ours", result);
  if (isCsv) show("ours on one thread", ours(FILE, "1"));
  const peers = PEERS.flatMap((peer) => {
    if (spawnSync(values.python, ["-c", `import ${peer}`]).status !== 0) {
      process.stdout.write(`${peer}: left out, ${values.python} does not have it; name one with --python\n`);
      return [];
    }
    const found = measure(values.python, [join(root, "test/bench/check-data/peers.py"), peer, file]);
    show(found.version, found);
    for (const key of ["rows", "found"] as const) {
      if (isDeepStrictEqual(sorted(found[key]), sorted(result[key]))) continue;
      throw new Error(`${peer} counts ${JSON.stringify(found[key])}, we ${JSON.stringify(result[key])}`);
    }
    return [found];
  });
  if (peers.length > 0) {
    judge("wall, as a share of the best peer's", result.wall / Math.min(...peers.map(({ wall }) => wall)), GOAL);
    judge("CPU, as a share of the best peer's", result.cpu / Math.min(...peers.map(({ cpu }) => cpu)), GOAL);
  }
  judge("megabytes", result.megabytes, MEGABYTES_GOAL);
  if (isCsv) {
    const [clean, bad] = [ours("clean.csv", "1"), ours("bad.csv", "1")];
    show("one thread, clean rows", clean);
    show("one thread, every cell but one wrong", bad);
    judge("every cell but one wrong, as a share of clean (CPU)", bad.cpu / clean.cpu, 1.5);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function sorted(value: number | Readonly<Record<string, number>>): unknown {
  return typeof value === "number" ? value : Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
}
