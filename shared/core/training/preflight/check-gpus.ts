/** Whether the GPUs that a training may use are those that it asks for, free and healthy. */
import type { VisibleDevice } from "../gpu/visible-devices.ts";
import { type Check, compare, formatBytes, unseen } from "./check.ts";
import type { MachineFacts } from "./machine-facts.ts";
import type { Requirements } from "./requirements.ts";

export function checkGpus(required: Requirements, facts: MachineFacts): readonly Check[] {
  const { devices } = facts;
  const needed = required.gpus ?? (asksForGpus(required) ? 1 : undefined);
  if (needed !== undefined && devices.length < needed) return [tooFew(devices.length, needed)];
  if (devices.length === 0) return [];
  const count = needed === undefined ? [] : [pass("gpus", `the training may use ${devices.length} of the GPUs`)];
  return [
    ...count,
    ...devices.flatMap((device) => checkDevice(device, required)),
    ...checkVersions(required, facts),
    checkProcesses(required["exclusive-gpus"] ?? false, facts),
  ];
}

/** What cannot be said of a machine without a GPU. */
const asksForGpus = (required: Requirements): boolean =>
  (["gpu-name", "gpu-memory", "compute-capability", "driver", "cuda", "mig"] as const).some(
    (key) => required[key] !== undefined,
  ) || [required["exclusive-gpus"], required["healthy-gpus"]].includes(true);

const pass = (code: string, message: string): Check => ({ code, outcome: "pass", message, fix: "" });

const tooFew = (found: number, needed: number): Check => ({
  code: "gpus",
  outcome: "fail",
  message: `the training may use ${found} GPUs, and requires ${needed}`,
  fix: "Use a runner with as many; look at CUDA_VISIBLE_DEVICES, at the driver (nvidia-smi), and at `--gpus` of the container",
});

function checkDevice({ gpu, slice }: VisibleDevice, required: Requirements): readonly Check[] {
  const name = slice === undefined ? `GPU ${gpu.index}` : `slice ${slice.profile} of GPU ${gpu.index}`;
  const free =
    slice === undefined
      ? gpu.freeBytes
      : slice.memoryBytes === null || slice.usedBytes === null
        ? null
        : slice.memoryBytes - slice.usedBytes;
  return [
    checkName(name, gpu.name, required["gpu-name"]),
    compare("gpu-memory", `free memory of ${name}`, free, required["gpu-memory"], {
      fix: "End what uses the GPU, or use a runner with more GPU memory",
    }),
    compare(
      "compute-capability",
      `compute capability of ${name}`,
      gpu.computeCapability,
      required["compute-capability"],
      {
        ...{ fix: "Use a runner with a newer GPU", format: String },
      },
    ),
    checkMig(name, slice?.profile, required.mig),
    checkHealth(name, { gpu, slice }, required["healthy-gpus"] ?? false),
  ].flatMap((check) => (check === undefined ? [] : [check]));
}

function checkName(device: string, name: string, required: string | undefined): Check | undefined {
  if (required === undefined) return undefined;
  return name.toLowerCase().includes(required.toLowerCase())
    ? pass("gpu-name", `${device} is ${name}`)
    : {
        ...{
          code: "gpu-name",
          outcome: "fail",
          message: `${device} is ${name}, and the training requires ${required}`,
        },
        fix: "Choose a runner with such a GPU by its labels",
      };
}

/** `none` for whole GPUs, or the profile of a slice. */
function checkMig(device: string, profile: string | undefined, required: string | undefined): Check | undefined {
  if (required === undefined || (profile ?? "none") === required) return undefined;
  return {
    ...{ code: "mig", outcome: "fail" },
    message: `${device} is ${profile === undefined ? "a whole GPU" : `a slice of profile ${profile}`}, and the training requires ${required === "none" ? "whole GPUs" : required}`,
    fix: "Choose another runner, or name the right slice in CUDA_VISIBLE_DEVICES",
  };
}

function checkHealth(device: string, { gpu }: VisibleDevice, isRequired: boolean): Check | undefined {
  const { recoveryAction, remapFailed, eccErrors } = gpu;
  const faults = [
    ...(recoveryAction === null ? [] : [`its driver asks for: ${recoveryAction}`]),
    ...(remapFailed === true ? ["a faulty row of its memory could not be replaced"] : []),
    ...(eccErrors !== null && eccErrors > 0
      ? [`${eccErrors} uncorrectable ECC errors since its driver was loaded`]
      : []),
  ];
  if (faults.length === 0) return isRequired ? pass("gpu-health", `${device} reports no fault`) : undefined;
  return {
    ...{ code: "gpu-health", outcome: isRequired ? "fail" : "warn", message: `${device}: ${faults.join("; ")}` },
    fix: "Have its administrator reset or replace it, and train on another runner",
  };
}

function checkVersions(required: Requirements, { devices, cuda }: MachineFacts): readonly Check[] {
  const driver = devices[0]?.gpu.driver ?? null;
  return [
    checkVersion("driver", "the driver", driver, required.driver),
    checkVersion("cuda", "the newest CUDA of the driver", cuda, required.cuda),
  ].flatMap((check) => (check === undefined ? [] : [check]));
}

function checkVersion(
  code: string,
  what: string,
  found: string | null,
  required: string | undefined,
): Check | undefined {
  if (required === undefined) return undefined;
  const fix = "Update the runner's driver, or use a build for an older CUDA";
  if (found === null) return unseen(code, `version of ${what}`, required, fix);
  return isAtLeast(found, required)
    ? pass(code, `${what} is ${found}`)
    : { code, outcome: "fail", message: `${what} is ${found}, and the training requires ${required}`, fix };
}

/** Number by number: 12.10 is newer than 12.9. */
function isAtLeast(found: string, required: string): boolean {
  const [ours, least] = [found, required].map((version) => version.split(".").map(Number));
  for (const [at, number] of (least ?? []).entries()) {
    const own = ours?.[at] ?? 0;
    if (own !== number) return own > number;
  }
  return true;
}

function checkProcesses(isRequired: boolean, { devices, gpuProcesses }: MachineFacts): Check {
  const fix =
    "End what is left of earlier jobs on this runner; a job of one's own may not touch other people's processes";
  if (gpuProcesses === null)
    return unseen("gpu-processes", "processes that use its GPUs", isRequired ? "none" : undefined, fix);
  const uuids = new Set(devices.flatMap(({ gpu, slice }) => [gpu.uuid, ...(slice ? [slice.uuid] : [])]));
  const foreign = gpuProcesses.filter(({ gpuUuid }) => uuids.has(gpuUuid));
  if (foreign.length === 0) return pass("gpu-processes", "no other process uses the GPUs");
  const shown = foreign.slice(0, 3).map(({ name, pid, usedBytes }) => {
    const memory = usedBytes === null ? "" : ` with ${formatBytes(usedBytes)}`;
    return `${name} (${pid})${memory}`;
  });
  const more = foreign.length > shown.length ? ` and ${foreign.length - shown.length} more` : "";
  return {
    ...{ code: "gpu-processes", outcome: isRequired ? "fail" : "warn" },
    message: `other processes use the GPUs: ${shown.join(", ")}${more}`,
    fix,
  };
}
