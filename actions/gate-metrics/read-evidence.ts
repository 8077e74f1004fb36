/** Reads what the training wrote, and notices what the author of the change wrote in its place. */
import type { Files } from "../../shared/adapters/files/files.ts";
import type { Git } from "../../shared/adapters/git/git.ts";
import type { Evidence } from "../../shared/core/gate/evidence.ts";
import { readMetrics } from "../../shared/core/metrics/read-metrics.ts";
import { dataReport } from "../../shared/records/data-report.ts";
import { readRecord } from "../../shared/records/read-record.ts";

/** @throws ActionFailure naming the file, and in it line and column */
export async function readEvidence(
  files: Files,
  git: Git,
  metrics: readonly string[],
  report: string,
): Promise<Evidence> {
  const paths = await files.list(metrics);
  const head = await git.head();
  const read = [];
  const committed = [];
  for (const path of paths) {
    read.push(readMetrics(await files.readText(path), path));
    const pushed = head === undefined ? undefined : await git.show(head, path);
    if (pushed !== undefined && Buffer.from(await files.read(path)).equals(pushed)) committed.push(path);
  }
  return {
    files: read,
    committed,
    report: report === "" ? undefined : readRecord(dataReport, await files.readText(report), report),
  };
}
