/** Waits for a run: patient with GitHub, and with reasons for those who read the log. */
import type { Log } from "../../shared/action/log.ts";
import type { FollowedRun } from "../../shared/adapters/dispatch/followed-run.ts";
import { GitHubFailure } from "../../shared/adapters/github/github.ts";
import { pauseBefore, sayDuration } from "../../shared/core/training/patience.ts";
import type { Outcome, RunState } from "../../shared/core/training/run-state.ts";

export type Followed =
  | { readonly kind: "ended"; readonly outcome: Outcome; readonly because: string; readonly attempt: number }
  | { readonly kind: "given-up"; readonly outcome: "timed-out"; readonly because: string }
  | { readonly kind: "cancelled"; readonly outcome: "cancelled"; readonly because: string };

type OpenState = Exclude<RunState, { readonly kind: "ended" }>;

/** One line; `gist` is the same without how long it has been so. */
interface Reason {
  readonly reason: string;
  readonly gist: string;
}

export interface Watch {
  readonly look: (run: number) => Promise<FollowedRun>;
  readonly whyWaiting: (run: number, state: RunState & { readonly kind: "waiting" }) => Promise<Reason>;
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
const MOST_UNANSWERED = 10;
/** Why it waits takes two requests more, and changes less often than the state. */
const ASK_WHY_EVERY = 5;
/** The same reason is said again after this long, so that a log shows that somebody still waits. */
const SAY_AGAIN = 10 * 60_000;

export async function follow(
  id: number,
  limits: Limits,
  ports: Watch,
  log: Log,
  signal: AbortSignal,
): Promise<Followed> {
  const start = ports.now();
  const say = speaker(log, ports.now);
  let begun = false;
  let unanswered = 0;
  let known: (Reason & { readonly state: string }) | undefined;
  try {
    for (let question = 0; ; question++) {
      signal.throwIfAborted();
      const seen = await ports.look(id).catch(orUnreachable);
      unanswered = seen instanceof GitHubFailure ? unanswered + 1 : 0;
      if (seen instanceof GitHubFailure) {
        if (unanswered >= MOST_UNANSWERED) throw seen;
        say(seen.message, seen.message);
      } else {
        const { state, attempt } = seen;
        if (state.kind === "ended") return { ...state, attempt };
        const waited = ports.now() - start;
        begun ||= state.kind === "running";
        const isOver = waited >= (begun ? limits.timeout : Math.min(limits.timeout, limits.startTimeout));
        if (isOver || question % ASK_WHY_EVERY === 0 || known?.state !== describeState(state)) {
          known = { state: describeState(state), ...(await explain(id, state, ports)) };
        }
        const { reason, gist } = known;
        if (isOver) return givenUp(waited, reason);
        say(reason, gist);
      }
      const left = start + limits.timeout - ports.now();
      await ports.sleep(Math.max(0, Math.min(pauseBefore(question), left)), signal);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
    return { kind: "cancelled", outcome: "cancelled", because: "this job was cancelled, and the training with it" };
  }
}

const describeState = (state: OpenState): string => (state.kind === "running" ? "running" : state.for);

async function explain(id: number, state: OpenState, { whyWaiting }: Pick<Watch, "whyWaiting">): Promise<Reason> {
  if (state.kind === "running") return { reason: "it is running", gist: "it is running" };
  const unexplained = { reason: "it has not begun", gist: "it has not begun" };
  const answer = await whyWaiting(id, state).catch(orUnreachable);
  return answer instanceof GitHubFailure ? unexplained : answer;
}

/** Only "no answer" is borne; "no" is an answer. */
function orUnreachable(error: unknown): GitHubFailure {
  if (error instanceof GitHubFailure && error.problems[0]?.code === "github-unreachable") return error;
  throw error;
}

const givenUp = (waited: number, reason: string): Followed => ({
  kind: "given-up",
  outcome: "timed-out",
  because: `after ${sayDuration(waited)} ${reason}; it was cancelled`,
});

function speaker(log: Log, now: () => number): (reason: string, gist: string) => void {
  let last = "";
  let saidAt = 0;
  return (reason, gist) => {
    if (gist === last && now() - saidAt < SAY_AGAIN) return;
    last = gist;
    saidAt = now();
    log.info(`Waiting: ${reason}`);
  };
}
