/** The training record that a run left as an artifact. */
import { userError } from "../../problem/problem.ts";
import { readRecord } from "../../records/read-record.ts";
import { TRAINING_RECORD, type TrainingRecord, trainingRecord } from "../../records/training-record.ts";
import type { GitHub } from "../github/github.ts";
import { listRunArtifacts, readArtifactRecord } from "../github/run-artifacts.ts";

export interface DownloadedRecord {
  readonly record: TrainingRecord;
  /** As it was uploaded. */
  readonly text: string;
}

/**
 * @param attempt the run's newest one: when its jobs were re-run, an older attempt's artifact may still be there
 * @throws ActionError `record-left-none`, and for an artifact or record that is not sound; GitHubError
 */
export async function downloadRecord(
  github: GitHub,
  run: { readonly id: number; readonly attempt: number },
  artifact: string,
): Promise<DownloadedRecord> {
  const found = (await listRunArtifacts(github, run.id, artifact)).filter(
    ({ expired, workflow_run: by }) => !expired && (by === undefined || by === null || by.id === run.id),
  );
  for (const each of found) {
    const { text, file } = await readArtifactRecord(github, each, TRAINING_RECORD);
    const record = readRecord(trainingRecord, text, `${artifact}/${file}`);
    if (record.origin.attempt === run.attempt) return { record, text };
  }
  throw userError({
    code: "record-left-none",
    message: `run ${run.id} left no artifact ${JSON.stringify(artifact)} with a training record of its attempt ${run.attempt}`,
    fix: `Let the workflow upload what train-model writes: actions/upload-artifact with "name: ${artifact}" and "if: always()"`,
  });
}
