/** Which workflow runs may supply a baseline. Anyone who could choose one could choose how bad a model may get. */
import type { BaseCommit } from "./gate-subject.ts";

export interface BaselineRun {
  readonly id: number;
  /** The workflow's file. */
  readonly path: string;
  readonly event: string;
  readonly status: string | null;
  readonly conclusion: string | null;
  readonly head_sha: string;
  readonly head_branch: string | null;
  readonly repository: { readonly id: number };
  /** Null when the fork it came from was deleted. */
  readonly head_repository: { readonly id: number } | null;
}

/**
 * Events that train a branch's own commits and nothing else. Not among them: pull requests (their author's code),
 * `workflow_dispatch` (its inputs may name any commit: dispatch-training trains pull requests that way), and runs that
 * other runs or users start.
 */
const TRUSTED_EVENTS: ReadonlySet<string> = new Set(["push", "schedule"]);

/** Whether the base branch itself, of this repository, triggered this run at that commit. */
export const isBaseBranchRun = (run: BaselineRun, { commit, branch }: BaseCommit): boolean =>
  TRUSTED_EVENTS.has(run.event) &&
  run.head_sha === commit &&
  run.head_branch === branch &&
  run.head_repository?.id === run.repository.id;

export interface BaselineRunSelection {
  /** Completed, even if a job other than the training failed; newest first. */
  readonly usable: readonly BaselineRun[];
  /** Whether a run of the base is not completed: it may still create the baseline. */
  readonly pending: boolean;
  /** Why there is none, for users to read. */
  readonly reason: string;
}

/**
 * A failed run may have a good record, which contains the training's own outcome. If such records were not used, one failed
 * gate on the base branch would leave every later change without a baseline, even the one that fixes the gate.
 */
const USABLE_CONCLUSIONS: ReadonlySet<string | null> = new Set(["success", "failure"]);

export function selectBaselineRuns(runs: readonly BaselineRun[], base: BaseCommit): BaselineRunSelection {
  const own = runs.filter((run) => isBaseBranchRun(run, base)).sort((a, b) => b.id - a.id);
  const usable = own.filter(({ status, conclusion }) => status === "completed" && USABLE_CONCLUSIONS.has(conclusion));
  const [newest] = own;
  const reason =
    newest === undefined
      ? `commit ${base.commit.slice(0, 7)} of ${base.branch} has no run on push or schedule`
      : own.map(describeRun).join("; ");
  return { usable, pending: own.some(({ status }) => status !== "completed"), reason };
}

function describeRun({ id, path, status, conclusion }: BaselineRun): string {
  const state =
    status === "completed" ? `ended in ${conclusion ?? "nothing"}` : "has not finished; re-run this job when it has";
  return `run ${id} of ${path} ${state}`;
}
