/** What the training runs on, as far as its results may depend on it. */
import { setTimeout as sleep } from "node:timers/promises";
import { captureOutput } from "../../shared/adapters/process/capture-output.ts";
import { GPU_QUERY, parseGpus } from "../../shared/core/training/gpus.ts";
import type { TrainingRecord } from "../../shared/records/training-record.ts";

type Machine = TrainingRecord["environment"];

/** Programs whose version is recorded when they are installed. */
const PROGRAMS = ["bash", "git", "node", "python3"] as const;
const PROBE_OPTIONS = { timeout: 10_000 } as const;

/** Asked while the training runs: a driver that hangs delays nothing. */
export interface MachineProbe {
  readonly soFar: () => Machine;
  /** What is known after at most so many milliseconds more. */
  readonly within: (ms: number) => Promise<Machine>;
}

/** Never fails: a tool that is missing, broken or hangs is left out. */
export function describeMachine(env: NodeJS.ProcessEnv): MachineProbe {
  const gpus: string[] = [];
  const versions = new Map<string, string>();
  const probes = [
    captureOutput("nvidia-smi", GPU_QUERY, PROBE_OPTIONS).then((output = "") => {
      for (const { name, driver } of parseGpus(output)) {
        gpus.push(name);
        if (driver !== "") versions.set("nvidia-driver", driver);
      }
    }),
    ...PROGRAMS.map(async (program) => {
      const version = /\d+(?:\.\d+)+/.exec((await captureOutput(program, ["--version"], PROBE_OPTIONS)) ?? "")?.[0];
      if (version !== undefined) versions.set(program, version);
    }),
  ];
  const soFar = (): Machine => ({
    os: env["RUNNER_OS"] ?? process.platform,
    arch: env["RUNNER_ARCH"] ?? process.arch,
    runner: env["RUNNER_NAME"] ?? "",
    gpus: [...gpus],
    // In the order of the list, and not of the answers.
    versions: Object.fromEntries(
      [...PROGRAMS, "nvidia-driver"].flatMap((name) => {
        const version = versions.get(name);
        return version === undefined ? [] : [[name, version]];
      }),
    ),
  });
  const done = Promise.allSettled(probes);
  return {
    soFar,
    async within(ms) {
      const late = new AbortController();
      await Promise.race([done, sleep(ms, undefined, { signal: late.signal }).catch(() => undefined)]);
      late.abort();
      return soFar();
    },
  };
}
