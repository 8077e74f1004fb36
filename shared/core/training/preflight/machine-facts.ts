/** What a machine is, as far as it tells; `null` where it does not. Sizes are in bytes. */
import type { VisibleDevice } from "../gpu/visible-devices.ts";

export interface MachineFacts {
  /** Those that the training may use; empty without a driver. */
  readonly devices: readonly VisibleDevice[];
  /** The newest CUDA that the driver runs. */
  readonly cuda: string | null;
  /** What uses a GPU before the training does. */
  readonly gpuProcesses: readonly GpuProcess[] | null;
  /** Of the machine or of the container, whichever is less. */
  readonly memory: number | null;
  readonly memoryAvailable: number | null;
  /** Of the workspace. */
  readonly diskFree: number | null;
  /** Size of /dev/shm. */
  readonly sharedMemory: number | null;
  /** Limits of a process; infinite for none. */
  readonly openFiles: number | null;
  readonly lockedMemory: number | null;
}

export interface GpuProcess {
  readonly gpuUuid: string;
  readonly pid: number;
  /** Without its folder. */
  readonly name: string;
  readonly usedBytes: number | null;
}
