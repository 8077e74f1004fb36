/** The problem that the step ends with when a training did not succeed. */
import type { ProcessResult } from "../../shared/adapters/process/supervise-process.ts";
import { linesForMessage } from "../../shared/core/training/kept-log.ts";
import { formatDuration } from "../../shared/core/training/polling.ts";
import type { Problem } from "../../shared/problem/problem.ts";
import type { TrainingRecord } from "../../shared/records/training-record.ts";
import { formatCount } from "../../shared/report/markdown.ts";
import type { TrainingResults } from "./results.ts";

/** Problems of its results have been reported one by one before. */
export function failureProblem(record: TrainingRecord, ended: ProcessResult, { problems }: TrainingResults): Problem {
  const { startedAt, endedAt, exit, log } = record;
  const after = `after ${formatDuration(Date.parse(endedAt) - Date.parse(startedAt))}`;
  const details = linesForMessage(log?.tail ?? []);
  const how = exit.signal ?? (exit.code === null ? "an unknown exit code" : `exit code ${exit.code}`);
  switch (ended.kind) {
    case "timed-out":
      return {
        code: "training-timed-out",
        message: `the training timed out ${after}; it received the stop signal and ended with ${how}`,
        fix: "Give it more time with the input timeout, or less to do",
        details,
      };
    case "cancelled":
      return {
        code: "training-cancelled",
        message: ended.survivingGroup
          ? `the training was cancelled ${after}; it received the stop signal, and the post step waits for it`
          : `the training was cancelled ${after} and ended with ${how}`,
        fix: "Re-run the job",
      };
    case "exited":
      return problems.length > 0
        ? {
            code: "training-results-unusable",
            message: `the training succeeded ${after}, but its results are missing or invalid: ${formatCount(problems.length, "problem")}`,
            fix: "Fix the errors that the log shows before this one",
          }
        : {
            code: "training-failed",
            message: `the training failed ${after} with ${how}`,
            fix:
              log?.path === undefined
                ? "See its output above for the reason"
                : `See the last lines of its output below; ${log.path} has more`,
            details,
          };
  }
}
