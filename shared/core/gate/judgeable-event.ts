/** Which events say which commit is judged. On others a job measures what it likes, and its metrics would count for another commit. */
import * as z from "zod";
import { userError } from "../../problem/problem.ts";
import type { TriggerEvent } from "../policy/trigger-event.ts";

/** Their GITHUB_SHA is the commit that a checkout gets. */
const NAMES_ITS_COMMIT: ReadonlySet<string> = new Set([
  ...["push", "schedule", "release", "workflow_dispatch", "repository_dispatch", "merge_group"],
  ...["pull_request", "pull_request_review", "pull_request_review_comment"],
]);

/** Whether a commit is judged that may be merged, and not one that a branch has already. */
export const judgesChange = ({ event }: Pick<TriggerEvent, "event">): boolean =>
  /^(?:pull_request|merge_group)/.test(event.name);

/** Those that train what a branch already has: a run after one of them is about the same commit. */
const TRAINS_A_BRANCH: ReadonlySet<string> = new Set(["push", "schedule"]);

const precedingRun = z.object({ workflow_run: z.object({ event: z.string(), head_sha: z.string() }) });

/** @throws ActionError `gate-event` on an event after which nothing says what was measured */
export function assertJudgeable({ event, sha }: Pick<TriggerEvent, "event" | "sha">): void {
  if (NAMES_ITS_COMMIT.has(event.name) || (event.name === "workflow_run" && isAboutSameCommit(event.payload, sha)))
    return;
  throw userError({
    code: "gate-event",
    message: `on ${event.name}, GITHUB_SHA is a commit of the default branch, not the one that was measured`,
    fix:
      event.name === "pull_request_target"
        ? "Judge on pull_request, which also runs for forks; its comment is written by a workflow on workflow_run"
        : "Judge on push, pull_request, merge_group, schedule, release or a dispatch, where the commit is known",
  });
}

function isAboutSameCommit(payload: unknown, sha: string): boolean {
  const parsed = precedingRun.safeParse(payload);
  if (!parsed.success) return false;
  const { event, head_sha: head } = parsed.data.workflow_run;
  return TRAINS_A_BRANCH.has(event) && head === sha;
}
