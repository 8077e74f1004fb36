/** Reads the results of a training from the folder they were downloaded to. */
import { digestModelFiles } from "../../shared/adapters/files/digest-model-files.ts";
import type { WorkspaceFiles } from "../../shared/adapters/files/workspace-files.ts";
import { describePatterns } from "../../shared/records/covered-patterns.ts";
import type { CoveredPattern, FileRecord } from "../../shared/records/fields.ts";
import { readRecord } from "../../shared/records/read-record.ts";
import type { ReadRecord } from "../../shared/records/record-format.ts";
import { type TrainingRecord, trainingRecord } from "../../shared/records/training-record.ts";
import { type Verdict, verdictRecord } from "../../shared/records/verdict.ts";

interface RegistrationEvidence {
  readonly training: ReadRecord<TrainingRecord>;
  readonly verdict: ReadRecord<Verdict> | undefined;
  readonly files: readonly FileRecord[];
  readonly patterns: readonly CoveredPattern[];
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
  const source = (file: string) => ({ file, reader: "register-model" });
  const training = readRecord(trainingRecord, await files.readText(paths.record), source(paths.record));
  const verdict =
    paths.verdict === ""
      ? undefined
      : readRecord(verdictRecord, await files.readText(paths.verdict), source(paths.verdict));
  const below = /^\.?\/*$/.test(paths.folder) ? "" : `${paths.folder.replace(/\/+$/, "")}/`;
  const covered = await files.cover(patterns, paths.folder);
  const found = await digestModelFiles(files, covered.paths);
  const inFolder = (path: string): string => path.slice(below.length);
  return {
    ...{ training, verdict },
    files: found.map((file) => ({ ...file, path: inFolder(file.path) })),
    patterns: describePatterns("model", covered.patterns, found),
  };
}
