/** Why a run has not started, in one line for people. */
import { quoteText } from "../../text/document/document.ts";
import { formatDuration } from "./polling.ts";
import type { RunState } from "./run-state.ts";

export interface WaitingJob {
  readonly name: string;
  readonly status: string;
  readonly labels: readonly string[];
  /** UTC, ISO 8601. */
  readonly since: string;
}

export interface PendingEnvironment {
  readonly name: string;
  /** Logins and team names of those who may approve. */
  readonly reviewers: readonly string[];
}

/** @param now milliseconds since 1970, by the same clock as the jobs' times */
export function formatWaitReason(
  state: RunState & { readonly kind: "waiting" },
  jobs: readonly WaitingJob[],
  environments: readonly PendingEnvironment[],
  now: number,
): string {
  const [environment] = environments;
  if (environment !== undefined) {
    const names = environments.map(({ name }) => quoteText(name)).join(", ");
    const who = environment.reviewers.length > 0 ? ` by ${environment.reviewers.join(" or ")}` : "";
    return `it waits for approval of the environment ${names}${who}`;
  }
  const queued = jobs.find(({ status }) => status === "queued");
  if (queued !== undefined) {
    const labels = queued.labels.length > 0 ? `with the labels ${queued.labels.join(", ")}` : "of any kind";
    return `job ${quoteText(queued.name)} waits for a runner ${labels}, ${formatSince(queued.since, now)}`;
  }
  return GENERAL_REASONS[state.for];
}

const GENERAL_REASONS: Readonly<Record<(RunState & { kind: "waiting" })["for"], string>> = {
  queue: "it was requested, and GitHub has not queued it yet",
  concurrency: "it waits for its concurrency group: another run is before it",
  runner: "it is queued, and its jobs are not listed yet",
  people: "it waits for a rule of its environment: a timer, an approval or a check",
};

function formatSince(since: string, now: number): string {
  const start = Date.parse(since);
  return Number.isNaN(start) ? "since an unknown time" : `for ${formatDuration(now - start)} (since ${since})`;
}
