/** Rulesets, and the rules that apply to a branch. */
import type { components } from "@octokit/openapi-types";
import { bypassOf } from "../operations/protection/ref-protections.ts";
import type { Account } from "../world/identity.ts";
import type { Ruleset, RulesetRule } from "../world/protection.ts";
import type { Repository } from "../world/repository.ts";
import type { World } from "../world/world.ts";
import { nodeId } from "./node-id.ts";
import { timestamp } from "./timestamp.ts";
import { repositoryApiUrl, repositoryPageUrl } from "./urls.ts";

type Schemas = components["schemas"];

const BYPASS_WORDS = { always: "always", pull_request: "pull_requests_only", exempt: "exempt" } as const;

/** The ruleset in lists, without its rules. */
export function renderRulesetSummary(world: World, repository: Repository, ruleset: Ruleset) {
  return {
    id: ruleset.id,
    name: ruleset.name,
    target: ruleset.target,
    source_type: "Repository",
    source: repository.fullName,
    enforcement: ruleset.enforcement,
    node_id: nodeId("ruleset", ruleset.id, repository.id),
    _links: {
      self: { href: repositoryApiUrl(world, repository, `rulesets/${ruleset.id}`) },
      html: { href: repositoryPageUrl(world, repository, `rules/${ruleset.id}`) },
    },
    created_at: timestamp(ruleset.createdAt),
    updated_at: timestamp(ruleset.updatedAt),
  } satisfies Schemas["repository-ruleset"];
}

/** The full ruleset. Those who may change it also see who may bypass it (GitHub docs: "Get a repository ruleset"). */
export function renderRuleset(
  world: World,
  repository: Repository,
  ruleset: Ruleset,
  viewer: { readonly account: Account | undefined; readonly mayChange: boolean },
) {
  const mode = viewer.account && bypassOf(world, repository, ruleset, viewer.account);
  return {
    ...renderRulesetSummary(world, repository, ruleset),
    conditions: { ref_name: { include: [...ruleset.include], exclude: [...ruleset.exclude] } },
    rules: ruleset.rules.map(asWritten),
    current_user_can_bypass: mode === undefined ? "never" : BYPASS_WORDS[mode],
    ...(viewer.mayChange && {
      bypass_actors: ruleset.bypassActors.map((actor) => ({
        actor_id: actor.actorId,
        actor_type: actor.actorType,
        bypass_mode: actor.bypassMode,
      })),
    }),
  } satisfies Schemas["repository-ruleset"];
}

/** A rule together with the ruleset it comes from. */
export function renderDetailedRule(repository: Repository, { rule, ruleset }: { rule: RulesetRule; ruleset: Ruleset }) {
  return {
    ...asWritten(rule),
    ruleset_source_type: "Repository" as const,
    ruleset_source: repository.fullName,
    ruleset_id: ruleset.id,
  };
}

/** Rules are stored in the form of the description, as they were received. */
const asWritten = (rule: RulesetRule) => rule as Schemas["repository-rule"];
