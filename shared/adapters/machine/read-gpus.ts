/** The GPUs of this machine, as `nvidia-smi` tells them. */
import { basename } from "node:path";
import { INVENTORY_FIELDS, selectFields } from "../../core/training/gpu/fields.ts";
import { type Gpu, readInventory, readSliceMemory } from "../../core/training/gpu/inventory.ts";
import { parseMebibytes, parseNumber } from "../../core/training/gpu/parse-value.ts";
import type { GpuProcess } from "../../core/training/preflight/machine-facts.ts";
import { captureOutput } from "../process/capture-output.ts";

export interface MachineGpus {
  readonly gpus: readonly Gpu[];
  /** The newest CUDA that the driver runs. */
  readonly cuda: string | null;
  readonly processes: readonly GpuProcess[] | null;
}

const NO_GPUS: MachineGpus = { gpus: [], cuda: null, processes: null };
/** Without its persistence mode, a driver of eight GPUs needs seconds to wake up. */
const TIMEOUT = { timeout: 10_000 } as const;
const CSV = "--format=csv,noheader,nounits";

/** @param program path of nvidia-smi; `undefined`: there is none */
export async function readGpus(program: string | undefined): Promise<MachineGpus> {
  if (program === undefined) return NO_GPUS;
  const ask = (...args: readonly string[]): Promise<string | undefined> => captureOutput(program, args, TIMEOUT);
  const list = await ask("-L");
  // A driver that does not answer this does not answer the rest.
  if (list === undefined) return NO_GPUS;
  const [help, version, processes] = await Promise.all([
    ask("--help-query-gpu"),
    ask("--version"),
    ask("--query-compute-apps=gpu_uuid,pid,process_name,used_memory", CSV),
  ]);
  const fields = selectFields(INVENTORY_FIELDS, help);
  const [rows, details] = await Promise.all([
    ask(`--query-gpu=${fields.join(",")}`, CSV),
    list.includes("MIG-") ? ask("-q", "-x") : undefined,
  ]);
  const cuda = readCudaVersion(version ?? "") ?? readCudaVersion((await ask()) ?? "");
  return {
    gpus: readInventory(fields, rows ?? "", list, details),
    ...{ cuda, processes: processes === undefined ? null : parseProcesses(processes) },
  };
}

/** By the number of the GPU and of the slice on it. @param program path of nvidia-smi */
export const readSliceMemoryOf = async (program: string): Promise<ReturnType<typeof readSliceMemory>> =>
  readSliceMemory((await captureOutput(program, ["-q", "-x"], TIMEOUT)) ?? "");

/** `CUDA Version : 12.8`, which driver 610 calls `CUDA UMD Version`. */
const readCudaVersion = (text: string): string | null =>
  /CUDA (?:UMD )?Version\s{0,20}: {0,20}(\d{1,3}\.\d{1,3})/.exec(text)?.[1] ?? null;

/** The name of a program may contain commas. */
const parseProcesses = (rows: string): readonly GpuProcess[] =>
  rows.split(/\r?\n/).flatMap((line) => {
    const [gpuUuid = "", pid = "", ...rest] = line.split(",").map((cell) => cell.trim());
    const number = parseNumber(pid);
    if (number === null || !/^(?:GPU|MIG)-/.test(gpuUuid)) return [];
    const name = basename(rest.slice(0, -1).join(",")).slice(0, 80);
    return [{ gpuUuid, pid: number, name, usedBytes: parseMebibytes(rest.at(-1)) }];
  });
