/** Reads the results of a training from the folder they were downloaded to. */
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
 * @param patterns of the policy, relative to the folder
 * @throws ActionError that says what is missing, or what is wrong in a record and where
 */
export async function readRegistrationEvidence(
  files: WorkspaceFiles,
  paths: EvidencePaths,
  patterns: readonly string[],
): Promise<RegistrationEvidence> {
  const training = readRecord(trainingRecord, await files.readText(paths.record), paths.record);
  const found =
    paths.verdict === "" ? undefined : readRecord(verdict, await files.readText(paths.verdict), paths.verdict);
  const below = paths.folder === "." ? "" : `${paths.folder.replace(/\/+$/, "")}/`;
  const modelPaths = await files.list(patterns.map((pattern) => `${below}${pattern}`));
  const modelFiles: FileRecord[] = [];
  for (const path of modelPaths) modelFiles.push({ ...(await files.digestFile(path)), path: path.slice(below.length) });
  return { training, verdict: found, files: modelFiles };
}
