/** `mergeable_state`: in one word, whether a pull request can be merged and, if not, why. */
import type { PullRequest } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";
import { mergeBoxCheckRuns } from "../checks/checks.ts";
import { latestStatuses } from "../checks/statuses.ts";
import { requiredStateOfCheckRun, requiredStateOfStatus } from "../protection/required-checks.ts";
import { mergeBlockers } from "../pulls/merge-blockers.ts";
import { isOpen } from "../pulls/pull-state.ts";

/** GitHub docs, GraphQL `MergeStateStatus`; `has_hooks` exists only on Enterprise Server. */
export type MergeState = "clean" | "dirty" | "blocked" | "behind" | "unstable" | "draft" | "unknown";

/** Compares the pull request where its branches have moved. Closed ones are not compared: `unknown`. */
export async function mergeStateOf(world: World, pull: PullRequest): Promise<MergeState> {
  if (!isOpen(pull)) return "unknown";
  const blockers = await mergeBlockers(world, pull, undefined);
  const kinds = new Set(blockers.map(({ kind }) => kind));
  if (kinds.has("conflict")) return "dirty";
  if (kinds.has("draft")) return "draft";
  if (kinds.size > 0) return kinds.size === 1 && kinds.has("behind") ? "behind" : "blocked";
  return isGreen(pull) ? "clean" : "unstable";
}

/** No status and no check run of the head, required or not, has failed or is pending. */
function isGreen({ base, headSha }: PullRequest): boolean {
  return (
    latestStatuses(base, headSha).every((status) => requiredStateOfStatus(status) === "success") &&
    mergeBoxCheckRuns(base, headSha).every((run) => requiredStateOfCheckRun(run) === "success")
  );
}
