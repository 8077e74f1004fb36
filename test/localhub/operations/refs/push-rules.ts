/** Whether a ref may be moved, made or deleted by a plain push, whichever way it comes. */

import type { Caller } from "../../world/caller.ts";
import { invalid } from "../../world/refusal.ts";
import type { Repository } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";
import { runsOver } from "../protection/commit-patterns.ts";
import { guardsOf, requirementsFor } from "../protection/guards.ts";
import { failureOf, judgeChecks } from "../protection/required-checks.ts";
import { missingDeployments, missingWorkflows } from "../protection/required-runs.ts";
import type { Requirement } from "../protection/requirements.ts";
import type { Blocker } from "../pulls/merge-blockers.ts";
import { refusalText } from "../pulls/merge-blockers.ts";

const NO_COMMIT = "0".repeat(40);

/** Branches the merge queue works on are its own (GitHub docs: "Managing a merge queue"). */
export const QUEUE_PREFIX = "refs/heads/gh-readonly-queue/";

interface Push {
  readonly world: World;
  readonly repository: Repository;
  readonly ref: string;
  readonly before: string;
  readonly after: string;
  /** `after` does not hold all that `before` held. */
  readonly forced: boolean;
}

/**
 * @param before Forty zeros where the ref is new.
 * @param after Forty zeros where it is to be deleted.
 * @throws Refusal 422 in GitHub's words when a protection or an active ruleset forbids it to the caller.
 */
export async function assertPushAllowed(
  world: World,
  repository: Repository,
  ref: string,
  before: string,
  after: string,
  caller: Caller,
): Promise<void> {
  if (ref.startsWith(QUEUE_PREFIX)) throw invalid("Cannot update this protected ref.");
  if (!/^refs\/(heads|tags)\//.test(ref)) return;
  const rules = requirementsFor(guardsOf(world, repository, ref), caller.actor, false);
  if (rules.length === 0) return;
  const moves = before !== NO_COMMIT && after !== NO_COMMIT;
  const forced = moves && !(await repository.git.isAncestor(before, after));
  const push: Push = { world, repository, ref, before, after, forced };
  const blockers: Blocker[] = [];
  for (const { requirement, ruleset } of rules) {
    const message = await violation(push, requirement);
    if (message !== undefined) blockers.push({ kind: requirement.kind, message, ruleset: ruleset?.name });
  }
  if (blockers.length > 0) throw invalid(refusalText(blockers));
}

async function violation(push: Push, requirement: Requirement): Promise<string | undefined> {
  const { world, repository, before, after, forced } = push;
  if (after === NO_COMMIT) {
    return requirement.kind === "no-deletion" ? "Cannot delete this protected branch" : undefined;
  }
  switch (requirement.kind) {
    case "no-creation":
      return before === NO_COMMIT ? "Cannot create ref due to creations being restricted." : undefined;
    case "no-update":
      if (before === NO_COMMIT) return undefined;
      return requirement.locked ? "Cannot change this locked branch" : "Cannot update this protected ref.";
    case "no-force-push":
      return forced ? "Cannot force-push to this branch" : undefined;
    case "restricted":
      return "You're not authorized to push to this branch.";
    case "reviews":
      return before === NO_COMMIT ? undefined : "Changes must be made through a pull request.";
    case "merge-queue":
      return before === NO_COMMIT ? undefined : "Changes must be made through the merge queue";
    case "checks":
      return failureOf(judgeChecks(world, repository, requirement.checks, [after]));
    case "deployments":
      return missingDeployments(repository, requirement.environments, after)[0];
    case "workflows":
      return missingWorkflows(repository, requirement.workflows, after)[0];
    case "linear-history":
    case "pattern":
      return runsOver(repository, push, requirement);
    case "conversations":
    case "no-deletion":
      return undefined;
  }
}
