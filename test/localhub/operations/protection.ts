/** What guards branches, seen from outside: which checks are required, may this be merged, may that be pushed. */
import type { RequiredCheck } from "../world/protection.ts";
import type { Repository } from "../world/repository.ts";
import type { World } from "../world/world.ts";
import { guardsOf } from "./guards.ts";

export type { Blocker } from "./merge-blockers.ts";
export { mergeBlockers } from "./merge-blockers.ts";
export { assertPushAllowed } from "./push-rules.ts";

/** Every check that the branch's protection and rulesets require, each once. */
export function requiredChecksOf(world: World, repository: Repository, branch: string): readonly RequiredCheck[] {
  const checks = guardsOf(world, repository, `refs/heads/${branch}`).flatMap(({ requirements }) =>
    requirements.flatMap((requirement) => (requirement.kind === "checks" ? requirement.checks : [])),
  );
  return [...new Map(checks.map((check) => [`${check.appId} ${check.context}`, check])).values()];
}

/** Whether anything guards the branch: what `protected` says in GitHub's lists of branches. */
export const isProtected = (world: World, repository: Repository, branch: string): boolean =>
  guardsOf(world, repository, `refs/heads/${branch}`).length > 0;
