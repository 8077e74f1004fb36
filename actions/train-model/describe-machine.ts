/** What the training runs on, as far as its results may depend on it, and whether it can run here. */
import { readGpus } from "../../shared/adapters/machine/read-gpus.ts";
import { readSystem } from "../../shared/adapters/machine/read-system.ts";
import { captureOutput } from "../../shared/adapters/process/capture-output.ts";
import { findProgram } from "../../shared/adapters/process/find-program.ts";
import { listVisibleDevices, type VisibleDevice } from "../../shared/core/training/gpu/visible-devices.ts";
import type { MachineFacts } from "../../shared/core/training/preflight/machine-facts.ts";
import type { TrainingRecord } from "../../shared/records/training-record.ts";

/** Programs whose version is recorded when they are installed. */
const PROGRAMS = ["bash", "git", "node", "python3"] as const;
const PROBE_OPTIONS = { timeout: 10_000 } as const;

export interface MachineDescription {
  readonly environment: TrainingRecord["environment"];
  readonly facts: MachineFacts;
}

/** Never fails: a tool that is missing, broken or hangs is left out. @param env of the training, and where tools are found */
export async function describeMachine(env: NodeJS.ProcessEnv, workspace: string): Promise<MachineDescription> {
  const [{ gpus, cuda, processes }, system, ...outputs] = await Promise.all([
    findProgram("nvidia-smi", env["PATH"]).then(readGpus),
    readSystem(workspace),
    ...PROGRAMS.map((program) => captureOutput(program, ["--version"], PROBE_OPTIONS)),
  ]);
  const devices = listVisibleDevices(gpus, env["CUDA_VISIBLE_DEVICES"]);
  const versions = PROGRAMS.flatMap((program, at) => {
    const version = /\d+(?:\.\d+)+/.exec(outputs[at] ?? "")?.[0];
    return version === undefined ? [] : [[program, version] as const];
  });
  const driver = gpus.find((gpu) => gpu.driver !== null)?.driver ?? null;
  return {
    environment: {
      os: env["RUNNER_OS"] ?? process.platform,
      arch: env["RUNNER_ARCH"] ?? process.arch,
      runner: env["RUNNER_NAME"] ?? "",
      gpus: devices.map(nameOf),
      versions: Object.fromEntries([...versions, ...(driver === null ? [] : [["nvidia-driver", driver] as const])]),
    },
    facts: { devices, cuda, gpuProcesses: processes, ...system },
  };
}

/** A slice is not the whole GPU. */
const nameOf = ({ gpu, slice }: VisibleDevice): string =>
  slice === undefined ? gpu.name : `${gpu.name} MIG ${slice.profile}`;
