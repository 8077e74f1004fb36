/** Status and conclusion of a run, derived from its jobs. */
import type { CheckStatus, Conclusion } from "../../world/checks.ts";

export interface JobStatus {
  readonly status: CheckStatus;
  readonly conclusion: Conclusion | null;
  /** `continue-on-error`: its failure does not fail the run. */
  readonly continueOnError: boolean;
}

/** The status of an attempt that has not ended. It moves forward and back with its jobs. */
export function statusOf(jobs: readonly JobStatus[]): CheckStatus {
  const has = (status: CheckStatus): boolean => jobs.some((job) => job.status === status);
  if (has("in_progress")) return "in_progress";
  if (has("queued")) return jobs.some((job) => job.status === "completed") ? "in_progress" : "queued";
  if (has("waiting")) return "waiting";
  if (has("pending")) return "pending";
  return jobs.length === 0 ? "queued" : "in_progress";
}

/** The conclusion once every job has completed. `cancelled`: the run as a whole was cancelled. */
export function conclusionOf(jobs: readonly JobStatus[], cancelled: boolean): Conclusion {
  const counted = jobs.map((job) => (job.continueOnError && job.conclusion === "failure" ? "success" : job.conclusion));
  if (cancelled && (counted.includes("cancelled") || jobs.length === 0)) return "cancelled";
  if (counted.some((conclusion) => conclusion === "failure" || conclusion === "timed_out")) return "failure";
  if (counted.includes("cancelled")) return "cancelled";
  return counted.length > 0 && counted.every((conclusion) => conclusion === "skipped") ? "skipped" : "success";
}
