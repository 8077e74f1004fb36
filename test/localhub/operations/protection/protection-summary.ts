/** What guards a branch, in short: whether anything does, and which checks it requires. */
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

/** Whether anything guards the branch: what `protected` says in GitHub's lists of branches. */
export const isProtected = (world: World, repository: Repository, branch: string): boolean =>
  refProtectionsOf(world, repository, `refs/heads/${branch}`).length > 0;
