/** What is judged, and what it is compared with. */
import { userError } from "../../problem/problem.ts";
import type { TriggerEvent } from "../policy/trigger-event.ts";
import { chooseTrustedRef } from "../policy/trusted-ref.ts";
import { assertJudgeable } from "./judgeable-event.ts";

export interface GateSubject {
  /** The commit whose metrics count: for a pull request, the test merge. */
  readonly judged: string;
  /** The commit its author pushed. */
  readonly head: string;
  /** The branch it is on or will be merged into; `undefined`: none, as for a tag. */
  readonly branch: string | undefined;
  /** The commit that this branch had before; `undefined`: none. */
  readonly base: BaseCommit | undefined;
}

/** A commit of a branch. */
export interface BaseCommit {
  readonly commit: string;
  readonly branch: string;
}

const COMMIT = /^[0-9a-f]{40}$/;
const NO_COMMIT = "0".repeat(40);

/**
 * - A pull request's test merge is compared with its first parent. `pull_request.base.sha` is what the branch had when
 *   the pull request was opened, and the payload's head may be newer than the merge; the merge's own parents are exact.
 * - A merge group, with what it is merged onto; a push, with what the branch had before it.
 * - Anything else, with the first parent of its commit.
 *
 * @param trusted for a pull request: the commit the policy was read from, which is known to be on the base branch
 * @param parents of the commit `sha`
 * @throws ActionError `gate-event`; `gate-no-subject` when the event and the commit do not match
 */
export function resolveGateSubject(
  trigger: Pick<TriggerEvent, "event" | "ref" | "sha">,
  trusted: string,
  parents: readonly string[],
): GateSubject {
  assertJudgeable(trigger);
  const { event, ref, sha } = trigger;
  const [first, second] = parents;
  const chosen = chooseTrustedRef(trigger);
  const subject = (head: string, branch: string | undefined, before: unknown): GateSubject => {
    const base = branch !== undefined && isCommit(before) ? { commit: before, branch } : undefined;
    return { judged: sha, head, branch, base };
  };
  if (chosen.kind === "first-parent") {
    if (first === trusted && second !== undefined) {
      return subject(second, chosen.branch, first);
    }
    throw userError({
      code: "gate-no-subject",
      message: `commit ${sha} is not a merge onto ${trusted}`,
      fix: "Push to the pull request, or re-open it, so that GitHub creates a new test merge",
    });
  }
  if (chosen.kind === "commit") {
    const group = event.payload["merge_group"] as { readonly base_ref?: unknown } | undefined;
    return subject(sha, branchOf(String(group?.base_ref ?? "")), chosen.commit);
  }
  const before = event.name === "push" ? event.payload["before"] : first;
  return subject(sha, branchOf(ref), before);
}

const branchOf = (ref: string): string | undefined => /^refs\/heads\/(.+)$/.exec(ref)?.[1];

const isCommit = (value: unknown): value is string =>
  typeof value === "string" && COMMIT.test(value) && value !== NO_COMMIT;
