/**
 * The protection of a branch or tag in one form: classic protections and rulesets are both translated into it, so that
 * every rule is evaluated in one place.
 */
import type { components } from "@octokit/openapi-types";
import type {
  Allowance,
  BranchProtection,
  RequiredCheck,
  RequiredWorkflow,
  RulesetRule,
} from "../../world/protection.ts";

export type MergeMethod = "merge" | "squash" | "rebase";

export type ProtectionRequirement =
  | { readonly kind: "checks"; readonly strict: boolean; readonly checks: readonly RequiredCheck[] }
  | ReviewRequirement
  | { readonly kind: "conversations" }
  | { readonly kind: "linear-history" }
  | { readonly kind: "no-force-push" }
  | { readonly kind: "no-deletion" }
  | { readonly kind: "no-creation" }
  /** Only those who may bypass it may move the ref; `locked` is the form of classic protection. */
  | { readonly kind: "no-update"; readonly locked: boolean }
  | { readonly kind: "restricted"; readonly to: Allowance }
  | MergeQueueRequirement
  | { readonly kind: "deployments"; readonly environments: readonly string[] }
  | { readonly kind: "workflows"; readonly workflows: readonly RequiredWorkflow[] }
  | PatternRequirement;

export interface ReviewRequirement {
  readonly kind: "reviews";
  readonly count: number;
  readonly dismissStale: boolean;
  readonly codeOwners: boolean;
  readonly lastPushApproval: boolean;
  /** `undefined`: all three. */
  readonly methods: readonly MergeMethod[] | undefined;
  readonly bypass: Allowance | undefined;
}

export interface MergeQueueRequirement {
  readonly kind: "merge-queue";
  readonly method: MergeMethod;
  readonly grouping: "ALLGREEN" | "HEADGREEN";
  readonly timeoutMinutes: number;
  readonly minEntries: number;
  readonly minEntriesWaitMinutes: number;
  readonly maxEntriesToBuild: number;
  readonly maxEntriesToMerge: number;
}

export interface PatternRequirement {
  readonly kind: "pattern";
  readonly of: "commit message" | "author email" | "committer email" | "branch name" | "tag name";
  readonly operator: "starts_with" | "ends_with" | "contains" | "regex";
  readonly pattern: string;
  readonly negate: boolean;
}

type Schemas = components["schemas"];

/** `undefined` for a rule that the local GitHub does not enforce. */
export function requirementsOfRule(rule: RulesetRule): readonly ProtectionRequirement[] | undefined {
  // Rules come from the REST API, which has validated them against this description.
  const described = rule as Schemas["repository-rule"];
  switch (described.type) {
    case "creation":
      return [{ kind: "no-creation" }];
    case "update":
      return [{ kind: "no-update", locked: false }];
    case "deletion":
      return [{ kind: "no-deletion" }];
    case "non_fast_forward":
      return [{ kind: "no-force-push" }];
    case "required_linear_history":
      return [{ kind: "linear-history" }];
    case "required_status_checks":
      return [checksOfRule(described.parameters)];
    case "pull_request":
      return reviewsOfRule(described.parameters);
    case "required_deployments":
      return [{ kind: "deployments", environments: described.parameters?.required_deployment_environments ?? [] }];
    case "workflows":
      return [{ kind: "workflows", workflows: workflowsOfRule(described.parameters) }];
    case "merge_queue":
      return [mergeQueueOfRule(described.parameters)];
    case "commit_message_pattern":
      return patternOfRule("commit message", described.parameters);
    case "commit_author_email_pattern":
      return patternOfRule("author email", described.parameters);
    case "committer_email_pattern":
      return patternOfRule("committer email", described.parameters);
    case "branch_name_pattern":
      return patternOfRule("branch name", described.parameters);
    case "tag_name_pattern":
      return patternOfRule("tag name", described.parameters);
    default:
      return undefined;
  }
}

export function requirementsOfProtection(protection: BranchProtection): readonly ProtectionRequirement[] {
  const reviews = protection.requiredReviews;
  const requirements: readonly (ProtectionRequirement | false | undefined)[] = [
    protection.requiredChecks && { kind: "checks", ...protection.requiredChecks },
    reviews && { kind: "reviews", ...reviews, methods: undefined },
    protection.conversationResolution && { kind: "conversations" },
    protection.linearHistory && { kind: "linear-history" },
    !protection.allowForcePushes && { kind: "no-force-push" },
    !protection.allowDeletions && { kind: "no-deletion" },
    protection.blockCreations && { kind: "no-creation" },
    protection.lockBranch && { kind: "no-update", locked: true },
    protection.restrictions && { kind: "restricted", to: protection.restrictions },
  ];
  return requirements.filter((one) => one !== false && one !== undefined);
}

function checksOfRule(
  parameters: Schemas["repository-rule-required-status-checks"]["parameters"],
): ProtectionRequirement {
  return {
    kind: "checks",
    strict: parameters?.strict_required_status_checks_policy ?? false,
    checks: (parameters?.required_status_checks ?? []).map(({ context, integration_id }) => ({
      context,
      appId: integration_id ?? null,
    })),
  };
}

function reviewsOfRule(
  parameters: Schemas["repository-rule-pull-request"]["parameters"],
): readonly ProtectionRequirement[] {
  const reviews: ReviewRequirement = {
    kind: "reviews",
    count: parameters?.required_approving_review_count ?? 0,
    dismissStale: parameters?.dismiss_stale_reviews_on_push ?? false,
    codeOwners: parameters?.require_code_owner_review ?? false,
    lastPushApproval: parameters?.require_last_push_approval ?? false,
    methods: parameters?.allowed_merge_methods,
    bypass: undefined,
  };
  return parameters?.required_review_thread_resolution ? [reviews, { kind: "conversations" }] : [reviews];
}

const workflowsOfRule = (parameters: Schemas["repository-rule-workflows"]["parameters"]): readonly RequiredWorkflow[] =>
  (parameters?.workflows ?? []).map(({ path, repository_id, ref, sha }) => ({
    path,
    repositoryId: repository_id,
    ref,
    sha,
  }));

/** For missing parameters, the defaults of GitHub's settings page. */
function mergeQueueOfRule(parameters: Schemas["repository-rule-merge-queue"]["parameters"]): MergeQueueRequirement {
  return {
    kind: "merge-queue",
    method: MERGE_METHODS[parameters?.merge_method ?? "MERGE"],
    grouping: parameters?.grouping_strategy ?? "ALLGREEN",
    timeoutMinutes: parameters?.check_response_timeout_minutes ?? 60,
    minEntries: parameters?.min_entries_to_merge ?? 1,
    minEntriesWaitMinutes: parameters?.min_entries_to_merge_wait_minutes ?? 5,
    maxEntriesToBuild: parameters?.max_entries_to_build ?? 5,
    maxEntriesToMerge: parameters?.max_entries_to_merge ?? 5,
  };
}

const MERGE_METHODS = { MERGE: "merge", SQUASH: "squash", REBASE: "rebase" } as const;

function patternOfRule(
  of: PatternRequirement["of"],
  parameters: Schemas["repository-rule-commit-message-pattern"]["parameters"],
): readonly ProtectionRequirement[] {
  if (parameters === undefined) return [];
  return [
    {
      kind: "pattern",
      of,
      operator: parameters.operator,
      pattern: parameters.pattern,
      negate: parameters.negate ?? false,
    },
  ];
}
