/** Which protections and rulesets apply to a ref, and who may bypass them. */
import type { Account } from "../../world/identity.ts";
import { roleAtLeast } from "../../world/identity.ts";
import type { Allowance, BranchProtection, BypassActor, Ruleset } from "../../world/protection.ts";
import type { Repository } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";
import { roleOf } from "../people/repositories.ts";
import { fnmatch } from "./fnmatch.ts";
import type { ProtectionRequirement } from "./requirements.ts";
import { requirementsOfProtection, requirementsOfRule } from "./requirements.ts";

export interface RefProtection {
  /** `undefined`: the branch's classic protection. */
  readonly ruleset: Ruleset | undefined;
  readonly requirements: readonly ProtectionRequirement[];
  /** How `actor` may bypass the requirement: in any way, only by merging a pull request, or not at all. */
  readonly bypass: (requirement: ProtectionRequirement, actor: Account) => "always" | "pull_request" | undefined;
}

/** The ids GitHub's rulesets have for the roles that can bypass (GitHub's Terraform provider lists them). */
const BYPASS_ROLES = { 2: "maintain", 4: "write", 5: "admin" } as const;

/** All active protections of the ref (`refs/heads/…` or `refs/tags/…`). */
export function refProtectionsOf(world: World, repository: Repository, ref: string): readonly RefProtection[] {
  const protection = ref.startsWith("refs/heads/")
    ? repository.protections.get(ref.slice("refs/heads/".length))
    : undefined;
  const rulesets = rulesetsOf(repository, ref).map((ruleset) => protectionOfRuleset(world, repository, ruleset));
  return protection === undefined ? rulesets : [protectionOfBranch(repository, protection), ...rulesets];
}

/** The requirements that apply to `actor`; all of them when it is `undefined`. */
export function requirementsFor(
  protections: readonly RefProtection[],
  actor: Account | undefined,
  viaPull: boolean,
): readonly { readonly requirement: ProtectionRequirement; readonly ruleset: Ruleset | undefined }[] {
  return protections.flatMap(({ ruleset, requirements, bypass }) =>
    requirements
      .filter((requirement) => {
        const mode = actor && bypass(requirement, actor);
        return mode === undefined || (mode === "pull_request" && !viaPull);
      })
      .map((requirement) => ({ requirement, ruleset })),
  );
}

/** The active rulesets whose conditions match the ref. */
export function rulesetsOf(repository: Repository, ref: string): readonly Ruleset[] {
  const target = ref.startsWith("refs/tags/") ? "tag" : "branch";
  const matches = (pattern: string): boolean => {
    if (pattern === "~ALL") return true;
    if (pattern === "~DEFAULT_BRANCH") return ref === `refs/heads/${repository.defaultBranch}`;
    return fnmatch(pattern, ref);
  };
  return [...repository.rulesets.values()].filter(
    (ruleset) =>
      ruleset.enforcement === "active" &&
      ruleset.target === target &&
      ruleset.include.some(matches) &&
      !ruleset.exclude.some(matches),
  );
}

/** How the account may bypass the ruleset: the least restrictive of its modes. */
export function bypassOf(
  world: World,
  repository: Repository,
  ruleset: Ruleset,
  account: Account,
): BypassActor["bypassMode"] | undefined {
  const modes = ruleset.bypassActors
    .filter((actor) => isActor(world, repository, actor, account))
    .map((actor) => actor.bypassMode);
  return modes.find((mode) => mode !== "pull_request") ?? modes[0];
}

/** Whether the allowance includes the account: directly, through a team, or as the bot of an app. */
export function allowanceIncludes({ users, teams, apps }: Allowance, account: Account): boolean {
  return (
    users.has(account) ||
    [...teams].some((team) => team.members.has(account)) ||
    [...apps].some((app) => app.bot === account)
  );
}

function protectionOfRuleset(world: World, repository: Repository, ruleset: Ruleset): RefProtection {
  return {
    ruleset,
    requirements: ruleset.rules.flatMap((rule) => requirementsOfRule(rule) ?? []),
    bypass: (_, actor) => {
      const mode = bypassOf(world, repository, ruleset, actor);
      return mode === "exempt" ? "always" : mode;
    },
  };
}

function protectionOfBranch(repository: Repository, protection: BranchProtection): RefProtection {
  return {
    ruleset: undefined,
    requirements: requirementsOfProtection(protection),
    bypass: (requirement, actor) => {
      // GitHub's settings page lists these two as "Rules applied to everyone including administrators".
      if (requirement.kind === "no-force-push" || requirement.kind === "no-deletion") return undefined;
      const admin = roleAtLeast(roleOf(repository, actor), "admin");
      if (admin && !protection.enforceAdmins) return "always";
      if (requirement.kind === "reviews" && requirement.bypass && allowanceIncludes(requirement.bypass, actor))
        return "always";
      if (requirement.kind === "restricted" && (admin || allowanceIncludes(requirement.to, actor))) return "always";
      return undefined;
    },
  };
}

function isActor(world: World, repository: Repository, actor: BypassActor, account: Account): boolean {
  switch (actor.actorType) {
    case "User":
      return account.id === actor.actorId;
    case "Integration":
      return world.apps.get(actor.actorId ?? 0)?.bot === account;
    case "Team":
      return [...world.teams.values()].some((team) => team.id === actor.actorId && team.members.has(account));
    case "RepositoryRole": {
      const role = BYPASS_ROLES[actor.actorId as keyof typeof BYPASS_ROLES];
      return role !== undefined && roleAtLeast(roleOf(repository, account), role);
    }
    // The local GitHub has no deploy keys, and an organisation's owner is the organisation itself.
    case "OrganizationAdmin":
      return account === repository.owner;
    case "DeployKey":
      return false;
  }
}
