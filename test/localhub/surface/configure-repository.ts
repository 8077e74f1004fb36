/** Sets up a repository: people, settings, environments, protections, runners. */

import { addBranchPattern, protectEnvironment } from "../operations/deployments/environments.ts";
import { teamBySlug } from "../operations/people/account-lookup.ts";
import { ensureAccount } from "../operations/people/accounts.ts";
import { setSecret } from "../operations/people/variables.ts";
import { registerRunner } from "../operations/runs/runners.ts";
import type { Account, Team } from "../world/identity.ts";
import type { BranchProtection } from "../world/protection.ts";
import type { Repository } from "../world/repository.ts";
import type { World } from "../world/world.ts";
import type { EnvironmentOptions, LocalGitHubOptions, ProtectionOptions } from "./options.ts";

export function configureRepository(world: World, repository: Repository, options: LocalGitHubOptions): void {
  for (const [login, role] of Object.entries(options.people ?? {})) {
    repository.collaborators.set(ensureAccount(world, login), role);
  }
  const { actions } = repository;
  fill(actions.secrets, options.secrets);
  fill(actions.variables, options.variables);
  actions.defaultPermissions = options.defaultPermissions ?? actions.defaultPermissions;
  actions.canApprovePullRequests = options.tokenMayOpenPullRequests ?? actions.canApprovePullRequests;
  for (const [name, environment] of Object.entries(options.environments ?? {})) {
    configureEnvironment(world, repository, name, environment);
  }
  for (const runner of options.runners ?? []) registerRunner(world, repository, runner);
}

function configureEnvironment(world: World, repository: Repository, name: string, options: EnvironmentOptions): void {
  const { branches } = options;
  const environment = protectEnvironment(world, repository, name, {
    waitTimer: options.waitTimer,
    preventSelfReview: options.preventSelfReview,
    reviewers: options.reviewers?.map((reviewer) => reviewerNamed(world, reviewer)),
    branches: branches === undefined ? undefined : branches === "protected" ? "protected-branches" : "custom",
    adminsCanBypass: options.adminsCanBypass,
  });
  if (Array.isArray(branches)) for (const pattern of branches) addBranchPattern(world, environment, pattern, "branch");
  fill(environment.secrets, options.secrets);
  fill(environment.variables, options.variables);
}

/** Classic branch protection; every rule that is not requested is off. */
export function addBranchProtection(repository: Repository, branch: string, options: ProtectionOptions): void {
  const protection: BranchProtection = {
    branch,
    requiredChecks: options.checks && {
      strict: options.strict ?? false,
      checks: options.checks.map((context) => ({ context, appId: null })),
    },
    requiredReviews:
      options.reviews === undefined
        ? undefined
        : {
            count: options.reviews,
            dismissStale: false,
            codeOwners: false,
            lastPushApproval: false,
            dismissal: undefined,
            bypass: undefined,
          },
    enforceAdmins: options.enforceAdmins ?? true,
    linearHistory: false,
    allowForcePushes: false,
    allowDeletions: false,
    conversationResolution: false,
    restrictions: undefined,
    blockCreations: false,
    lockBranch: false,
    allowForkSyncing: false,
  };
  repository.protections.set(branch, protection);
}

function reviewerNamed(world: World, name: string): Account | Team {
  const [organization = "", team] = name.split("/");
  return team === undefined ? ensureAccount(world, name) : teamBySlug(world, organization, team);
}

function fill(settings: Parameters<typeof setSecret>[0], values: Readonly<Record<string, string>> = {}): void {
  for (const [name, value] of Object.entries(values)) setSecret(settings, name, value);
}
