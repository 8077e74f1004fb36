/**
 * What train-model costs beside the training: its start, the signal after a cancellation, its memory and time while nothing
 * happens, and how fast it takes the digest of a large model.
 *
 *     npm run node24 -- test/bench/train-model.ts [--seconds <idle time>] [--megabytes <size of the model>]
 *
 * The model is read from the disk, not from the system's cache: GNU `dd` drops the file from it before each reading.
 */
import { execFileSync } from "node:child_process";
import { createReadStream, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { createWorkspaceFiles } from "../../shared/adapters/files/create-workspace-files.ts";
import { buildActions, root } from "../bundle/built-actions.ts";
import { spawnAction } from "../fixture/spawn-action.ts";
import { logMachine, logTiming, measureMedian } from "./benchmark.ts";

const { values } = parseArgs({
  options: { seconds: { type: "string", default: "20" }, megabytes: { type: "string", default: "1000" } },
});
const SECONDS = Number(values.seconds);
const MEGABYTES = Number(values.megabytes);

const workspace = mkdtempSync(join(tmpdir(), "bench-train-"));
const runIn = (program: string, ...args: readonly string[]): string =>
  execFileSync(program, args, { cwd: workspace, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
runIn("git", "init", "--quiet");
runIn(
  "git",
  "-c",
  "user.name=a",
  "-c",
  "user.email=a@example.com",
  "commit",
  "--quiet",
  "--allow-empty",
  "-m",
  "Begin",
);

type Spawned = Parameters<NonNullable<Parameters<typeof spawnAction>[1]>["onOutput"] & {}>[0];

const train = (command: string, onOutput: (action: Spawned, log: string) => void = () => undefined) =>
  spawnAction(join(root, "actions/train-model/dist/index.js"), {
    workspace,
    inputs: {
      ...{
        command,
        params: "{}",
        metrics: "metrics.json",
        model: "",
        record: "record.json",
        timeout: "1h",
        grace: "1m",
      },
      ...{ "data-report": "", "may-change": "", "stop-signal": "SIGTERM", grant: "nothing", "allow-forks": "false" },
    },
    // As a runner sets it: the action starts itself anew without it.
    env: { RUNNER_ENVIRONMENT: "self-hosted", ACTIONS_RUNTIME_TOKEN: "a token" },
    onOutput,
  });

const METRICS = `echo '{"mae": 0.5}' > metrics.json`;

async function measureStep(): Promise<number> {
  const { code, milliseconds, log } = await train(METRICS);
  if (code !== 0) throw new Error(log);
  return milliseconds;
}

/** From the runner's signal to the training's, by the clock that both have. */
async function measureSignal(): Promise<number> {
  let sent = 0;
  await train(`trap 'echo $EPOCHREALTIME > at.txt; exit' TERM\nsleep 60 &\necho ready\nwait`, (action, log) => {
    if (sent !== 0 || !log.includes("ready")) return;
    sent = performance.timeOrigin + performance.now();
    action.kill("SIGINT");
  });
  return Number(readFileSync(join(workspace, "at.txt"), "utf8").replace(",", ".")) * 1000 - sent;
}

interface Use {
  readonly seconds: number;
  readonly megabytes: number;
}

/** proc_pid_stat(5): 14 and 15 are the time in ticks, of which Linux has 100 a second; `Pss` counts shared pages once. */
function useOf(pids: readonly number[]): Use {
  const ofOne = (pid: number): Use => {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const memory = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
    const kilobytes = Number(/^Pss:\s+(\d+)/m.exec(memory)?.[1]);
    return { seconds: (Number(fields[11]) + Number(fields[12])) / 100, megabytes: kilobytes / 1000 };
  };
  return pids.map(ofOne).reduce((sum, { seconds, megabytes }) => ({
    seconds: sum.seconds + seconds,
    megabytes: sum.megabytes + megabytes,
  }));
}

/** Of the action and its watchdog, while the training waits. */
async function measureIdle(): Promise<Use> {
  const used = Promise.withResolvers<Use>();
  let isReady = false;
  const ended = train(`echo ready\nuntil [ -e go ]; do sleep 0.2; done\n${METRICS}`, (action, log) => {
    if (isReady || !log.includes("ready")) return;
    isReady = true;
    void (async () => {
      // What it does at its start is not idle.
      await sleep(3_000);
      const pids = [action.pid ?? 0, ...childrenOf(action.pid ?? 0).filter((pid) => /watchdog/.test(commandOf(pid)))];
      if (pids.length !== 2) throw new Error("there is no watchdog");
      const before = useOf(pids);
      await sleep(SECONDS * 1000);
      const after = useOf(pids);
      runIn("touch", "go");
      used.resolve({ seconds: (after.seconds - before.seconds) / SECONDS, megabytes: after.megabytes });
    })().catch(used.reject);
  });
  const use = await used.promise;
  await ended;
  return use;
}

const commandOf = (pid: number): string => readFileSync(`/proc/${pid}/cmdline`, "utf8");

const childrenOf = (parent: number): readonly number[] =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => parentOf(pid) === parent);

/** Undefined for a process that has ended meanwhile. */
function parentOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    return undefined;
  }
}

function dropFromCache(): void {
  runIn("dd", "of=model.bin", "oflag=nocache", "conv=notrunc,fdatasync", "count=0");
}

async function readModel(): Promise<number> {
  dropFromCache();
  const started = performance.now();
  for await (const _ of createReadStream(join(workspace, "model.bin"), { highWaterMark: 1024 * 1024 }));
  return performance.now() - started;
}

async function digestModel(): Promise<number> {
  dropFromCache();
  const started = performance.now();
  await createWorkspaceFiles(workspace).digestFile("model.bin");
  return performance.now() - started;
}

buildActions();
logMachine();
try {
  logTiming("the whole step of a trivial command", await measureMedian(9, measureStep), 400);
  logTiming("from a cancellation to the training's signal", await measureMedian(9, measureSignal), 100);
  const idle = await measureIdle();
  process.stdout.write(
    `idle: ${(100 * idle.seconds).toFixed(2)} % of a core (goal 1 %), ${idle.megabytes.toFixed(0)} MB (goal 110 MB)\n`,
  );
  runIn("dd", "if=/dev/urandom", "of=model.bin", "bs=1000000", `count=${MEGABYTES}`);
  const [read, digest] = [await measureMedian(3, readModel), await measureMedian(3, digestModel)];
  const rate = (milliseconds: number): string => `${((1000 * MEGABYTES) / milliseconds).toFixed(0)} MB/s`;
  process.stdout.write(
    `model of ${MEGABYTES} MB: read at ${rate(read)}, digest at ${rate(digest)}: ${(read / digest).toFixed(2)} of the disk's speed (goal 0.70)\n`,
  );
} finally {
  rmSync(workspace, { recursive: true });
}
