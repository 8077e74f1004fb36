/** What the training runs on, as far as its results may depend on it, and whether it can run here. */
import { setTimeout as sleep } from "node:timers/promises";
import { readGpus } from "../../shared/adapters/machine/read-gpus.ts";
import { readSystem } from "../../shared/adapters/machine/read-system.ts";
import { captureOutput } from "../../shared/adapters/process/capture-output.ts";
import { findProgram } from "../../shared/adapters/process/find-program.ts";
import { listVisibleDevices, type VisibleDevice } from "../../shared/core/training/gpu/visible-devices.ts";
import type { MachineFacts } from "../../shared/core/training/preflight/machine-facts.ts";
import type { TrainingRecord } from "../../shared/records/training-record.ts";

export interface MachineDescription {
  readonly environment: TrainingRecord["environment"];
  readonly facts: MachineFacts;
}

/** Asked while the training runs: a driver that hangs delays nothing. */
export interface MachineProbe {
  readonly soFar: () => MachineDescription;
  /** What is known after at most so many milliseconds more. */
  readonly within: (ms: number) => Promise<MachineDescription>;
}

/** Programs whose version is recorded when they are installed. */
const PROGRAMS = ["bash", "git", "node", "python3"] as const;
const PROBE_OPTIONS = { timeout: 10_000 } as const;

/** Never fails: a tool that is missing, broken or hangs is left out. @param env of the training, and where tools are found */
export function describeMachine(env: NodeJS.ProcessEnv, workspace: string): MachineProbe {
  const versions = new Map<string, string>();
  let facts: MachineFacts = {
    ...{ devices: [], cuda: null, gpuProcesses: null, memory: null, memoryAvailable: null },
    ...{ diskFree: null, sharedMemory: null, openFiles: null, lockedMemory: null },
  };
  const probes = [
    findProgram("nvidia-smi", env["PATH"])
      .then(readGpus)
      .then(({ gpus, cuda, processes }) => {
        const devices = listVisibleDevices(gpus, env["CUDA_VISIBLE_DEVICES"]);
        facts = { ...facts, devices, cuda, gpuProcesses: processes };
        const driver = gpus.find((gpu) => gpu.driver !== null)?.driver ?? null;
        if (driver !== null) versions.set("nvidia-driver", driver);
      }),
    readSystem(workspace).then((system) => {
      facts = { ...facts, ...system };
    }),
    ...PROGRAMS.map(async (program) => {
      const version = /\d+(?:\.\d+)+/.exec((await captureOutput(program, ["--version"], PROBE_OPTIONS)) ?? "")?.[0];
      if (version !== undefined) versions.set(program, version);
    }),
  ];
  const soFar = (): MachineDescription => ({
    environment: {
      os: env["RUNNER_OS"] ?? process.platform,
      arch: env["RUNNER_ARCH"] ?? process.arch,
      runner: env["RUNNER_NAME"] ?? "",
      gpus: facts.devices.map(nameOf),
      // In the order of the list, and not of the answers.
      versions: Object.fromEntries(
        [...PROGRAMS, "nvidia-driver"].flatMap((name) => {
          const version = versions.get(name);
          return version === undefined ? [] : [[name, version]];
        }),
      ),
    },
    facts,
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

/** A slice is not the whole GPU. */
const nameOf = ({ gpu, slice }: VisibleDevice): string =>
  slice === undefined ? gpu.name : `${gpu.name} MIG ${slice.profile}`;
