/** Classic branch protection in REST replies. */
import type { components } from "@octokit/openapi-types";
import type { Allowance, BranchProtection } from "../world/protection.ts";
import type { Repository } from "../world/repository.ts";
import type { World } from "../world/world.ts";
import { renderAccount } from "./account.ts";
import { renderApp } from "./app.ts";
import { renderTeam } from "./team.ts";
import { repositoryApiUrl } from "./urls.ts";

type Schemas = components["schemas"];

/** The reply to reading and to updating; it fits both of the description's schemas. */
export function renderProtection(world: World, repository: Repository, protection: BranchProtection) {
  const url = protectionApi(world, repository, protection.branch);
  const enabled = (on: boolean) => ({ enabled: on });
  const { requiredReviews, restrictions } = protection;
  return {
    url,
    ...(protection.requiredChecks && {
      required_status_checks: renderStatusCheckPolicy(world, repository, protection.branch, protection.requiredChecks),
    }),
    ...(requiredReviews && {
      required_pull_request_reviews: renderReviewPolicy(world, repository, protection.branch, requiredReviews),
    }),
    ...(restrictions && {
      restrictions: {
        ...linksOf(`${url}/restrictions`),
        apps_url: `${url}/restrictions/apps`,
        ...renderAllowance(world, restrictions),
      },
    }),
    // Signatures cannot be verified here, and the local GitHub does not have the separate route of this setting.
    required_signatures: { url: `${url}/required_signatures`, enabled: false },
    enforce_admins: { url: `${url}/enforce_admins`, enabled: protection.enforceAdmins },
    required_linear_history: enabled(protection.linearHistory),
    allow_force_pushes: enabled(protection.allowForcePushes),
    allow_deletions: enabled(protection.allowDeletions),
    block_creations: enabled(protection.blockCreations),
    required_conversation_resolution: enabled(protection.conversationResolution),
    lock_branch: enabled(protection.lockBranch),
    allow_fork_syncing: enabled(protection.allowForkSyncing),
  } satisfies Schemas["branch-protection"] & Schemas["protected-branch"];
}

export function renderStatusCheckPolicy(
  world: World,
  repository: Repository,
  branch: string,
  { strict, checks }: NonNullable<BranchProtection["requiredChecks"]>,
) {
  const url = `${protectionApi(world, repository, branch)}/required_status_checks`;
  return {
    url,
    strict,
    contexts: checks.map(({ context }) => context),
    contexts_url: `${url}/contexts`,
    checks: checks.map(({ context, appId }) => ({ context, app_id: appId })),
  } satisfies Schemas["status-check-policy"];
}

function renderReviewPolicy(
  world: World,
  repository: Repository,
  branch: string,
  reviews: NonNullable<BranchProtection["requiredReviews"]>,
) {
  const base = protectionApi(world, repository, branch);
  return {
    url: `${base}/required_pull_request_reviews`,
    dismiss_stale_reviews: reviews.dismissStale,
    require_code_owner_reviews: reviews.codeOwners,
    require_last_push_approval: reviews.lastPushApproval,
    required_approving_review_count: reviews.count,
    ...(reviews.dismissal && {
      dismissal_restrictions: {
        ...linksOf(`${base}/dismissal_restrictions`),
        ...renderAllowance(world, reviews.dismissal),
      },
    }),
    ...(reviews.bypass && { bypass_pull_request_allowances: renderAllowance(world, reviews.bypass) }),
  };
}

const protectionApi = (world: World, repository: Repository, branch: string): string =>
  repositoryApiUrl(world, repository, `branches/${encodeURIComponent(branch)}/protection`);

const linksOf = (url: string) => ({ url, users_url: `${url}/users`, teams_url: `${url}/teams` });

const renderAllowance = (world: World, { users, teams, apps }: Allowance) => ({
  users: [...users].map((account) => renderAccount(world, account)),
  teams: [...teams].map((team) => renderTeam(world, team)),
  apps: [...apps].map((app) => renderApp(world, app)),
});
