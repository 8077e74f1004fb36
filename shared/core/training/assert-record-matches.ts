/** Whether a training record is the answer to what was asked. It comes from a machine that ran a change's own code. */
import { ActionError, type Problem } from "../../problem/problem.ts";
import type { TrainingRecord } from "../../records/training-record.ts";

export interface TrainingRequest {
  readonly commit: string;
  /** `owner/name`, as GitHub writes it; case does not matter. */
  readonly repository: string;
  readonly run: number;
}

/** @throws ActionError `record-other-run`, `record-other-commit`, `record-not-success`: all that differs at once */
export function assertRecordMatches(record: TrainingRecord, asked: TrainingRequest, file: string): void {
  const problems: Problem[] = [];
  const differ = (code: string, message: string, fix: string): void => {
    problems.push({ code, message, place: { file }, fix });
  };
  const { repository, run } = record.origin;
  if (repository.toLowerCase() !== asked.repository.toLowerCase() || run !== asked.run) {
    differ(
      "record-other-run",
      `it was made by run ${run} of ${repository}, not by run ${asked.run} of ${asked.repository}`,
      "Upload the record that train-model writes in the same run, under the name training-record",
    );
  }
  if (record.commit !== asked.commit) {
    differ(
      "record-other-commit",
      `commit ${record.commit.slice(0, 7)} was trained, not ${asked.commit.slice(0, 7)} as asked`,
      'Check out the commit that was asked for: "ref: ${{ inputs.commit }}" at actions/checkout',
    );
  }
  if (record.outcome !== "success") {
    differ(
      "record-not-success",
      `the run is green, but its training ended as "${record.outcome}"`,
      'Let train-model fail its job: remove "continue-on-error"',
    );
  }
  if (problems.length > 0) throw new ActionError("user-error", problems);
}
