/** Reads what the training wrote, and detects files that the author of the change committed instead. */

import { toPredictedCases } from "../../core/gate/predicted-cases.ts";
import type { GateEvidence, PredictionEvidence } from "../../core/gate/verify-evidence.ts";
import { readMetrics } from "../../core/metrics/read-metrics.ts";
import type { WantedPredictions } from "../../core/policy/wanted-predictions.ts";
import { dataReport } from "../../records/data-report.ts";
import { readRecord } from "../../records/read-record.ts";
import { digestOf } from "../files/digest.ts";
import { followDvc } from "../files/follow-dvc.ts";
import type { WorkspaceFiles } from "../files/workspace-files.ts";
import type { GitCheckout } from "./git-checkout.ts";

export interface EvidencePaths {
  /** Paths or globs. */
  readonly metrics: readonly string[];
  /** Empty: there is none. */
  readonly "data-report": string;
  /** The action that reads them. */
  readonly reader: string;
  /** Per-example results, as the trusted policy names them: where it does, they must be there. */
  readonly predictions?: WantedPredictions | undefined;
}

/** @throws ActionError naming the file, and in it line and column */
export async function readGateEvidence(
  files: WorkspaceFiles,
  git: GitCheckout,
  { metrics, "data-report": report, reader, predictions: wanted }: EvidencePaths,
): Promise<GateEvidence> {
  const paths = await files.list(await followDvc(files, metrics));
  const read = [];
  for (const path of paths) read.push(readMetrics(await files.readText(path), path, reader));
  const predictions = wanted && (await readCases(files, wanted));
  const head = await git.head();
  const committed = [];
  for (const path of [...paths, ...(predictions?.files ?? []).map((file) => file.path)]) {
    const atHead = head === undefined ? undefined : await git.readFile(head, path);
    if (atHead !== undefined && isSameText(await files.read(path), atHead)) committed.push(path);
  }
  return {
    files: read,
    committed,
    checkout: head,
    ...(predictions && { predictions }),
    report:
      report === "" ? undefined : readRecord(dataReport, await files.readText(report), { file: report, reader }).record,
  };
}

/** Byte for byte, but for the ends of lines: a checkout on Windows writes CRLF. */
function isSameText(one: Uint8Array, other: Uint8Array): boolean {
  const [some, others] = [Buffer.from(one), Buffer.from(other)];
  const withoutReturns = (bytes: Buffer): string => bytes.toString("latin1").replaceAll("\r\n", "\n");
  return some.equals(others) || withoutReturns(some) === withoutReturns(others);
}

async function readCases(files: WorkspaceFiles, wanted: WantedPredictions): Promise<PredictionEvidence> {
  const paths = await files.list(wanted.files);
  const texts = [];
  for (const path of paths) texts.push({ path, text: await files.readText(path) });
  const found = await Promise.all(paths.map(files.digestFile));
  return { ...toPredictedCases(texts, wanted.columns, found, digestOf), files: found };
}
