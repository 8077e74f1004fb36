/**
 * Waits for a run, and logs why it waits. That GitHub cannot be asked says nothing about a training: only what was seen of
 * it, or its time, ends the wait.
 */
import type { Log } from "../../shared/action/log.ts";
import type { DispatchedRun } from "../../shared/adapters/dispatch/dispatched-run.ts";
import { GitHubError } from "../../shared/adapters/github/github.ts";
import { formatDuration, pollDelay } from "../../shared/core/training/polling.ts";
import {
  hasNotStarted,
  type JobWaits,
  longestWait,
  type RunJob,
  trackWaits,
} from "../../shared/core/training/run-jobs.ts";
import type { RunOutcome, RunState } from "../../shared/core/training/run-state.ts";
import { formatWaitReason, type Obstacles } from "../../shared/core/training/wait-reason.ts";

export type WatchResult =
  | { readonly kind: "ended"; readonly outcome: RunOutcome; readonly because: string; readonly attempt: number }
  /** Its time was up; it must be cancelled. */
  | { readonly kind: "timed-out"; readonly outcome: "timed-out"; readonly because: string }
  | { readonly kind: "cancelled"; readonly outcome: "cancelled"; readonly because: string }
  /** Its time was up when GitHub could not be asked: it may well be running, and is left alone. */
  | { readonly kind: "unseen"; readonly outcome: "failure"; readonly because: string };

export interface WatchPorts {
  readonly readDispatchedRun: (run: number) => Promise<DispatchedRun>;
  readonly readRunJobs: (run: number) => Promise<readonly RunJob[]>;
  readonly readObstacles: (run: number, jobs: readonly RunJob[]) => Promise<Obstacles>;
  /** Milliseconds since 1970, by GitHub's clock. */
  readonly githubNow: () => number;
  /** Milliseconds of a monotonic clock. */
  readonly now: () => number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

export interface Limits {
  /** Milliseconds. */
  readonly timeout: number;
  /** How long one job may wait for its start. */
  readonly startTimeout: number;
}

/** The reasons for waiting take two more requests, and change less often than the jobs. */
const POLLS_PER_EXPLANATION = 5;
/** Milliseconds after which the same reason is logged again, to show that the job still waits. */
const LOG_REPEAT_INTERVAL = 10 * 60_000;

interface SeenRun {
  readonly state: Exclude<RunState, { readonly kind: "ended" }>;
  readonly jobs: readonly RunJob[];
}

export async function watchRun(
  id: number,
  limits: Limits,
  ports: WatchPorts,
  log: Log,
  signal: AbortSignal,
): Promise<WatchResult> {
  const start = ports.now();
  const logReason = createWaitLogger(log, ports.now);
  let waits: JobWaits = new Map();
  let lastSeen = start;
  let known: { readonly reason: string; readonly of: string } | undefined;
  try {
    for (let poll = 0; ; poll++) {
      signal.throwIfAborted();
      const seen = await lookAt(id, ports).catch(catchUnanswered);
      const now = ports.now();
      if (seen instanceof GitHubError) {
        if (now - start >= limits.timeout) return unseen(now - lastSeen, seen);
        logReason(`GitHub cannot be asked, and the training goes on: ${seen.message}`, seen.code);
      } else {
        if ("end" in seen) return seen.end;
        lastSeen = now;
        waits = trackWaits(waits, seen.jobs, now);
        const waited = Math.max(now - start >= limits.timeout ? now - start : 0, longestWait(waits, now));
        const isTimedOut = waited >= Math.min(limits.timeout, limits.startTimeout);
        const of = describe(seen);
        if (isTimedOut || poll % POLLS_PER_EXPLANATION === 0 || known?.of !== of) {
          known = { of, reason: await explain(id, seen, ports) };
        }
        if (isTimedOut) return timedOut(waited, known.reason);
        logReason(known.reason, of);
      }
      const remaining = start + limits.timeout - ports.now();
      await ports.sleep(Math.max(0, Math.min(pollDelay(poll), remaining)), signal);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
    return { kind: "cancelled", outcome: "cancelled", because: "this job was cancelled, and the training with it" };
  }
}

async function lookAt(id: number, ports: WatchPorts): Promise<SeenRun | { readonly end: WatchResult }> {
  const { state, attempt } = await ports.readDispatchedRun(id);
  if (state.kind === "ended") return { end: { ...state, attempt } };
  return { state, jobs: await ports.readRunJobs(id) };
}

/** What the reason depends on, without the time. */
const describe = ({ state, jobs }: SeenRun): string =>
  JSON.stringify([state, ...jobs.filter(hasNotStarted).map((job) => [job.id, job.status])]);

async function explain(id: number, { state, jobs }: SeenRun, ports: WatchPorts): Promise<string> {
  if (state.kind === "running" && !jobs.some(hasNotStarted)) return "it is running";
  const obstacles = await ports.readObstacles(id, jobs).catch(catchUnanswered);
  const known = obstacles instanceof GitHubError ? NONE_KNOWN : obstacles;
  return formatWaitReason(state, jobs, known, ports.githubNow());
}

const NONE_KNOWN: Obstacles = { environments: [], groups: [], runners: undefined };

function catchUnanswered(error: unknown): GitHubError {
  if (error instanceof GitHubError) return error;
  throw error;
}

const timedOut = (waited: number, reason: string): WatchResult => ({
  kind: "timed-out",
  outcome: "timed-out",
  because: `after ${formatDuration(waited)} ${reason}; it was cancelled`,
});

const unseen = (since: number, { message }: GitHubError): WatchResult => ({
  kind: "unseen",
  outcome: "failure",
  because: `for ${formatDuration(since)} GitHub could not be asked about it, so it was not cancelled: ${message}`,
});

/** @returns logs a reason when its key is new, or was logged long ago */
function createWaitLogger(log: Log, now: () => number): (reason: string, key: string) => void {
  let lastKey = "";
  let loggedAt = 0;
  return (reason, key) => {
    if (key === lastKey && now() - loggedAt < LOG_REPEAT_INTERVAL) return;
    lastKey = key;
    loggedAt = now();
    log.info(`Waiting: ${reason}`);
  };
}
