/** The environments that a run waits for, and the reviews of its deployments. */
import type { components } from "@octokit/openapi-types";
import { findEnvironmentByName } from "../operations/deployments/environments.ts";
import type { EnvironmentApproval } from "../world/actions.ts";
import type { Repository } from "../world/repository.ts";
import type { World } from "../world/world.ts";
import { renderAccount } from "./account.ts";
import { renderEnvironmentReference, renderReviewer } from "./environments.ts";
import { timestamp, timestampOrNull } from "./timestamp.ts";

type Schemas = components["schemas"];

/** An environment that jobs of a run wait for. */
export interface PendingDeployment {
  readonly id: number;
  readonly name: string;
  readonly waitTimer: number;
  readonly waitTimerStartedAt: Date | null;
  readonly currentUserCanApprove: boolean;
}

export function renderPendingDeployment(world: World, repository: Repository, pending: PendingDeployment) {
  const environment = findEnvironmentByName(repository, pending.name);
  return {
    environment: renderEnvironmentReference(world, repository, pending),
    wait_timer: pending.waitTimer,
    wait_timer_started_at: timestampOrNull(pending.waitTimerStartedAt),
    current_user_can_approve: pending.currentUserCanApprove,
    reviewers: (environment?.reviewers ?? []).map((reviewer) => renderReviewer(world, reviewer)),
  } satisfies Schemas["pending-deployment"];
}

/** Without the time of the approval and the attempt: GitHub does not send them. The times are the environment's own. */
export function renderApproval(world: World, repository: Repository, approval: EnvironmentApproval) {
  return {
    state: approval.state,
    comment: approval.comment,
    environments: approval.environments
      .flatMap((name) => findEnvironmentByName(repository, name) ?? [])
      .map((environment) => ({
        ...renderEnvironmentReference(world, repository, environment),
        created_at: timestamp(environment.createdAt),
        updated_at: timestamp(environment.updatedAt),
      })),
    user: renderAccount(world, approval.user),
  } satisfies Schemas["environment-approvals"];
}
