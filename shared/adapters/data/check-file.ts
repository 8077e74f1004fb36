/** Checks data files of the workspace: reads each once, hashes it, and checks what it read. */
import type { CheckFile, ReadProgress } from "../../core/data/data-files.ts";
import { CsvScan } from "../../core/data/scan/csv-scan.ts";
import type { WorkspaceFiles } from "../files/workspace-files.ts";
import { createDataFiles } from "./data-files.ts";
import { createSpillFile } from "./spill-file.ts";

/** In bytes, for the values of all columns that are unique; more go to disk. */
const VALUES_MEMORY = 192 * 1024 * 1024;
const PROGRESS_SECONDS = 2;

/**
 * @param temporary a folder for what memory has no room for
 * @param signal aborted when the job is cancelled
 */
export function createFileCheck(files: WorkspaceFiles, temporary: string, signal: AbortSignal): CheckFile {
  const data = createDataFiles(files, signal);
  return async (path, contract, onProgress) => {
    const spill = createSpillFile(temporary);
    const unique = contract.columns.filter((column) => column.unique).length;
    try {
      const check = new CsvScan(contract, { file: spill, memoryPerColumn: VALUES_MEMORY / Math.max(1, unique) });
      const push = (content: Uint8Array): boolean => {
        check.push(content);
        return !check.stopped;
      };
      const onRead = watchProgress(await files.sizeOf(path), onProgress);
      const { trouble, ...file } = await data.read(path, push, contract.limits["unpack-ratio"], onRead);
      if (trouble?.kind === "unreadable") check.stop("readable", trouble.message);
      if (trouble?.kind === "too-large") check.exceed("unpack-ratio", trouble.message);
      return { file, checked: check.end() };
    } finally {
      spill.close();
    }
  };
}

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
    onProgress({ bytes, total, seconds });
  };
}
