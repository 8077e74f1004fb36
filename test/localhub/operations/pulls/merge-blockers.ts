/** What keeps a pull request from being merged, with GitHub's messages. */
import type { Account } from "../../world/identity.ts";
import type { PullComparison } from "../../world/pulls.ts";
import type { PullRequest } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";
import type { RefProtection } from "../protection/ref-protections.ts";
import { refProtectionsOf, requirementsFor } from "../protection/ref-protections.ts";
import type { EvaluatedCheck } from "../protection/required-checks.ts";
import { evaluateChecks, formatUnmetChecks } from "../protection/required-checks.ts";
import { missingDeployments, missingWorkflows } from "../protection/required-runs.ts";
import type { ProtectionRequirement } from "../protection/requirements.ts";
import { readOwners } from "./code-owners.ts";
import { comparePull, isBehind } from "./pull-comparison.ts";
import { isOpen } from "./pull-state.ts";
import { unmetReviewRequirements } from "./review-requirements.ts";

export interface Blocker {
  readonly kind: ProtectionRequirement["kind"] | "closed" | "draft" | "conflict" | "behind";
  readonly message: string;
  /** The ruleset that requires it; `undefined` for requirements of classic protection or of git itself. */
  readonly ruleset: string | undefined;
}

/** The data of one pull request that the rules are evaluated with. */
interface MergeContext {
  readonly world: World;
  readonly pull: PullRequest;
  readonly comparison: PullComparison | undefined;
  /** The text of CODEOWNERS on the base branch. */
  readonly owners: string;
}

/**
 * Everything that keeps `actor` (anyone when `undefined`) from merging the pull request. An empty list: it can be
 * merged.
 */
export async function mergeBlockers(
  world: World,
  pull: PullRequest,
  actor: Account | undefined,
): Promise<readonly Blocker[]> {
  const comparison = await comparePull(world, pull);
  const protections = refProtectionsOf(world, pull.base, `refs/heads/${pull.baseRef}`);
  const owners = comparison && requiresCodeOwners(protections) ? await readOwners(pull.base.git, comparison.base) : "";
  return findBlockers({ world, pull, comparison, owners }, protections, actor);
}

/** Evaluates the given data; reads nothing else. */
function findBlockers(
  context: MergeContext,
  protections: readonly RefProtection[],
  actor: Account | undefined,
): readonly Blocker[] {
  const { pull, comparison } = context;
  const plain = (kind: Blocker["kind"], message: string): Blocker => ({ kind, message, ruleset: undefined });
  if (!isOpen(pull)) return [plain("closed", "Pull Request is not mergeable")];
  if (comparison?.mergeSha === undefined) return [plain("conflict", "Pull Request is not mergeable")];
  const draft = pull.draft ? [plain("draft", "Pull Request is still a draft")] : [];
  const rules = requirementsFor(protections, actor, true).flatMap(({ requirement, ruleset }) =>
    unmetMessages(context, requirement).map((message) => ({
      kind: kindOf(context, requirement),
      message,
      ruleset: ruleset?.name,
    })),
  );
  return [...draft, ...rules];
}

/** GitHub's message: a ruleset's violations come under a heading, those of classic protection in one line. */
export function formatBlockers(blockers: readonly Blocker[]): string {
  const messages = [...new Set(blockers.map(({ message }) => message))];
  if (!blockers.some(({ ruleset }) => ruleset !== undefined)) return messages.join(" ");
  return `Repository rule violations found\n\n${messages.join("\n\n")}\n\n`;
}

const requiresCodeOwners = (protections: readonly RefProtection[]): boolean =>
  protections.some(({ requirements }) => requirements.some((one) => one.kind === "reviews" && one.codeOwners));

/** Checks that are "expected" only because the head is behind its base need an update of the branch, not a wait. */
function kindOf({ comparison, world, pull }: MergeContext, requirement: ProtectionRequirement): Blocker["kind"] {
  if (requirement.kind !== "checks" || !requirement.strict || !comparison || !isBehind(comparison)) {
    return requirement.kind;
  }
  const passed = evaluateMergeChecks(world, pull, comparison, requirement.checks).every(
    (one) => one.state === "success",
  );
  return passed ? "behind" : "checks";
}

function unmetMessages(context: MergeContext, requirement: ProtectionRequirement): readonly string[] {
  const { world, pull, comparison } = context;
  switch (requirement.kind) {
    case "checks":
      return toList(unmetChecksMessage(world, pull, comparison, requirement));
    case "reviews":
      return unmetReviewRequirements(world, pull, requirement, context.owners);
    case "conversations":
      // Only GraphQL can resolve conversations, so every conversation is still open here.
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
    // These depend on the new commits or on how they are pushed: they are evaluated when the merge is made.
    case "linear-history":
    case "pattern":
    case "no-force-push":
    case "no-creation":
    case "no-deletion":
      return [];
  }
}

function unmetChecksMessage(
  world: World,
  pull: PullRequest,
  comparison: PullComparison | undefined,
  { checks, strict }: Extract<ProtectionRequirement, { kind: "checks" }>,
): string | undefined {
  if (comparison === undefined) return undefined;
  // Results on an outdated head do not count; GitHub's message is "6 of 6 required status checks are expected."
  if (strict && isBehind(comparison)) {
    return formatUnmetChecks(checks.map((check) => ({ check, state: "expected" })));
  }
  return formatUnmetChecks(evaluateMergeChecks(world, pull, comparison, checks));
}

function evaluateMergeChecks(
  world: World,
  pull: PullRequest,
  { mergeSha }: PullComparison,
  checks: Parameters<typeof evaluateChecks>[2],
): readonly EvaluatedCheck[] {
  return evaluateChecks(world, pull.base, checks, mergeSha === undefined ? [pull.headSha] : [mergeSha, pull.headSha]);
}

const toList = (message: string | undefined): readonly string[] => (message === undefined ? [] : [message]);
