/** How a benchmark reports its numbers: the median of several runs, the goal, and the machine's load. */
import { cpus, loadavg } from "node:os";

export async function measureMedian(runs: number, measure: () => Promise<number>): Promise<number> {
  await measure();
  const times: number[] = [];
  for (let run = 0; run < runs; run += 1) times.push(await measure());
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN;
}

export function logTiming(name: string, milliseconds: number, goal: number): void {
  const verdict = milliseconds <= goal ? "within" : "OVER";
  process.stdout.write(
    `${name.padEnd(60)} ${milliseconds.toFixed(1).padStart(9)} ms   ${verdict} the goal of ${goal} ms\n`,
  );
}

export function logMachine(): void {
  const load = loadavg().map((value) => value.toFixed(1));
  process.stdout.write(`Node ${process.version}, ${cpus().length} cores, load ${load.join(" ")}; medians\n`);
}
