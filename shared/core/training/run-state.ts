/**
 * What a run's status and conclusion mean for somebody who waits for it. Both tables are total: a word that GitHub adds
 * is a type error here, once it is in the list, and a failure until then.
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
  /** Not begun. */
  | { readonly kind: "waiting"; readonly for: "queue" | "concurrency" | "runner" | "people" }
  | { readonly kind: "running" }
  | { readonly kind: "ended"; readonly outcome: RunOutcome; readonly because: string };

const OPEN: Readonly<Record<Exclude<Status, "completed">, RunState>> = {
  requested: { kind: "waiting", for: "queue" },
  pending: { kind: "waiting", for: "concurrency" },
  queued: { kind: "waiting", for: "runner" },
  waiting: { kind: "waiting", for: "people" },
  in_progress: { kind: "running" },
};

const ENDED: Readonly<Record<Conclusion, Omit<RunState & { kind: "ended" }, "kind">>> = {
  success: { outcome: "success", because: "it succeeded" },
  failure: { outcome: "failure", because: "one of its jobs failed" },
  cancelled: { outcome: "cancelled", because: "it was cancelled" },
  timed_out: { outcome: "timed-out", because: "it ran out of time" },
  skipped: { outcome: "failure", because: "it was skipped: nothing was trained" },
  neutral: { outcome: "failure", because: "it ended as neutral, which says nothing about the training" },
  stale: { outcome: "failure", because: "GitHub gave it up as stale" },
  action_required: { outcome: "failure", because: "it needs somebody's approval to run at all" },
  startup_failure: { outcome: "failure", because: "it could not start: its workflow file is not valid" },
};

/** `completed` with `success` is the only green. */
export function parseRunState(status: string | null, conclusion: string | null): RunState {
  if (status !== null && isOneOf(OPEN, status)) return OPEN[status];
  if (status !== "completed") return unknown(`its status is ${JSON.stringify(status)}, which is not known`);
  if (conclusion !== null && isOneOf(ENDED, conclusion)) return { kind: "ended", ...ENDED[conclusion] };
  return unknown(`its conclusion is ${JSON.stringify(conclusion)}, which is not known`);
}

const unknown = (because: string): RunState => ({ kind: "ended", outcome: "failure", because });

const isOneOf = <Table extends object>(table: Table, word: string): word is Extract<keyof Table, string> =>
  Object.hasOwn(table, word);
