/** What is judged, and what it is compared with. */
import { mistake } from "../../action/problem.ts";
import { chooseTrustedRef, type Occasion } from "../policy/trusted-ref.ts";

export interface Subject {
  /** The commit whose metrics count: for a pull request, the test merge. */
  readonly judged: string;
  /** The commit its author pushed. */
  readonly head: string;
  /** Where the default values come from: what the branch had before; `undefined`: it had nothing. */
  readonly base: Base | undefined;
}

/** A commit as it stood on a branch. */
export interface Base {
  readonly commit: string;
  readonly branch: string;
}

const COMMIT = /^[0-9a-f]{40}$/;
const NO_COMMIT = "0".repeat(40);

/**
 * - A pull request's test merge is compared with its first parent. `pull_request.base.sha` is what the branch had when
 *   the pull request was opened, and the payload's head may be newer than the merge; the merge's own parents are neither.
 * - A merge group, with what it is merged onto; a push, with what the branch had before it.
 * - Anything else, with the first parent of its commit.
 *
 * @param trusted for a pull request: the commit the policy was read from, which is known to be on the base branch
 * @param parents of the commit `sha`
 * @throws ActionFailure `gate-no-subject` when the event and the commit do not fit together
 */
export function subjectOf(occasion: Occasion, trusted: string, parents: readonly string[]): Subject {
  const { event, ref, sha } = occasion;
  const [first, second] = parents;
  const chosen = chooseTrustedRef(occasion);
  if (chosen.kind === "first-parent") {
    if (first === trusted && second !== undefined) {
      return { judged: sha, head: second, base: { commit: first, branch: chosen.branch } };
    }
    throw mistake({
      code: "gate-no-subject",
      message: `commit ${sha} is not a merge onto ${trusted}`,
      fix: "Re-run the whole workflow, so that GitHub makes the test merge anew",
    });
  }
  if (chosen.kind === "commit") {
    const group = event.payload["merge_group"] as { readonly base_ref?: unknown } | undefined;
    return { judged: sha, head: sha, base: baseOn(String(group?.base_ref ?? ""), chosen.commit) };
  }
  const before = event.name === "push" ? event.payload["before"] : first;
  return { judged: sha, head: sha, base: typeof before === "string" ? baseOn(ref, before) : undefined };
}

function baseOn(ref: string, commit: string): Base | undefined {
  const [, branch] = /^refs\/heads\/(.+)$/.exec(ref) ?? [];
  return branch !== undefined && COMMIT.test(commit) && commit !== NO_COMMIT ? { commit, branch } : undefined;
}
