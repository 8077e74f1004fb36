/** Waits for a run: patient with GitHub, and with reasons for those who read the log. */
import type { Log } from "../../shared/action/log.ts";
import type { DispatchedRun } from "../../shared/adapters/dispatch/dispatched-run.ts";
import { GitHubError } from "../../shared/adapters/github/github.ts";
import { formatDuration, pollDelay } from "../../shared/core/training/polling.ts";
import type { RunOutcome, RunState } from "../../shared/core/training/run-state.ts";

export type WatchResult =
  | { readonly kind: "ended"; readonly outcome: RunOutcome; readonly because: string; readonly attempt: number }
  | { readonly kind: "given-up"; readonly outcome: "timed-out"; readonly because: string }
  | { readonly kind: "cancelled"; readonly outcome: "cancelled"; readonly because: string };

type OpenState = Exclude<RunState, { readonly kind: "ended" }>;

/** One line; `gist` is the same without how long it has been so. */
interface WaitReason {
  readonly reason: string;
  readonly key: string;
}

export interface WatchPorts {
  readonly readDispatchedRun: (run: number) => Promise<DispatchedRun>;
  readonly readWaitReason: (run: number, state: RunState & { readonly kind: "waiting" }) => Promise<WaitReason>;
  /** Milliseconds that only ever grow. */
  readonly now: () => number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

interface Limits {
  /** Milliseconds. */
  readonly timeout: number;
  readonly startTimeout: number;
}

/** A training of hours is not given up for some minutes without an answer: ten questions are that. */
const MAX_UNANSWERED_POLLS = 10;
/** Why it waits takes two requests more, and changes less often than the state. */
const POLLS_PER_EXPLANATION = 5;
/** The same reason is said again after this long, so that a log shows that somebody still waits. */
const LOG_REPEAT_INTERVAL = 10 * 60_000;

export async function watchRun(
  id: number,
  limits: Limits,
  ports: WatchPorts,
  log: Log,
  signal: AbortSignal,
): Promise<WatchResult> {
  const start = ports.now();
  const say = createWaitLogger(log, ports.now);
  let begun = false;
  let unanswered = 0;
  let known: (WaitReason & { readonly state: string }) | undefined;
  try {
    for (let question = 0; ; question++) {
      signal.throwIfAborted();
      const seen = await ports.readDispatchedRun(id).catch(catchUnreachable);
      unanswered = seen instanceof GitHubError ? unanswered + 1 : 0;
      if (seen instanceof GitHubError) {
        if (unanswered >= MAX_UNANSWERED_POLLS) throw seen;
        say(seen.message, seen.message);
      } else {
        const { state, attempt } = seen;
        if (state.kind === "ended") return { ...state, attempt };
        const waited = ports.now() - start;
        begun ||= state.kind === "running";
        const isOver = waited >= (begun ? limits.timeout : Math.min(limits.timeout, limits.startTimeout));
        if (isOver || question % POLLS_PER_EXPLANATION === 0 || known?.state !== describeState(state)) {
          known = { state: describeState(state), ...(await explainState(id, state, ports)) };
        }
        const { reason, key: gist } = known;
        if (isOver) return timedOut(waited, reason);
        say(reason, gist);
      }
      const left = start + limits.timeout - ports.now();
      await ports.sleep(Math.max(0, Math.min(pollDelay(question), left)), signal);
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
  const unexplained = { reason: "it has not begun", key: "it has not begun" };
  const answer = await readWaitReason(id, state).catch(catchUnreachable);
  return answer instanceof GitHubError ? unexplained : answer;
}

/** Only "no answer" is borne; "no" is an answer. */
function catchUnreachable(error: unknown): GitHubError {
  if (error instanceof GitHubError && error.problems[0]?.code === "github-unreachable") return error;
  throw error;
}

const timedOut = (waited: number, reason: string): WatchResult => ({
  kind: "given-up",
  outcome: "timed-out",
  because: `after ${formatDuration(waited)} ${reason}; it was cancelled`,
});

function createWaitLogger(log: Log, now: () => number): (reason: string, gist: string) => void {
  let last = "";
  let saidAt = 0;
  return (reason, gist) => {
    if (gist === last && now() - saidAt < LOG_REPEAT_INTERVAL) return;
    last = gist;
    saidAt = now();
    log.info(`Waiting: ${reason}`);
  };
}
