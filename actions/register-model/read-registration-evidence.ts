/** Reads what a training left behind, from where it was downloaded to. */
import type { WorkspaceFiles } from "../../shared/adapters/files/workspace-files.ts";
import type { FileRecord } from "../../shared/records/fields.ts";
import { readRecord } from "../../shared/records/read-record.ts";
import { type TrainingRecord, trainingRecord } from "../../shared/records/training-record.ts";
import { type Verdict, verdict } from "../../shared/records/verdict.ts";

interface RegistrationEvidence {
  readonly training: TrainingRecord;
  readonly verdict: Verdict | undefined;
  readonly files: readonly FileRecord[];
}

interface EvidencePaths {
  readonly record: string;
  readonly verdict: string;
  readonly folder: string;
}

/**
 * @param patterns the policy's, below the folder
 * @throws ActionError naming what is missing, or what is wrong in a record and where
 */
export async function readRegistrationEvidence(
  files: WorkspaceFiles,
  where: EvidencePaths,
  patterns: readonly string[],
): Promise<RegistrationEvidence> {
  const training = readRecord(trainingRecord, await files.readText(where.record), where.record);
  const judged =
    where.verdict === "" ? undefined : readRecord(verdict, await files.readText(where.verdict), where.verdict);
  const below = where.folder === "." ? "" : `${where.folder.replace(/\/+$/, "")}/`;
  const paths = await files.list(patterns.map((pattern) => `${below}${pattern}`));
  const found: FileRecord[] = [];
  for (const path of paths) found.push({ ...(await files.digestFile(path)), path: path.slice(below.length) });
  return { training, verdict: judged, files: found };
}
