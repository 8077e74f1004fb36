/** Which commit's policy applies. A pull request must not choose the rules it is judged by. */
import { userError } from "../../problem/problem.ts";
import { quoteText } from "../../text/document/document.ts";
import type { TriggerEvent } from "./trigger-event.ts";

/** How to find the trusted commit; `judged` is the commit whose own policy is not trusted. */
export type TrustedRef =
  /** The commit a test merge was made onto: its first parent, on `branch`. The payload's `base.sha` may be stale. */
  | { readonly kind: "first-parent"; readonly judged: string; readonly branch: string }
  /** The commit that a merge group would be merged onto. */
  | { readonly kind: "commit"; readonly commit: string; readonly judged: string }
  /** The head of the default branch now, not when the run began: re-running an old run does not bring back old rules. */
  | { readonly kind: "default-branch" };

const COMMIT = /^[0-9a-f]{40}$/;
/** Events that run on a pull request's test merge. `pull_request_target` and `workflow_run` run on the default branch. */
const TEST_MERGE_EVENTS = new Set(["pull_request", "pull_request_review", "pull_request_review_comment"]);

/**
 * A closed pull request's run has the base branch as its ref and no test merge: it is judged like any other event.
 *
 * @throws ActionError when the payload of a pull request or a merge group does not name its base
 */
export function chooseTrustedRef({ event, ref, sha }: Pick<TriggerEvent, "event" | "ref" | "sha">): TrustedRef {
  if (TEST_MERGE_EVENTS.has(event.name) && /^refs\/pull\/\d+\/merge$/.test(ref)) {
    const branch = textAt(event.payload, "pull_request", "base", "ref");
    if (branch !== undefined && branch !== "") return { kind: "first-parent", judged: sha, branch };
    throw missingBaseError("this pull request");
  }
  if (event.name === "merge_group") {
    const base = textAt(event.payload, "merge_group", "base_sha");
    if (base !== undefined && COMMIT.test(base)) return { kind: "commit", commit: base, judged: sha };
    throw missingBaseError("this merge group");
  }
  return { kind: "default-branch" };
}

/** What a pull request's event says is the head of its base branch; may be older. */
export const baseInEvent = ({ event }: Pick<TriggerEvent, "event">): string | undefined =>
  textAt(event.payload, "pull_request", "base", "sha");

/**
 * The first parent of a test merge.
 *
 * @throws ActionError for a commit without exactly two parents: the first could be the pull request's own
 */
export function baseOfTestMerge(commit: string, parents: readonly string[]): string {
  const [base, head, ...more] = parents;
  if (base !== undefined && head !== undefined && more.length === 0) return base;
  const count = parents.length === 1 ? "1 parent" : `${parents.length} parents`;
  throw userError({
    code: "policy-no-trusted-ref",
    message: `commit ${commit} is not the test merge of a pull request: it has ${count}, not 2`,
    fix: "Run this on pull_request, where GitHub makes the merge; do not set GITHUB_SHA",
  });
}

/**
 * A pull request's head may be a merge itself, whose first parent is its author's: the base must be on the base branch.
 *
 * @param status of `commit` in GitHub's comparison with the branch
 * @throws ActionError for a commit that is not on the branch, also when the branch was rewritten since the merge was made
 */
export function assertOnBranch(commit: string, branch: string, status: string): void {
  if (status === "identical" || status === "behind") return;
  throw userError({
    code: "policy-no-trusted-ref",
    message: `commit ${commit} is not on the base branch ${quoteText(branch)}, so its policy is not trusted`,
    fix: "Push to the pull request, or re-open it, so that GitHub creates a new test merge",
  });
}

const missingBaseError = (what: string) =>
  userError({
    code: "policy-no-trusted-ref",
    message: `the event payload does not name the base of ${what}`,
    fix: "Check that nothing in the job changes GITHUB_EVENT_PATH",
  });

function textAt(value: unknown, ...keys: readonly string[]): string | undefined {
  const found = keys.reduce<unknown>(
    (inner, key) =>
      typeof inner === "object" && inner !== null ? (inner as Readonly<Record<string, unknown>>)[key] : undefined,
    value,
  );
  return typeof found === "string" ? found : undefined;
}
