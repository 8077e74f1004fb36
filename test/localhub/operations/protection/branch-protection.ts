/** Reading and changing classic branch protection. */

import { ApiError, unprocessable } from "../../world/api-error.ts";
import type { Caller } from "../../world/caller.ts";
import type { Allowance, BranchProtection, RequiredCheck } from "../../world/protection.ts";
import type { Repository } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";
import { hasPermission } from "../people/access.ts";

/** Logins of people, slugs of teams and of apps. */
export interface AllowanceNames {
  readonly users?: readonly string[];
  readonly teams?: readonly string[];
  readonly apps?: readonly string[];
}

export type ProtectionSettings = Omit<
  BranchProtection,
  "branch" | "requiredChecks" | "requiredReviews" | "restrictions"
> & {
  readonly requiredChecks:
    | {
        readonly strict: boolean;
        /** By default the app that last reported the check; `-1` means any. */
        readonly checks: readonly { readonly context: string; readonly appId?: number | undefined }[];
      }
    | undefined;
  readonly requiredReviews:
    | (Omit<NonNullable<BranchProtection["requiredReviews"]>, "dismissal" | "bypass"> & {
        readonly dismissal: AllowanceNames | undefined;
        readonly bypass: AllowanceNames | undefined;
      })
    | undefined;
  readonly restrictions: AllowanceNames | undefined;
};

/** GitHub docs, "Update branch protection": 0 to 6. */
const MAX_REQUIRED_APPROVALS = 6;

/** @throws ApiError 404 `Branch not found` / `Branch not protected`. */
export async function protectionOf(repository: Repository, branch: string): Promise<BranchProtection> {
  await assertBranch(repository, branch);
  const protection = repository.protections.get(branch);
  if (protection === undefined) throw new ApiError(404, "Branch not protected");
  return protection;
}

/** Replaces all settings. @throws ApiError 403, 404 for an unknown branch, 422 for unknown people, teams or apps. */
export async function protectBranch(
  world: World,
  repository: Repository,
  branch: string,
  settings: ProtectionSettings,
  caller: Caller,
): Promise<BranchProtection> {
  assertMayAdminister(repository, caller);
  await assertBranch(repository, branch);
  const { requiredChecks, requiredReviews: reviews, restrictions, ...switches } = settings;
  if (reviews !== undefined && (reviews.count < 0 || reviews.count > MAX_REQUIRED_APPROVALS)) {
    throw unprocessable(`required_approving_review_count must be between 0 and ${MAX_REQUIRED_APPROVALS}.`);
  }
  const protection: BranchProtection = {
    ...switches,
    branch,
    requiredChecks: requiredChecks && {
      strict: requiredChecks.strict,
      checks: requiredChecks.checks.map((check) => toRequiredCheck(repository, check)),
    },
    requiredReviews: reviews && {
      ...reviews,
      dismissal: reviews.dismissal && allowanceOf(world, repository, reviews.dismissal),
      bypass: reviews.bypass && allowanceOf(world, repository, reviews.bypass),
    },
    restrictions: restrictions && allowanceOf(world, repository, restrictions),
  };
  repository.protections.set(branch, protection);
  return protection;
}

export async function unprotectBranch(repository: Repository, branch: string, caller: Caller): Promise<void> {
  assertMayAdminister(repository, caller);
  await protectionOf(repository, branch);
  repository.protections.delete(branch);
}

export function assertMayAdminister(repository: Repository, caller: Caller): void {
  if (hasPermission(repository, caller, "admin", "administration")) return;
  throw new ApiError(403, "Must have admin rights to Repository.");
}

async function assertBranch({ git }: Repository, branch: string): Promise<void> {
  if ((await git.ref(`refs/heads/${branch}`)) === undefined) throw new ApiError(404, "Branch not found");
}

/** GitHub docs, `checks[].app_id`: omitted, the app that has recently reported the check is selected. */
function toRequiredCheck(
  repository: Repository,
  { context, appId }: { readonly context: string; readonly appId?: number | undefined },
): RequiredCheck {
  if (appId === -1) return { context, appId: null };
  const recent = [...repository.checkRuns.values()].findLast((run) => run.name === context);
  return { context, appId: appId ?? recent?.suite.app.id ?? null };
}

function allowanceOf(world: World, repository: Repository, names: AllowanceNames): Allowance {
  const unknown = (kind: string, name: string): never => {
    throw unprocessable("Validation Failed", [`Could not find ${kind} "${name}".`]);
  };
  const owner = repository.owner.login;
  return {
    users: new Set(
      (names.users ?? []).map((login) => world.accounts.get(login.toLowerCase()) ?? unknown("user", login)),
    ),
    teams: new Set(
      (names.teams ?? []).map((slug) => world.teams.get(`${owner}/${slug}`.toLowerCase()) ?? unknown("team", slug)),
    ),
    apps: new Set(
      (names.apps ?? []).map(
        (slug) => [...world.apps.values()].find((app) => app.slug === slug) ?? unknown("app", slug),
      ),
    ),
  };
}
