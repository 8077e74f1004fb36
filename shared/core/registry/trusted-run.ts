/** Which runs may supply the evidence of a version. A record names its run itself: only GitHub knows what that run was. */
import { type ActionError, refused } from "../../problem/problem.ts";

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
  /** Names of the default branch and the release branches. */
  readonly branches: readonly string[];
  readonly events: readonly string[];
  /** Paths of workflow files; `undefined`: any. */
  readonly workflows: readonly string[] | undefined;
}

/**
 * @param what the record, to be read after "the"
 * @throws ActionError (a refusal) `evidence-run-unknown`, `evidence-run-untrusted`
 */
export function assertTrustedRun(
  what: string,
  id: number,
  run: EvidenceRun | undefined,
  { branches, events, workflows }: TrustedRuns,
): void {
  if (run?.id !== id)
    throw untrusted(
      "evidence-run-unknown",
      what,
      `is from run ${id}, which this repository does not have, or no longer`,
    );
  const why = (): string | undefined => {
    if (run.head_repository?.id !== run.repository.id) return "of a fork";
    if (!events.includes(run.event)) return `on ${run.event}`;
    if (run.head_branch === null || !branches.includes(run.head_branch)) return `on ${run.head_branch ?? "no branch"}`;
    if (workflows !== undefined && !workflows.includes(run.path)) return `of ${run.path}`;
    return undefined;
  };
  const reason = why();
  if (reason !== undefined) throw untrusted("evidence-run-untrusted", what, `is from run ${id}, a run ${reason}`);
}

const untrusted = (code: string, what: string, message: string): ActionError =>
  refused({
    code,
    message: `the ${what} ${message}`,
    fix: "Register what a push, schedule or dispatch of the default branch has trained and judged",
  });
