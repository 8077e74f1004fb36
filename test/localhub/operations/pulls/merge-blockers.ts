/** What keeps a pull request from being merged, in GitHub's words. */
import type { Account } from "../../world/identity.ts";
import type { PullComparison } from "../../world/pulls.ts";
import type { PullRequest } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";
import type { Guard } from "../protection/guards.ts";
import { guardsOf, requirementsFor } from "../protection/guards.ts";
import type { JudgedCheck } from "../protection/required-checks.ts";
import { failureOf, judgeChecks } from "../protection/required-checks.ts";
import { missingDeployments, missingWorkflows } from "../protection/required-runs.ts";
import type { Requirement } from "../protection/requirements.ts";
import { readOwners } from "./code-owners.ts";
import { comparePull, isBehind } from "./pull-comparison.ts";
import { isOpen } from "./pull-state.ts";
import { reviewFailures } from "./review-standing.ts";

export interface Blocker {
  readonly kind: Requirement["kind"] | "closed" | "draft" | "conflict" | "behind";
  readonly message: string;
  /** The ruleset that asks for it; `undefined` for what the classic protection or git itself asks. */
  readonly ruleset: string | undefined;
}

/** The facts of one pull request that the rules are judged by. */
interface Case {
  readonly world: World;
  readonly pull: PullRequest;
  readonly comparison: PullComparison | undefined;
  /** What CODEOWNERS on the base branch says. */
  readonly owners: string;
}

/**
 * Everything that stands between the pull request and its base branch for `actor`, or for anybody where it is
 * `undefined`. An empty list: it can be merged.
 */
export async function mergeBlockers(
  world: World,
  pull: PullRequest,
  actor: Account | undefined,
): Promise<readonly Blocker[]> {
  const comparison = await comparePull(world, pull);
  const guards = guardsOf(world, pull.base, `refs/heads/${pull.baseRef}`);
  const owners = comparison && asksOwners(guards) ? await readOwners(pull.base.git, comparison.base) : "";
  return judgeMerge({ world, pull, comparison, owners }, guards, actor);
}

/** The verdict from facts at hand; asks nobody. */
function judgeMerge(facts: Case, guards: readonly Guard[], actor: Account | undefined): readonly Blocker[] {
  const { pull, comparison } = facts;
  const plain = (kind: Blocker["kind"], message: string): Blocker => ({ kind, message, ruleset: undefined });
  if (!isOpen(pull)) return [plain("closed", "Pull Request is not mergeable")];
  if (comparison?.mergeSha === undefined) return [plain("conflict", "Pull Request is not mergeable")];
  const draft = pull.draft ? [plain("draft", "Pull Request is still a draft")] : [];
  const rules = requirementsFor(guards, actor, true).flatMap(({ requirement, ruleset }) =>
    judge(facts, requirement).map((message) => ({
      kind: kindOf(facts, requirement),
      message,
      ruleset: ruleset?.name,
    })),
  );
  return [...draft, ...rules];
}

/** The words of GitHub's answer: a ruleset's violations come under a heading, the classic protection's in one line. */
export function refusalText(blockers: readonly Blocker[]): string {
  const messages = [...new Set(blockers.map(({ message }) => message))];
  if (!blockers.some(({ ruleset }) => ruleset !== undefined)) return messages.join(" ");
  return `Repository rule violations found\n\n${messages.join("\n\n")}\n\n`;
}

const asksOwners = (guards: readonly Guard[]): boolean =>
  guards.some(({ requirements }) => requirements.some((one) => one.kind === "reviews" && one.codeOwners));

/** Checks that are only "expected" because the head is behind its base want an update, not patience. */
function kindOf({ comparison, world, pull }: Case, requirement: Requirement): Blocker["kind"] {
  if (requirement.kind !== "checks" || !requirement.strict || !comparison || !isBehind(comparison)) {
    return requirement.kind;
  }
  const passed = judgedChecks(world, pull, comparison, requirement.checks).every((one) => one.standing === "success");
  return passed ? "behind" : "checks";
}

function judge(facts: Case, requirement: Requirement): readonly string[] {
  const { world, pull, comparison } = facts;
  switch (requirement.kind) {
    case "checks":
      return some(checksFailure(world, pull, comparison, requirement));
    case "reviews":
      return reviewFailures(world, pull, requirement, facts.owners);
    case "conversations":
      // Resolving is GraphQL's alone, so every conversation that was begun is still open here.
      return pull.reviews.some(({ state, comments }) => state !== "PENDING" && comments.length > 0)
        ? ["A conversation must be resolved before this pull request can be merged."]
        : [];
    case "restricted":
      return ["You're not authorized to push to this branch."];
    case "no-update":
      return [requirement.locked ? "Cannot change this locked branch" : "Cannot update this protected ref."];
    case "merge-queue":
      return ["Changes must be made through the merge queue"];
    case "deployments":
      return missingDeployments(pull.base, requirement.environments, pull.headSha);
    case "workflows":
      return missingWorkflows(pull.base, requirement.workflows, pull.headSha);
    // These are about the commits that arrive or the way they arrive: judged when the merge is made.
    case "linear-history":
    case "pattern":
    case "no-force-push":
    case "no-creation":
    case "no-deletion":
      return [];
  }
}

function checksFailure(
  world: World,
  pull: PullRequest,
  comparison: PullComparison | undefined,
  { checks, strict }: Extract<Requirement, { kind: "checks" }>,
): string | undefined {
  if (comparison === undefined) return undefined;
  // Nothing that was reported on an outdated head counts; GitHub says "6 of 6 required status checks are expected."
  if (strict && isBehind(comparison)) {
    return failureOf(checks.map((check) => ({ check, standing: "expected" })));
  }
  return failureOf(judgedChecks(world, pull, comparison, checks));
}

function judgedChecks(
  world: World,
  pull: PullRequest,
  { mergeSha }: PullComparison,
  checks: Parameters<typeof judgeChecks>[2],
): readonly JudgedCheck[] {
  return judgeChecks(world, pull.base, checks, mergeSha === undefined ? [pull.headSha] : [mergeSha, pull.headSha]);
}

const some = (message: string | undefined): readonly string[] => (message === undefined ? [] : [message]);
