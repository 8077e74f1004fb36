/** Whether a ref may be moved, created or deleted by a push, over git or by API. */

import { ZERO_SHA } from "../../git/git-repository.ts";
import { unprocessable } from "../../world/api-error.ts";
import type { Caller } from "../../world/caller.ts";
import type { Repository } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";
import { findCommitRuleViolation } from "../protection/commit-rules.ts";
import { refProtectionsOf, requirementsFor } from "../protection/ref-protections.ts";
import { evaluateChecks, formatUnmetChecks } from "../protection/required-checks.ts";
import { missingDeployments, missingWorkflows } from "../protection/required-runs.ts";
import type { ProtectionRequirement } from "../protection/requirements.ts";
import type { Blocker } from "../pulls/merge-blockers.ts";
import { formatBlockers } from "../pulls/merge-blockers.ts";

/** Branches that only the merge queue may change (GitHub docs: "Managing a merge queue"). */
export const QUEUE_PREFIX = "refs/heads/gh-readonly-queue/";

interface Push {
  readonly world: World;
  readonly repository: Repository;
  readonly ref: string;
  readonly before: string;
  readonly after: string;
  /** `after` does not contain all commits of `before`. */
  readonly forced: boolean;
}

/**
 * @param before Forty zeros for a new ref.
 * @param after Forty zeros for a deletion.
 * @throws ApiError 422 with GitHub's message when a protection or an active ruleset forbids it to the caller.
 */
export async function assertPushAllowed(
  world: World,
  repository: Repository,
  ref: string,
  before: string,
  after: string,
  caller: Caller,
): Promise<void> {
  if (ref.startsWith(QUEUE_PREFIX)) throw unprocessable("Cannot update this protected ref.");
  if (!/^refs\/(heads|tags)\//.test(ref)) return;
  const rules = requirementsFor(refProtectionsOf(world, repository, ref), caller.actor, false);
  if (rules.length === 0) return;
  const moves = before !== ZERO_SHA && after !== ZERO_SHA;
  const forced = moves && !(await repository.git.isAncestor(before, after));
  const push: Push = { world, repository, ref, before, after, forced };
  const blockers: Blocker[] = [];
  for (const { requirement, ruleset } of rules) {
    const message = await violation(push, requirement);
    if (message !== undefined) blockers.push({ kind: requirement.kind, message, ruleset: ruleset?.name });
  }
  if (blockers.length > 0) throw unprocessable(formatBlockers(blockers));
}

async function violation(push: Push, requirement: ProtectionRequirement): Promise<string | undefined> {
  const { world, repository, before, after, forced } = push;
  if (after === ZERO_SHA) {
    return requirement.kind === "no-deletion" ? "Cannot delete this protected branch" : undefined;
  }
  switch (requirement.kind) {
    case "no-creation":
      return before === ZERO_SHA ? "Cannot create ref due to creations being restricted." : undefined;
    case "no-update":
      if (before === ZERO_SHA) return undefined;
      return requirement.locked ? "Cannot change this locked branch" : "Cannot update this protected ref.";
    case "no-force-push":
      return forced ? "Cannot force-push to this branch" : undefined;
    case "restricted":
      return "You're not authorized to push to this branch.";
    case "reviews":
      return before === ZERO_SHA ? undefined : "Changes must be made through a pull request.";
    case "merge-queue":
      return before === ZERO_SHA ? undefined : "Changes must be made through the merge queue";
    case "checks":
      return formatUnmetChecks(evaluateChecks(world, repository, requirement.checks, [after]));
    case "deployments":
      return missingDeployments(repository, requirement.environments, after)[0];
    case "workflows":
      return missingWorkflows(repository, requirement.workflows, after)[0];
    case "linear-history":
    case "pattern":
      return findCommitRuleViolation(repository, push, requirement);
    case "conversations":
    case "no-deletion":
      return undefined;
  }
}
