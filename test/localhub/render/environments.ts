/** Environments with their protection rules and branch policies in REST replies. */
import type { components } from "@octokit/openapi-types";
import { isTeam } from "../operations/deployments/environments.ts";
import type { BranchPattern, Environment } from "../world/deployments.ts";
import type { Account, Team } from "../world/identity.ts";
import type { Repository } from "../world/repository.ts";
import type { World } from "../world/world.ts";
import { renderAccount } from "./account.ts";
import { nodeId } from "./node-id.ts";
import { renderTeam } from "./team.ts";
import { timestamp } from "./timestamp.ts";
import { repositoryApiUrl, repositoryPageUrl } from "./urls.ts";

type Schemas = components["schemas"];

export function renderEnvironment(world: World, repository: Repository, environment: Environment) {
  return {
    ...renderEnvironmentReference(world, repository, environment),
    created_at: timestamp(environment.createdAt),
    updated_at: timestamp(environment.updatedAt),
    // Not in the description, but in GitHub's replies since this option exists.
    can_admins_bypass: environment.adminsCanBypass,
    protection_rules: rulesOf(world, environment),
    deployment_branch_policy: environment.branchPolicy
      ? {
          protected_branches: environment.branchPolicy.kind === "protected-branches",
          custom_branch_policies: environment.branchPolicy.kind === "custom",
        }
      : null,
  } satisfies Schemas["environment"] & { can_admins_bypass: boolean };
}

/** The short form of an environment in approvals and pending deployments. */
export function renderEnvironmentReference(
  world: World,
  repository: Repository,
  { id, name }: Pick<Environment, "id" | "name">,
) {
  const inUrl = encodeURIComponent(name);
  return {
    id,
    node_id: nodeId("environment", id, repository.id),
    name,
    url: repositoryApiUrl(world, repository, `environments/${inUrl}`),
    html_url: repositoryPageUrl(world, repository, `deployments/activity_log?environments_filter=${inUrl}`),
  };
}

/** A required reviewer with its kind, in the lists of environments and pending deployments. */
export function renderReviewer(world: World, reviewer: Account | Team) {
  return isTeam(reviewer)
    ? { type: "Team" as const, reviewer: renderTeam(world, reviewer) }
    : { type: "User" as const, reviewer: renderAccount(world, reviewer) };
}

export function renderBranchPattern(pattern: BranchPattern): Schemas["deployment-branch-policy"] {
  return {
    id: pattern.id,
    node_id: nodeId("branch-policy", pattern.id),
    name: pattern.name,
    type: pattern.type,
  };
}

/** Only the rules that are switched on. */
function rulesOf(world: World, environment: Environment) {
  const { ruleIds, waitTimer, reviewers, preventSelfReview, branchPolicy } = environment;
  const rule = (id: number, type: string) => ({ id, node_id: nodeId("gate", id), type });
  return [
    ...(waitTimer > 0 ? [{ ...rule(ruleIds.waitTimer, "wait_timer"), wait_timer: waitTimer }] : []),
    ...(reviewers.length > 0
      ? [
          {
            ...rule(ruleIds.reviewers, "required_reviewers"),
            prevent_self_review: preventSelfReview,
            reviewers: reviewers.map((reviewer) => renderReviewer(world, reviewer)),
          },
        ]
      : []),
    ...(branchPolicy ? [rule(ruleIds.branchPolicy, "branch_policy")] : []),
  ];
}
