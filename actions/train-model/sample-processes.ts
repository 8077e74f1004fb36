/** Samples the memory of a training and of all that it started, and finds the Python it runs in. */
import {
  type ProcessUsage,
  type RunningPython,
  readProcessUsage,
  readRunningPython,
} from "../../shared/adapters/machine/process-usage.ts";
import { Curve } from "../../shared/core/training/gpu/curve.ts";
import type { TrainingRecord } from "../../shared/records/training-record.ts";

export interface ProcessSampler {
  stop(): SampledProcesses;
}

export interface SampledProcesses {
  /** 0 where the system does not tell. */
  readonly peakBytes: number;
  readonly curve: NonNullable<NonNullable<TrainingRecord["resources"]>["curves"]>;
  readonly python: RunningPython | undefined;
}

/** Often at first: a short training has few samples. Then less often, so that days of it cost nothing. In milliseconds. */
const FIRST_MS = 50;
const LAST_MS = 5_000;

export function sampleProcesses(leader: number): ProcessSampler {
  const began = performance.now();
  const curve = new Curve();
  const seen = new Set<number>();
  let peakBytes = 0;
  let python: RunningPython | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;

  async function sample(pause: number): Promise<void> {
    const { residentBytes, highestBytes, pythons } = await readProcessUsage(leader);
    if (isStopped) return;
    if (residentBytes > 0) curve.push((performance.now() - began) / 1000, residentBytes / 1e9);
    peakBytes = Math.max(peakBytes, residentBytes, highestBytes);
    python = (await findPython(pythons)) ?? python;
    if (!isStopped) timer = setTimeout(() => void sample(Math.min(2 * pause, LAST_MS)), pause).unref();
  }

  /** The one that was started last: a launcher comes before what it launches. */
  async function findPython(pythons: ProcessUsage["pythons"]): Promise<RunningPython | undefined> {
    const fresh = pythons.filter((pid) => !seen.has(pid));
    for (const pid of fresh) seen.add(pid);
    const found = await Promise.all(fresh.map(readRunningPython));
    return found.findLast((each) => each !== undefined);
  }

  void sample(FIRST_MS);
  return {
    stop() {
      isStopped = true;
      clearTimeout(timer);
      const points = curve.points.map(([x, y]): [number, number] => [Number(x.toFixed(1)), Number(y.toPrecision(4))]);
      const shown = points.length < 2 ? [] : [{ name: "memory", unit: "GB", axis: "seconds" as const, points }];
      return { peakBytes, curve: shown, python };
    },
  };
}
