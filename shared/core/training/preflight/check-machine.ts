/** Whether a machine can do what a training asks for. */
import type { Problem } from "../../../problem/problem.ts";
import { type Check, compare, formatBytes } from "./check.ts";
import { checkGpus } from "./check-gpus.ts";
import type { MachineFacts } from "./machine-facts.ts";
import type { Requirements } from "./requirements.ts";

const GIBIBYTE = 2 ** 30;
/** Below this, workers that hand tensors over soon fail: Docker gives a container 64 MB. */
const LITTLE_SHARED_MEMORY = GIBIBYTE;
const LITTLE_DISK = 2e9;

/** All that can be said, what is required and what is not. */
export function checkMachine(required: Requirements, facts: MachineFacts): readonly Check[] {
  return [...checkGpus(required, facts), ...checkSystem(required, facts)];
}

/** Of the checks that stop a training. */
export const toProblems = (checks: readonly Check[]): readonly Problem[] =>
  checks.flatMap(({ code, outcome, message, fix }) =>
    outcome === "fail" ? [{ code: `preflight-${code}`, message, fix }] : [],
  );

function checkSystem(required: Requirements, facts: MachineFacts): readonly Check[] {
  const locked = required["locked-memory"];
  return [
    compare("memory", "memory", facts.memory, required.memory, {
      fix: "Use a machine with more memory, or give the container a higher limit",
    }),
    compare("disk", "free disk space of the workspace", facts.diskFree, required.disk, {
      fix: "Free space on the runner, or use one with a larger disk",
      least: LITTLE_DISK,
    }),
    compare("shared-memory", "shared memory (/dev/shm)", facts.sharedMemory, required["shared-memory"], {
      fix: "Give the container more: options: --shm-size=16g, or --ipc=host",
      ...(facts.devices.length > 0 && { least: LITTLE_SHARED_MEMORY }),
    }),
    compare("open-files", "limit on open files", facts.openFiles, required["open-files"], {
      fix: 'Raise it with "ulimit -n" in the command, or in the runner\'s service',
      format: String,
    }),
    compare(
      "locked-memory",
      "limit on locked memory",
      facts.lockedMemory,
      locked === "unlimited" ? Number.POSITIVE_INFINITY : locked,
      {
        fix: "Raise it in the runner's service (LimitMEMLOCK=infinity), or by options: --ulimit memlock=-1 of the container",
        format: (bytes) => (bytes === Number.POSITIVE_INFINITY ? "unlimited" : formatBytes(bytes)),
      },
    ),
  ].flatMap((check) => (check === undefined ? [] : [check]));
}
