/** The protection of a branch in short: whether it has any, and which checks are required. */
import type { RequiredCheck } from "../../world/protection.ts";
import type { Repository } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";
import { refProtectionsOf } from "./ref-protections.ts";

/** Every check that the branch's protection and rulesets require, each once. */
export function requiredChecksOf(world: World, repository: Repository, branch: string): readonly RequiredCheck[] {
  const checks = refProtectionsOf(world, repository, `refs/heads/${branch}`).flatMap(({ requirements }) =>
    requirements.flatMap((requirement) => (requirement.kind === "checks" ? requirement.checks : [])),
  );
  return [...new Map(checks.map((check) => [`${check.appId} ${check.context}`, check])).values()];
}

/** Whether the branch has any protection: `protected` in GitHub's lists of branches. */
export const isProtected = (world: World, repository: Repository, branch: string): boolean =>
  refProtectionsOf(world, repository, `refs/heads/${branch}`).length > 0;
