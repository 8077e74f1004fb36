/** Memory, disk and limits of this machine, or of the container that this process is in. */
import { readFile, statfs } from "node:fs/promises";
import { freemem, totalmem } from "node:os";
import type { MachineFacts } from "../../core/training/preflight/machine-facts.ts";

export type SystemFacts = Omit<MachineFacts, "devices" | "cuda" | "gpuProcesses">;

/** @param workspace whose disk counts */
export async function readSystem(workspace: string): Promise<SystemFacts> {
  const [disk, shared, limits] = await Promise.all([
    statfs(workspace).catch(() => undefined),
    statfs("/dev/shm").catch(() => undefined),
    readFile("/proc/self/limits", "utf8").catch(() => ""),
  ]);
  // Without a limit it is 0, or more than there is.
  const limit = process.constrainedMemory();
  return {
    memory: limit > 0 && limit < totalmem() ? limit : totalmem(),
    memoryAvailable: Math.min(freemem(), process.availableMemory()),
    diskFree: disk === undefined ? null : disk.bavail * disk.bsize,
    sharedMemory: shared === undefined ? null : shared.blocks * shared.bsize,
    openFiles: readLimit(limits, "Max open files"),
    lockedMemory: readLimit(limits, "Max locked memory"),
  };
}

/** The soft limit, in the second column: proc_pid_limits(5). A program that this process starts gets the same. */
function readLimit(limits: string, name: string): number | null {
  const line = limits.split("\n").find((each) => each.startsWith(name));
  const value = line?.slice(name.length).trim().split(/\s+/)[0];
  if (value === undefined) return null;
  return value === "unlimited" ? Number.POSITIVE_INFINITY : Number(value);
}
