/** Waits for a run: tolerates outages of GitHub, and logs why it waits. */
import type { Log } from "../../shared/action/log.ts";
import type { DispatchedRun } from "../../shared/adapters/dispatch/dispatched-run.ts";
import { GitHubError } from "../../shared/adapters/github/github.ts";
import { formatDuration, pollDelay } from "../../shared/core/training/polling.ts";
import type { RunOutcome, RunState } from "../../shared/core/training/run-state.ts";

export type WatchResult =
  | { readonly kind: "ended"; readonly outcome: RunOutcome; readonly because: string; readonly attempt: number }
  | { readonly kind: "timed-out"; readonly outcome: "timed-out"; readonly because: string }
  | { readonly kind: "cancelled"; readonly outcome: "cancelled"; readonly because: string };

type OpenState = Exclude<RunState, { readonly kind: "ended" }>;

/** One line; `key` is the same line without the waiting time, to tell whether the reason has changed. */
interface WaitReason {
  readonly reason: string;
  readonly key: string;
}

export interface WatchPorts {
  readonly readDispatchedRun: (run: number) => Promise<DispatchedRun>;
  readonly readWaitReason: (run: number, state: RunState & { readonly kind: "waiting" }) => Promise<WaitReason>;
  /** Milliseconds of a monotonic clock. */
  readonly now: () => number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

interface Limits {
  /** Milliseconds. */
  readonly timeout: number;
  readonly startTimeout: number;
}

/** A training of hours is not abandoned for an outage of minutes: ten polls in a row without a response. */
const MAX_UNANSWERED_POLLS = 10;
/** The reason for waiting takes two more requests, and changes less often than the state. */
const POLLS_PER_EXPLANATION = 5;
/** Milliseconds after which the same reason is logged again, to show that the job still waits. */
const LOG_REPEAT_INTERVAL = 10 * 60_000;

export async function watchRun(
  id: number,
  limits: Limits,
  ports: WatchPorts,
  log: Log,
  signal: AbortSignal,
): Promise<WatchResult> {
  const start = ports.now();
  const logReason = createWaitLogger(log, ports.now);
  let started = false;
  let unanswered = 0;
  let known: (WaitReason & { readonly state: string }) | undefined;
  try {
    for (let poll = 0; ; poll++) {
      signal.throwIfAborted();
      const seen = await ports.readDispatchedRun(id).catch(catchUnreachable);
      unanswered = seen instanceof GitHubError ? unanswered + 1 : 0;
      if (seen instanceof GitHubError) {
        if (unanswered >= MAX_UNANSWERED_POLLS) throw seen;
        logReason({ reason: seen.message, key: seen.message });
      } else {
        const { state, attempt } = seen;
        if (state.kind === "ended") return { ...state, attempt };
        const waited = ports.now() - start;
        started ||= state.kind === "running";
        const isTimedOut = waited >= (started ? limits.timeout : Math.min(limits.timeout, limits.startTimeout));
        if (isTimedOut || poll % POLLS_PER_EXPLANATION === 0 || known?.state !== describeState(state)) {
          known = { state: describeState(state), ...(await explainState(id, state, ports)) };
        }
        if (isTimedOut) return timedOut(waited, known.reason);
        logReason(known);
      }
      const remaining = start + limits.timeout - ports.now();
      await ports.sleep(Math.max(0, Math.min(pollDelay(poll), remaining)), signal);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
    return { kind: "cancelled", outcome: "cancelled", because: "this job was cancelled, and the training with it" };
  }
}

const describeState = (state: OpenState): string => (state.kind === "running" ? "running" : state.for);

async function explainState(
  id: number,
  state: OpenState,
  { readWaitReason }: Pick<WatchPorts, "readWaitReason">,
): Promise<WaitReason> {
  if (state.kind === "running") return { reason: "it is running", key: "it is running" };
  const unexplained = { reason: "it has not started", key: "it has not started" };
  const found = await readWaitReason(id, state).catch(catchUnreachable);
  return found instanceof GitHubError ? unexplained : found;
}

/** Only a missing response is tolerated; an error response is not. */
function catchUnreachable(error: unknown): GitHubError {
  if (error instanceof GitHubError && error.problems[0]?.code === "github-unreachable") return error;
  throw error;
}

const timedOut = (waited: number, reason: string): WatchResult => ({
  kind: "timed-out",
  outcome: "timed-out",
  because: `after ${formatDuration(waited)} ${reason}; it was cancelled`,
});

function createWaitLogger(log: Log, now: () => number): (why: WaitReason) => void {
  let lastKey = "";
  let loggedAt = 0;
  return ({ reason, key }) => {
    if (key === lastKey && now() - loggedAt < LOG_REPEAT_INTERVAL) return;
    lastKey = key;
    loggedAt = now();
    log.info(`Waiting: ${reason}`);
  };
}
