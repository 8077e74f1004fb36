/** Whether a training record matches the request. It comes from a machine that ran the change's own code. */
import { ActionError, type Problem } from "../../problem/problem.ts";
import { isSameRepository } from "../../records/repository-name.ts";
import type { TrainingRecord } from "../../records/training-record.ts";

export interface TrainingRequest {
  readonly commit: string;
  /** `owner/name`, as GitHub writes it; case does not matter. */
  readonly repository: string;
  readonly run: number;
}

/** @throws ActionError `record-other-run`, `record-other-commit`, `record-not-success`: each difference is one problem */
export function assertRecordMatches(record: TrainingRecord, request: TrainingRequest, file: string): void {
  const problems: Problem[] = [];
  const addProblem = (code: string, message: string, fix: string): void => {
    problems.push({ code, message, place: { file }, fix });
  };
  const { repository, run } = record.origin;
  if (!isSameRepository(repository, request.repository) || run !== request.run) {
    addProblem(
      "record-other-run",
      `it was made by run ${run} of ${repository}, not by run ${request.run} of ${request.repository}`,
      "Upload the record that train-model writes in the same run, with the name training-record",
    );
  }
  if (record.commit !== request.commit) {
    addProblem(
      "record-other-commit",
      `commit ${record.commit.slice(0, 7)} was trained, not the requested ${request.commit.slice(0, 7)}`,
      'Check out the requested commit: "ref: ${{ inputs.commit }}" for actions/checkout',
    );
  }
  if (record.outcome !== "success") {
    addProblem(
      "record-not-success",
      `the run is green, but its training ended as "${record.outcome}"`,
      'Let train-model fail its job: remove "continue-on-error"',
    );
  }
  if (problems.length > 0) throw new ActionError("user-error", problems);
}
