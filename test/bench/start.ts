/**
 * Size of every bundle, and how long it takes from start to exit: with the previous release beside it, in the same run.
 *
 *     node test/bench/start.ts [--previous <git ref>] [--runs <number>]
 *
 * `without GitHub`: all inputs are invalid, so that the action can only say so. `with GitHub`: it connects, and a server on
 * this machine refuses its token. The previous release is the newest tag `v*`, or the ref given; it is built in a clone.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { buildActions, root } from "../bundle/built-actions.ts";
import { spawnAction } from "../fixture/spawn-action.ts";
import { logMachine } from "./benchmark.ts";

const GOALS = { entry: 1_100_000, folder: 2_800_000, milliseconds: 200 };

const { values } = parseArgs({
  options: { previous: { type: "string" }, runs: { type: "string", default: "15" } },
});

function findPreviousRelease(): string {
  const tags = execFileSync("git", ["tag", "--list", "v*.*.*", "--sort=-version:refname"], {
    cwd: root,
    encoding: "utf8",
  });
  const [newest = ""] = tags.split("\n");
  if (newest === "") throw new Error("there is no tag v*; name the previous release with --previous <git ref>");
  return newest;
}

/** @returns the root of a clone with the bundles of that release */
function buildRelease(ref: string): string {
  const clone = mkdtempSync(join(tmpdir(), "previous-"));
  const stdio = ["ignore", "ignore", "inherit"] as const;
  execFileSync("git", ["clone", "--quiet", root, clone], { stdio: [...stdio] });
  execFileSync("git", ["checkout", "--quiet", "--detach", ref], { cwd: clone, stdio: [...stdio] });
  for (const script of ["setup", "build"]) {
    execFileSync(process.execPath, [`scripts/${script}.mjs`], { cwd: clone, stdio: [...stdio] });
  }
  return clone;
}

const folderSize = (folder: string): number =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((bytes, { parentPath, name }) => bytes + statSync(join(parentPath, name)).size, 0);

const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;

/** The inputs of `action.yml`: a path outside the workspace is valid for none of them. */
function readInputNames(action: string): readonly string[] {
  const metadata = readFileSync(join(action, "action.yml"), "utf8");
  const [, block = ""] = /^inputs:\n((?: {2}.*\n)*)/m.exec(metadata) ?? [];
  return [...block.matchAll(/^ {2}([a-z-]+):/gm)].map(([, name = ""]) => name);
}

/** Just enough for each action to get to its first request; report-metrics and train-model do other work before. */
const VALID_INPUTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "check-data": { contract: "contract.yml", files: "data.csv", record: "data-report.json" },
  "dispatch-training": { workflow: "train.yml", artifact: "record", record: "record.json", timeout: "1h", grace: "1m" },
  "gate-metrics": { metrics: "metrics.json", record: "verdict.json", "first-run": "fail" },
  "promote-model": {
    mode: "plan",
    environment: "staging",
    version: "v1.0.0",
    plan: "plan.json",
    record: "record.json",
  },
  "register-model": { version: "v1.0.0", "training-record": "t.json", verdict: "v.json", record: "version.json" },
};

const server = createServer((_, response) =>
  response.writeHead(401, { "content-type": "application/json" }).end('{"message":"Bad credentials"}'),
);
await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
const api = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

type Scenario = "without GitHub" | "with GitHub";

async function run(entry: string, action: string, scenario: Scenario): Promise<number> {
  const name = action.split(/[\\/]/).at(-1) ?? "";
  const inputs =
    scenario === "without GitHub"
      ? Object.fromEntries(readInputNames(action).map((input) => [input, "../x"]))
      : { ...VALID_INPUTS[name], token: "ghs_bench" };
  const { milliseconds, code, log } = await spawnAction(entry, { inputs, env: { GITHUB_API_URL: api } });
  const connected = /\[token-invalid\]/.test(log);
  if (code !== 1 || (scenario === "with GitHub") !== connected) throw new Error(`${name} ended with ${code}: ${log}`);
  return milliseconds;
}

const ref = values.previous ?? findPreviousRelease();
buildActions();
process.stdout.write(`… building ${ref}\n`);
const previous = buildRelease(ref);
logMachine();
process.stdout.write(`median of ${values.runs} runs, this and ${ref} in turn; a kB has 1000 bytes\n\n`);

const row = (cells: readonly string[]): void =>
  void process.stdout.write(`${cells.map((cell, at) => (at < 2 ? cell.padEnd(19) : cell.padStart(10))).join("")}\n`);
row(["action", "", "this", ref.slice(0, 9), "ratio", "goal"]);

try {
  for (const name of readdirSync(join(root, "actions")).filter((entry) =>
    existsSync(join(root, "actions", entry, "main.ts")),
  )) {
    const folders = [root, previous].map((place) => join(place, "actions", name));
    const entries = folders.map((folder) => join(folder, "dist/index.js"));
    const compare = (what: string, [ours = 0, theirs = 0]: readonly number[], unit: string, goal: number): void =>
      row([
        what.startsWith("entry") ? name : "",
        what,
        `${ours.toFixed(0)} ${unit}`,
        `${theirs.toFixed(0)} ${unit}`,
        (ours / theirs).toFixed(2),
        ours <= goal ? `≤ ${goal}` : `OVER ${goal}`,
      ]);
    const kilobytes = (sizes: readonly number[]): readonly number[] => sizes.map((bytes) => bytes / 1000);
    compare("entry", kilobytes(entries.map((entry) => statSync(entry).size)), "kB", GOALS.entry / 1000);
    compare("folder", kilobytes(entries.map((entry) => folderSize(dirname(entry)))), "kB", GOALS.folder / 1000);
    const scenarios: readonly Scenario[] =
      name in VALID_INPUTS ? ["without GitHub", "with GitHub"] : ["without GitHub"];
    for (const scenario of scenarios) {
      const times: [number[], number[]] = [[], []];
      for (let round = 0; round <= Number(values.runs); round++) {
        for (const at of [0, 1] as const) {
          const milliseconds = await run(entries[at] ?? "", folders[at] ?? "", scenario);
          // The first one fills the caches of the machine.
          if (round > 0) times[at].push(milliseconds);
        }
      }
      compare(scenario, times.map(median), "ms", GOALS.milliseconds);
    }
  }
} finally {
  server.close();
  rmSync(previous, { recursive: true, force: true });
}
