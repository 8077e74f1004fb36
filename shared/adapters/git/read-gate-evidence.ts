/** Reads what the training wrote, and detects files that the author of the change committed instead. */

import type { GateEvidence } from "../../core/gate/verify-evidence.ts";
import { readMetrics } from "../../core/metrics/read-metrics.ts";
import { dataReport } from "../../records/data-report.ts";
import { readRecord } from "../../records/read-record.ts";
import type { WorkspaceFiles } from "../files/workspace-files.ts";
import type { GitCheckout } from "./git-checkout.ts";

export interface EvidencePaths {
  /** Paths or globs. */
  readonly metrics: readonly string[];
  /** Empty: there is none. */
  readonly "data-report": string;
  /** The action that reads them. */
  readonly reader: string;
}

/** @throws ActionError naming the file, and in it line and column */
export async function readGateEvidence(
  files: WorkspaceFiles,
  git: GitCheckout,
  { metrics, "data-report": report, reader }: EvidencePaths,
): Promise<GateEvidence> {
  const paths = await files.list(metrics);
  const head = await git.head();
  const read = [];
  const committed = [];
  for (const path of paths) {
    read.push(readMetrics(await files.readText(path), path, reader));
    const atHead = head === undefined ? undefined : await git.readFile(head, path);
    if (atHead !== undefined && Buffer.from(await files.read(path)).equals(atHead)) committed.push(path);
  }
  return {
    files: read,
    committed,
    report:
      report === "" ? undefined : readRecord(dataReport, await files.readText(report), { file: report, reader }).record,
  };
}
