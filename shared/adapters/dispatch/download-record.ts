/** The training record in a run's artifact. */
import { userError } from "../../problem/problem.ts";
import { readRecord } from "../../records/read-record.ts";
import { type TrainingRecord, trainingRecord } from "../../records/training-record.ts";
import type { GitHub } from "../github/github.ts";
import { listRunArtifacts, readArtifactRecord } from "../github/run-artifacts.ts";

export interface DownloadedRecord {
  readonly record: TrainingRecord;
  /** As it was uploaded. */
  readonly text: string;
  /** Whose bytes were compared with this digest, where the server has one. */
  readonly artifact: { readonly id: number; readonly digest?: string | null | undefined };
}

/**
 * @param run with its newest attempt: when its jobs were re-run, an older attempt's artifact may still exist
 * @throws ActionError `record-left-none`, and for an artifact or record that is not valid; GitHubError
 */
export async function downloadRecord(
  github: GitHub,
  run: { readonly id: number; readonly attempt: number },
  artifact: string,
): Promise<DownloadedRecord> {
  const found = (await listRunArtifacts(github, run.id, artifact)).filter(
    ({ expired, workflow_run: maker }) => !expired && (maker === undefined || maker === null || maker.id === run.id),
  );
  for (const candidate of found) {
    const { text, file } = await readArtifactRecord(github, candidate, trainingRecord);
    const { record } = readRecord(trainingRecord, text, { file: `${artifact}/${file}`, reader: "dispatch-training" });
    if (record.origin.attempt === run.attempt) return { record, text, artifact: candidate };
  }
  throw userError({
    code: "record-left-none",
    message: `run ${run.id} has no artifact ${JSON.stringify(artifact)} with a training record of attempt ${run.attempt}`,
    fix: `Upload train-model's record in that workflow: actions/upload-artifact with "name: ${artifact}" and "if: always()"; on Enterprise Server its version 3`,
  });
}
