/** What to end with when a training was no success. */

import type { ProcessResult } from "../../shared/adapters/process/supervise-process.ts";
import { formatDuration } from "../../shared/core/training/polling.ts";
import type { Problem } from "../../shared/problem/problem.ts";
import type { TrainingRecord } from "../../shared/records/training-record.ts";
import { formatCount } from "../../shared/report/markdown.ts";
import type { TrainingResults } from "./results.ts";

/** The problems of its results were told one by one; this is the one that the step ends with. */
export function failureProblem(record: TrainingRecord, ended: ProcessResult, { problems }: TrainingResults): Problem {
  const { startedAt, endedAt, exit } = record;
  const after = `after ${formatDuration(Date.parse(endedAt) - Date.parse(startedAt))}`;
  const how = exit.signal ?? (exit.code === null ? "nobody to see how" : `exit code ${exit.code}`);
  switch (ended.kind) {
    case "timed-out":
      return {
        code: "training-timed-out",
        message: `the training's time was up ${after}; it was told to stop and ended with ${how}`,
        fix: "Give it more time with the input timeout, or less to do",
      };
    case "cancelled":
      return {
        code: "training-cancelled",
        message: ended.survivingGroup
          ? `the training was cancelled ${after}; it was told to stop, and the post step waits for it`
          : `the training was cancelled ${after} and ended with ${how}`,
        fix: "Re-run the job when it may run to its end",
      };
    case "exited":
      return problems.length > 0
        ? {
            code: "training-results-unusable",
            message: `the training ended well ${after}, but did not leave what it should: ${formatCount(problems.length, "problem")}`,
            fix: "Mend what the errors before this one name",
          }
        : {
            code: "training-failed",
            message: `the training failed ${after} with ${how}`,
            fix: "See in its output above why",
          };
  }
}
