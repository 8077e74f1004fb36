/** What the training runs on, as far as its results may depend on it. */
import { captureOutput } from "../../shared/adapters/process/capture-output.ts";
import { GPU_QUERY, parseGpus } from "../../shared/core/training/gpus.ts";
import type { TrainingRecord } from "../../shared/records/training-record.ts";

/** Programs whose version is recorded when they are installed. */
const PROGRAMS = ["bash", "git", "node", "python3"] as const;
const PROBE_OPTIONS = { timeout: 10_000 } as const;

/** Never fails: a tool that is missing, broken or hangs is left out. */
export async function describeMachine(env: NodeJS.ProcessEnv): Promise<TrainingRecord["environment"]> {
  const [driver, ...outputs] = await Promise.all([
    captureOutput("nvidia-smi", GPU_QUERY, PROBE_OPTIONS),
    ...PROGRAMS.map((program) => captureOutput(program, ["--version"], PROBE_OPTIONS)),
  ]);
  const gpus = parseGpus(driver ?? "");
  const versions = PROGRAMS.flatMap((program, at) => {
    const version = /\d+(?:\.\d+)+/.exec(outputs[at] ?? "")?.[0];
    return version === undefined ? [] : [[program, version] as const];
  });
  const drivers = gpus.flatMap((gpu) => (gpu.driver === "" ? [] : [["nvidia-driver", gpu.driver] as const]));
  return {
    os: env["RUNNER_OS"] ?? process.platform,
    arch: env["RUNNER_ARCH"] ?? process.arch,
    runner: env["RUNNER_NAME"] ?? "",
    gpus: gpus.map(({ name }) => name),
    versions: Object.fromEntries([...versions, ...drivers]),
  };
}
