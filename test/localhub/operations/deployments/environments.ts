/** Environments: their protection rules, and whether a job may deploy to them. */

import { ApiError, notFound, unprocessable } from "../../world/api-error.ts";
import type { BranchPattern, BranchPolicy, Environment } from "../../world/deployments.ts";
import type { Account, Team } from "../../world/identity.ts";
import { roleAtLeast } from "../../world/identity.ts";
import { NamedValues } from "../../world/named-values.ts";
import type { Repository } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";
import { roleOf } from "../people/repositories.ts";
import { fnmatch } from "../protection/fnmatch.ts";

/** GitHub docs, "Create or update an environment": people and teams together. */
const MAX_REVIEWERS = 6;
/** GitHub docs, "Create or update an environment": minutes, thirty days. */
const MAX_WAIT_MINUTES = 43_200;
/** GitHub docs, "Managing environments for deployment": characters. */
const MAX_NAME_LENGTH = 255;

/** All protection rules of an environment; absent ones are switched off. */
export interface EnvironmentProtectionOptions {
  readonly waitTimer?: number | undefined;
  readonly preventSelfReview?: boolean | undefined;
  readonly reviewers?: readonly (Account | Team)[] | undefined;
  /** Which refs may deploy; the patterns of `custom` are added one by one. `undefined`: any ref. */
  readonly branches?: BranchPolicy["kind"] | undefined;
  /** Unchanged by default. */
  readonly adminsCanBypass?: boolean | undefined;
}

export const findEnvironmentByName = (repository: Repository, name: string): Environment | undefined =>
  repository.environments.get(name.toLowerCase());

/** @throws ApiError 404 */
export function environmentByName(repository: Repository, name: string): Environment {
  const environment = findEnvironmentByName(repository, name);
  if (environment === undefined) throw notFound();
  return environment;
}

/** The environment of that name; created without protection rules when a job or a deployment uses it first. */
export function ensureEnvironment(world: World, repository: Repository, name: string): Environment {
  const existing = findEnvironmentByName(repository, name);
  if (existing) return existing;
  if (name.trim() === "" || name.length > MAX_NAME_LENGTH) {
    throw unprocessable(`Environment name is invalid: it must have 1 to ${MAX_NAME_LENGTH} characters`);
  }
  const now = world.clock.now();
  const environment: Environment = {
    id: world.nextId(),
    name,
    reviewers: [],
    preventSelfReview: false,
    waitTimer: 0,
    branchPolicy: undefined,
    adminsCanBypass: true,
    ruleIds: { waitTimer: world.nextId(), reviewers: world.nextId(), branchPolicy: world.nextId() },
    secrets: new NamedValues(world.clock),
    variables: new NamedValues(world.clock),
    createdAt: now,
    updatedAt: now,
  };
  repository.environments.set(name.toLowerCase(), environment);
  return environment;
}

/** Creates the environment when it does not exist, and sets all of its rules. @throws ApiError 422 */
export function protectEnvironment(
  world: World,
  repository: Repository,
  name: string,
  protection: EnvironmentProtectionOptions,
): Environment {
  assertProtection(repository, protection);
  const environment = ensureEnvironment(world, repository, name);
  environment.waitTimer = protection.waitTimer ?? 0;
  environment.reviewers = protection.reviewers ?? [];
  environment.preventSelfReview = protection.preventSelfReview ?? false;
  environment.branchPolicy = policyOf(environment, protection.branches);
  environment.adminsCanBypass = protection.adminsCanBypass ?? environment.adminsCanBypass;
  environment.updatedAt = world.clock.now();
  return environment;
}

/** @throws ApiError 404 */
export function deleteEnvironment(repository: Repository, name: string): void {
  if (!repository.environments.delete(name.toLowerCase())) throw notFound();
}

/**
 * Allows refs that match `name` to deploy.
 * @throws ApiError 404 when the environment is not restricted by patterns, 303 when it has that pattern already.
 */
export function addBranchPattern(
  world: World,
  environment: Environment,
  name: string,
  type: BranchPattern["type"],
): BranchPattern {
  const patterns = patternsOf(environment);
  if (patterns.some((pattern) => pattern.name === name && pattern.type === type)) throw new ApiError(303, "See Other");
  const pattern: BranchPattern = { id: world.nextId(), name, type };
  environment.branchPolicy = { kind: "custom", patterns: [...patterns, pattern] };
  return pattern;
}

