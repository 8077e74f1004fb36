/** Checks data files of the workspace: reads each once, hashes it, and checks what it read, on several threads if it is large. */
import type { CheckSurroundings } from "../../core/data/check-surroundings.ts";
import { hasSummaries } from "../../core/data/column-summary-check.ts";
import type { CompiledContract } from "../../core/data/compile-contract.ts";
import type { CheckedFile } from "../../core/data/csv-check.ts";
import { DataCheck, isJsonLines } from "../../core/data/data-check.ts";
import type { CheckFile, DataFile, ReadProgress } from "../../core/data/data-files.ts";
import { isParquet } from "../../core/data/foreign-content.ts";
import type { RowObserver } from "../../core/data/row-values.ts";
import { isScannable } from "../../core/data/scan/csv-scan.ts";
import type { WorkspaceFiles } from "../files/workspace-files.ts";
import { packingOf } from "./content-decoder.ts";
import { createDataFiles, type DataFiles } from "./data-files.ts";
import { createSpillFile, type TemporarySpillFile } from "./spill-file.ts";
import { ThreadedCheck, usefulThreads } from "./threads/threaded-check.ts";

/** In bytes, for the values of all columns that are unique; more go to disk. */
const VALUES_MEMORY = 192 * 1024 * 1024;
/** Enough to tell what it is. */
const START_BYTES = 16;
const PROGRESS_SECONDS = 2;

export interface FileCheckSettings {
  /** A folder for what memory has no room for. */
  readonly temporary: string;
  /** Milliseconds since 1970; asked when a contract limits how old values are. */
  readonly now?: () => number;
  /** Aborted when the job is cancelled. */
  readonly signal: AbortSignal;
  /** What each thread runs; without it, all is checked on this one. */
  readonly threadScript?: URL;
  /** Smaller files are checked before threads have started. */
  readonly minThreadedBytes?: number;
  readonly pieceBytes?: number;
  readonly threads?: number;
}

type Found = Awaited<ReturnType<CheckFile>>;

export function createFileCheck(files: WorkspaceFiles, settings: FileCheckSettings): CheckFile {
  const { minThreadedBytes = 512 * 1024 * 1024, threads = usefulThreads() } = settings;
  const data = createDataFiles(files, settings.signal);
  return async (path, { contract, observers }, onProgress) => {
    const size = await files.sizeOf(path);
    const onRead = watchProgress(size, onProgress);
    if (contract.format === "parquet" || (contract.format === undefined && (await isParquetFile(files, path)))) {
      const { checkParquetFile } = await import("./parquet-file-check.ts");
      const spill = createSpillFile(settings.temporary);
      try {
        const around = surroundings(spill, contract, observers, settings);
        return await checkParquetFile(files, path, contract, around, { signal: settings.signal, onProgress });
      } finally {
        spill.close();
      }
    }
    const isWorthIt =
      size >= minThreadedBytes && threads > 1 && isScannable(contract, observers) && contract.format !== "ndjson";
    const script = isWorthIt && (await isPlain(files, path)) ? settings.threadScript : undefined;
    const file = { path, contract, observers, onRead, data, settings };
    const threaded = script && (await checkOnThreads(file, script, threads));
    if (threaded !== undefined && "checked" in threaded) return threaded;
    const found = await checkOnOneThread(file);
    if (threaded === undefined || threaded.digest === found.file.digest) return found;
    throw new Error(`${path} changed while it was read`);
  };
}

interface Work {
  readonly path: string;
  readonly contract: CompiledContract;
  readonly observers: readonly RowObserver[];
  readonly onRead: (bytes: number) => void;
  readonly data: DataFiles;
  readonly settings: FileCheckSettings;
}

async function checkOnOneThread({ path, contract, observers, onRead, data, settings }: Work): Promise<Found> {
  const spill = createSpillFile(settings.temporary);
  try {
    const check = new DataCheck(contract, surroundings(spill, contract, observers, settings));
    const push = (content: Uint8Array): boolean => {
      check.push(content);
      return !check.stopped;
    };
    const read = await data.read(path, push, contract.limits["unpack-ratio"], { onRead });
    return finish(read, check);
  } finally {
    spill.close();
  }
}

function finish({ trouble, ...file }: DataFile, check: DataCheck): Found {
  if (trouble?.kind === "unreadable") check.stop("readable", trouble.message);
  if (trouble?.kind === "too-large") check.exceed("unpack-ratio", trouble.message);
  return { file, checked: check.end() };
}

const surroundings = (
  spill: TemporarySpillFile,
  contract: CompiledContract,
  observers: readonly RowObserver[],
  { now }: FileCheckSettings,
): CheckSurroundings => ({
  spill: { file: spill, memoryPerColumn: memoryPerColumn(contract) },
  observers,
  ...(now && hasSummaries(contract) && { now: now() }),
});

async function isParquetFile(files: WorkspaceFiles, path: string): Promise<boolean> {
  for await (const start of files.stream(path, START_BYTES)) return isParquet(start);
  return false;
}

/** Whether threads may read it: it is CSV, and not packed. */
async function isPlain(files: WorkspaceFiles, path: string): Promise<boolean> {
  for await (const start of files.stream(path, START_BYTES))
    return packingOf(start) === undefined && isJsonLines(start) === false;
  return false;
}

/** Returns only the digest where one thread must read the file again. */
async function checkOnThreads(
  { path, contract, onRead, data, settings }: Work,
  script: URL,
  count: number,
): Promise<Found | { readonly digest: string }> {
  const { temporary, pieceBytes = 256 * 1024 } = settings;
  const threaded = new ThreadedCheck(contract, {
    ...{ script, count, pieceBytes, temporary },
    memoryPerColumn: memoryPerColumn(contract),
  });
  try {
    const takePlain = (content: Uint8Array): Promise<boolean> => threaded.push(content);
    const { trouble, ...file } = await data.read(path, () => false, contract.limits["unpack-ratio"], {
      onRead,
      takePlain,
    });
    const checked: CheckedFile | undefined = trouble === undefined ? await threaded.end() : undefined;
    return checked === undefined ? { digest: file.digest } : { file, checked };
  } finally {
    await threaded.close();
  }
}

const memoryPerColumn = ({ columns, unique: together }: CompiledContract): number =>
  VALUES_MEMORY / Math.max(1, columns.filter(({ unique }) => unique).length + together.length);

/** Reports every two seconds, and not what takes less. */
function watchProgress(total: number, onProgress: (progress: ReadProgress) => void): (bytes: number) => void {
  const begin = performance.now();
  let bytes = 0;
  let reported = 0;
  return (more) => {
    bytes += more;
    const seconds = (performance.now() - begin) / 1000;
    if (seconds - reported < PROGRESS_SECONDS) return;
    reported = seconds;
    onProgress({ bytes: Math.min(bytes, total), total, seconds });
  };
}
