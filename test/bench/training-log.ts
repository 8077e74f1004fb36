/**
 * A training that prints a lot: supervised as train-model does it, beside the same program through a Node pipe.
 *
 *     node test/bench/training-log.ts [megabytes]
 *
 * Both write what they show to /dev/null. Memory is the peak of the process that reads; disk is what the log takes at its end.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readOutputEnds } from "../../shared/adapters/process/output-ends.ts";
import { realClock, superviseProcess } from "../../shared/adapters/process/supervise-process.ts";
import { logMachine } from "./benchmark.ts";

const GOALS = { ratio: 1.2, megabytes: 150 };
const ROUNDS = 3;
const LINE = "epoch 12 step 004711 loss 0.693147 acc 0.912 lr 3.0e-04 12.3 it/s";

const program = (megabytes: number): string => `yes '${LINE}' | head -c ${megabytes}000000; echo; echo the end`;

async function pipe(megabytes: number): Promise<number> {
  const child = spawn("bash", ["-c", program(megabytes)], { stdio: ["ignore", "pipe", "inherit"] });
  child.stdout.pipe(createWriteStream("/dev/null"));
  await once(child, "close");
  return 0;
}

/** @returns bytes of disk */
async function supervise(megabytes: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "log-"));
  const output = join(folder, "output.log");
  const shown = createWriteStream("/dev/null");
  await superviseProcess(
    {
      program: "bash",
      args: ["-c", program(megabytes)],
      cwd: folder,
      env: { PATH: process.env["PATH"] ?? "" },
      ...{ output, timeout: 600_000, stopSignal: "SIGTERM", grace: 1_000, graceAfterCancel: 1_000 },
      watchdog: fileURLToPath(new URL("../../actions/train-model/watchdog.ts", import.meta.url)),
    },
    {
      ...{ onStart() {}, onHeartbeat() {}, heartbeatIntervalMs: 30_000 },
      onOutput: (text) => void shown.write(`${text}\n`),
    },
    new AbortController().signal,
    realClock,
  );
  const ends = await readOutputEnds(output);
  if (ends?.head[0] !== LINE || ends.tail.at(-1) !== "the end") throw new Error("an end of the log is lost");
  const disk = statSync(output).blocks * 512;
  rmSync(folder, { recursive: true });
  return disk;
}

interface Measured {
  readonly milliseconds: number;
  readonly memory: number;
  readonly disk: number;
}

/** In a process of its own, whose peak of memory is that of this way alone. */
async function measure(way: "pipe" | "supervise", megabytes: number): Promise<Measured> {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), String(megabytes), way], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (part: string) => {
    text += part;
  });
  await once(child, "close");
  return JSON.parse(text) as Measured;
}

const megabytes = Number(process.argv[2] ?? 1000);
const way = process.argv[3];
if (way === undefined) {
  logMachine();
  const best = (all: readonly Measured[]): Measured => all.reduce((a, b) => (b.milliseconds < a.milliseconds ? b : a));
  const runs: Record<"pipe" | "supervise", Measured[]> = { pipe: [], supervise: [] };
  for (let round = 0; round < ROUNDS; round += 1)
    for (const each of ["pipe", "supervise"] as const) runs[each].push(await measure(each, megabytes));
  const [theirs, ours] = [best(runs.pipe), best(runs.supervise)];
  const toMegabytes = (bytes: number): number => Math.round(bytes / 1e6);
  process.stdout.write(
    `${megabytes} MB of output, the best of ${ROUNDS} in turn\n` +
      `pipe       ${theirs.milliseconds} ms, ${toMegabytes(theirs.memory)} MB of memory\n` +
      `supervised ${ours.milliseconds} ms, ${toMegabytes(ours.memory)} MB of memory (goal ${GOALS.megabytes}), ${toMegabytes(ours.disk)} MB of disk\n` +
      `ratio      ${(ours.milliseconds / theirs.milliseconds).toFixed(2)} (goal ${GOALS.ratio})\n`,
  );
} else {
  const started = performance.now();
  const disk = await (way === "pipe" ? pipe : supervise)(megabytes);
  const milliseconds = Math.round(performance.now() - started);
  // In kilobytes, as Linux counts it.
  const memory = process.resourceUsage().maxRSS * 1024;
  process.stdout.write(JSON.stringify({ milliseconds, memory, disk }));
}