/** @throws ApiError 404 */
export function removeBranchPattern(environment: Environment, id: number): void {
  const patterns = patternsOf(environment);
  if (!patterns.some((pattern) => pattern.id === id)) throw notFound();
  environment.branchPolicy = { kind: "custom", patterns: patterns.filter((pattern) => pattern.id !== id) };
}

/** @throws ApiError 404 when the environment is not restricted by patterns. */
export function patternsOf(environment: Environment): readonly BranchPattern[] {
  if (environment.branchPolicy?.kind !== "custom") throw notFound();
  return environment.branchPolicy.patterns;
}

export type DeployDecision = { readonly allowed: true } | { readonly allowed: false; readonly reason: string };

/**
 * Whether a job running on `ref` (full: `refs/heads/…`, `refs/tags/…`, `refs/pull/7/merge`) may deploy. The reason is
 * the text GitHub fails the job with.
 */
export function mayDeploy(repository: Repository, environment: Environment, ref: string): DeployDecision {
  const { type, name } = refParts(ref);
  if (branchPolicyAllows(repository, environment.branchPolicy, type, name)) return { allowed: true };
  const kind = type === "tag" ? "Tag" : "Branch";
  return {
    allowed: false,
    reason: `${kind} "${name}" is not allowed to deploy to ${environment.name} due to environment protection rules.`,
  };
}

/** Everyone whose single approval is enough; a team counts as its members. */
export function reviewersOf(environment: Environment): ReadonlySet<Account> {
  return new Set(environment.reviewers.flatMap((reviewer) => (isTeam(reviewer) ? [...reviewer.members] : [reviewer])));
}

export const isTeam = (reviewer: Account | Team): reviewer is Team => "slug" in reviewer;

function branchPolicyAllows(
  repository: Repository,
  policy: BranchPolicy | undefined,
  type: "branch" | "tag",
  name: string,
) {
  if (policy === undefined) return true;
  if (policy.kind === "custom") {
    return policy.patterns.some((pattern) => pattern.type === type && fnmatch(pattern.name, name));
  }
  // GitHub docs, "Deployment branches and tags": while no branch is protected, all branches may deploy.
  return repository.protections.size === 0 || (type === "branch" && repository.protections.has(name));
}

/** Any ref that is not a tag counts as a branch; a pull request's merge ref is matched by its full name. */
function refParts(ref: string): { readonly type: "branch" | "tag"; readonly name: string } {
  if (ref.startsWith("refs/tags/")) return { type: "tag", name: ref.slice("refs/tags/".length) };
  return { type: "branch", name: ref.startsWith("refs/heads/") ? ref.slice("refs/heads/".length) : ref };
}

function policyOf(environment: Environment, kind: BranchPolicy["kind"] | undefined): BranchPolicy | undefined {
  if (kind !== "custom") return kind && { kind };
  return environment.branchPolicy?.kind === "custom" ? environment.branchPolicy : { kind, patterns: [] };
}

function assertProtection(
  repository: Repository,
  { reviewers = [], waitTimer = 0, ...rest }: EnvironmentProtectionOptions,
): void {
  if (waitTimer < 0 || waitTimer > MAX_WAIT_MINUTES) {
    throw invalidProtectionError(`Wait timer must be between 0 and ${MAX_WAIT_MINUTES} minutes.`);
  }
  if (reviewers.length > MAX_REVIEWERS) {
    throw invalidProtectionError(`Required reviewers must be at most ${MAX_REVIEWERS} people or teams.`);
  }
  if (rest.preventSelfReview === true && reviewers.length === 0) {
    throw invalidProtectionError("Required reviewers must have at least one reviewer to set prevent_self_review.");
  }
  for (const reviewer of reviewers) {
    const reads = isTeam(reviewer)
      ? repository.teams.has(reviewer) || !repository.private
      : roleAtLeast(roleOf(repository, reviewer), "read");
    const name = isTeam(reviewer) ? reviewer.slug : reviewer.login;
    if (!reads) throw invalidProtectionError(`Required reviewer ${name} must have read access to the repository.`);
  }
}

const invalidProtectionError = (reason: string): ApiError =>
  unprocessable(`Failed to create or update the environment protection rule. ${reason}`);
