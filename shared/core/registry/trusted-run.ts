/** Which runs may supply the evidence of a version. A record names its run itself: only GitHub knows what that run was. */
import { type ActionError, refused } from "../../problem/problem.ts";
import { matchesBranch } from "../policy/branch-pattern.ts";

/** A run as GitHub shows it. */
export interface EvidenceRun {
  readonly id: number;
  /** The workflow's file. */
  readonly path: string;
  readonly event: string;
  readonly head_branch: string | null;
  readonly repository: { readonly id: number };
  /** Null when the fork it came from was deleted. */
  readonly head_repository: { readonly id: number } | null;
}

export interface TrustedRuns {
  /** The default branch and patterns of release branches. */
  readonly branches: readonly string[];
  readonly events: readonly string[];
  /** Paths of workflow files; `undefined`: any. */
  readonly workflows: readonly string[] | undefined;
}

/**
 * @param what the record, to be read after "the"
 * @returns the run
 * @throws ActionError (a refusal) `evidence-run-unknown`, `evidence-run-untrusted`
 */
export function assertTrustedRun<Run extends EvidenceRun>(
  what: string,
  id: number,
  run: Run | undefined,
  trusted: TrustedRuns,
): Run {
  if (run?.id !== id)
    throw untrusted(
      "evidence-run-unknown",
      what,
      `is from run ${id}, which this repository does not have, or no longer`,
    );
  const reason = whyUntrusted(run, trusted);
  if (reason !== undefined) throw untrusted("evidence-run-untrusted", what, `is from run ${id}, a run ${reason}`);
  return run;
}

/** Completes "a run …"; `undefined` for a trusted one. */
export function whyUntrusted(run: EvidenceRun, { branches, events, workflows }: TrustedRuns): string | undefined {
  const branch = run.head_branch;
  if (run.head_repository?.id !== run.repository.id) return "of a fork";
  if (!events.includes(run.event)) return `on ${run.event}`;
  if (branch === null || !branches.some((pattern) => matchesBranch(pattern, branch)))
    return `on ${branch ?? "no branch"}`;
  if (workflows !== undefined && !workflows.includes(run.path)) return `of ${run.path}`;
  return undefined;
}

const untrusted = (code: string, what: string, message: string): ActionError =>
  refused({
    code,
    message: `the ${what} ${message}`,
    fix: "Register what a push, schedule or dispatch of the default branch has trained and judged",
  });
