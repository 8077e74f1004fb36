/** Reads what the training wrote, and detects files that the author of the change committed instead. */
import type { WorkspaceFiles } from "../../shared/adapters/files/workspace-files.ts";
import type { GitCheckout } from "../../shared/adapters/git/git-checkout.ts";
import type { GateEvidence } from "../../shared/core/gate/verify-evidence.ts";
import { readMetrics } from "../../shared/core/metrics/read-metrics.ts";
import { dataReport } from "../../shared/records/data-report.ts";
import { readRecord } from "../../shared/records/read-record.ts";

const READER = "gate-metrics";

/** @throws ActionError naming the file, and in it line and column */
export async function readGateEvidence(
  files: WorkspaceFiles,
  git: GitCheckout,
  metrics: readonly string[],
  report: string,
): Promise<GateEvidence> {
  const paths = await files.list(metrics);
  const head = await git.head();
  const read = [];
  const committed = [];
  for (const path of paths) {
    read.push(readMetrics(await files.readText(path), path, READER));
    const atHead = head === undefined ? undefined : await git.readFile(head, path);
    if (atHead !== undefined && Buffer.from(await files.read(path)).equals(atHead)) committed.push(path);
  }
  return {
    files: read,
    committed,
    report:
      report === ""
        ? undefined
        : readRecord(dataReport, await files.readText(report), { file: report, reader: READER }).record,
  };
}
