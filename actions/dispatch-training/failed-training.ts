/** What is left of a training that did not succeed: its record, with what GitHub shows about the failure. */
import type { Log } from "../../shared/action/log.ts";
import type { DownloadedRecord } from "../../shared/adapters/dispatch/download-record.ts";
import {
  createFailedRecord,
  describeFailedJobs,
  type FailedJob,
  lastLogLines,
  withFailedJobs,
} from "../../shared/core/training/failed-job.ts";
import type { Problem } from "../../shared/problem/problem.ts";
import type { TrainingRecord } from "../../shared/records/training-record.ts";
import type { WatchResult } from "./watch-run.ts";

interface FailedTraining {
  readonly end: WatchResult;
  readonly problem: Problem;
  readonly downloaded: DownloadedRecord | undefined;
  readonly jobs: readonly FailedJob[];
  readonly request: Parameters<typeof createFailedRecord>[1];
}

/** For the gate and the pull request: no failed training is only a missing record there. */
export function recordFailedTraining({ end, problem, downloaded, jobs, request }: FailedTraining): TrainingRecord {
  if (downloaded !== undefined && downloaded.record.outcome !== "success")
    return withFailedJobs(downloaded.record, jobs);
  // A record that says "success" is contradicted by its run.
  const outcome = end.outcome === "success" ? "failure" : end.outcome;
  const problems = [{ ...problem, severity: "error" as const }];
  return withFailedJobs({ ...createFailedRecord(outcome, request), problems }, jobs);
}

/** In the log of the job that waits: nobody has to open the other run to see why. */
export async function logFailedJobs(jobs: readonly FailedJob[], log: Log): Promise<void> {
  for (const job of jobs) {
    const problems = describeFailedJobs([job]);
    await log.group(problems[0]?.message ?? job.name, async () => {
      for (const { message } of problems.slice(1)) log.info(message);
      if (job.log === undefined) return;
      log.info("The last lines of its log:");
      for (const line of lastLogLines(job.log)) log.info(line);
    });
  }
}
