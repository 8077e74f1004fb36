/**
 * What a run's status and conclusion mean for a job that waits for it. Both tables are complete: a new word of GitHub is a
 * failure until it is added to the list, and then a type error here.
 */
export const RUN_STATUSES = ["requested", "pending", "queued", "waiting", "in_progress", "completed"] as const;
// biome-ignore format: one list
export const RUN_CONCLUSIONS = [
  "success", "failure", "cancelled", "skipped", "neutral", "timed_out", "stale", "action_required", "startup_failure",
] as const;

type Status = (typeof RUN_STATUSES)[number];
type Conclusion = (typeof RUN_CONCLUSIONS)[number];

export type RunOutcome = "success" | "failure" | "cancelled" | "timed-out";

export type RunState =
  /** Not started. */
  | { readonly kind: "waiting"; readonly for: "queue" | "concurrency" | "runner" | "people" }
  | { readonly kind: "running" }
  | { readonly kind: "ended"; readonly outcome: RunOutcome; readonly because: string };

const STATE_OF_STATUS: Readonly<Record<Exclude<Status, "completed">, RunState>> = {
  requested: { kind: "waiting", for: "queue" },
  pending: { kind: "waiting", for: "concurrency" },
  queued: { kind: "waiting", for: "runner" },
  waiting: { kind: "waiting", for: "people" },
  in_progress: { kind: "running" },
};

const OUTCOME_OF_CONCLUSION: Readonly<Record<Conclusion, Omit<RunState & { kind: "ended" }, "kind">>> = {
  success: { outcome: "success", because: "it succeeded" },
  failure: { outcome: "failure", because: "one of its jobs failed" },
  cancelled: { outcome: "cancelled", because: "it was cancelled" },
  timed_out: { outcome: "timed-out", because: "it ran out of time" },
  skipped: { outcome: "failure", because: "it was skipped: nothing was trained" },
  neutral: { outcome: "failure", because: "it ended as neutral, which does not mean that the training succeeded" },
  stale: { outcome: "failure", because: "GitHub marked it as stale" },
  action_required: { outcome: "failure", because: "it needs an approval before it can run" },
  startup_failure: { outcome: "failure", because: "it could not start: its workflow file is not valid" },
};

/** `completed` with `success` is the only green. */
export function parseRunState(status: string | null, conclusion: string | null): RunState {
  if (status !== null && isOneOf(STATE_OF_STATUS, status)) return STATE_OF_STATUS[status];
  if (status !== "completed") return unknown(`its status is ${JSON.stringify(status)}, which is not known`);
  if (conclusion !== null && isOneOf(OUTCOME_OF_CONCLUSION, conclusion))
    return { kind: "ended", ...OUTCOME_OF_CONCLUSION[conclusion] };
  return unknown(`its conclusion is ${JSON.stringify(conclusion)}, which is not known`);
}

const unknown = (because: string): RunState => ({ kind: "ended", outcome: "failure", because });

const isOneOf = <Table extends object>(table: Table, word: string): word is Extract<keyof Table, string> =>
  Object.hasOwn(table, word);
