/** Rulesets, and the rules that apply to a branch. */
import { hasPermission } from "../../operations/people/access.ts";
import { rulesetsOf } from "../../operations/protection/ref-protections.ts";
import {
  createRuleset,
  deleteRuleset,
  type RulesetSettings,
  rulesetById,
  updateRuleset,
} from "../../operations/protection/rulesets.ts";
import { renderDetailedRule, renderRuleset, renderRulesetSummary } from "../../render/rulesets.ts";
import type { Ruleset, RulesetRule } from "../../world/protection.ts";
import { type BodyOf, typedBody } from "../requests/body.ts";
import { type Call, created, list, noContent, ok, type Route, route } from "../route.ts";

export const rulesetRoutes: readonly Route[] = [
  route("repos/get-branch-rules", ({ repository, path }) => {
    const rules = rulesetsOf(repository, `refs/heads/${path["branch"] ?? ""}`).flatMap((ruleset) =>
      ruleset.rules.map((rule) => ({ rule, ruleset })),
    );
    return list(rules, (one) => renderDetailedRule(repository, one));
  }),
  route("repos/get-repo-rulesets", ({ world, repository, query }) => {
    const targets = query["targets"]?.split(",");
    const shown = [...repository.rulesets.values()].filter(({ target }) => targets?.includes(target) ?? true);
    return list(shown, (ruleset) => renderRulesetSummary(world, repository, ruleset));
  }),
  route("repos/create-repo-ruleset", (call) => {
    const body = typedBody(call, "repos/create-repo-ruleset");
    const settings = { ...settingsIn(body), name: body.name, enforcement: body.enforcement };
    return created(rendered(call, createRuleset(call.world, call.repository, settings, call.requiredCaller)));
  }),
  route("repos/get-repo-ruleset", (call) => ok(rendered(call, named(call)))),
  route("repos/update-repo-ruleset", (call) => {
    const ruleset = named(call);
    updateRuleset(
      call.world,
      call.repository,
      ruleset,
      settingsIn(typedBody(call, "repos/update-repo-ruleset")),
      call.requiredCaller,
    );
    return ok(rendered(call, ruleset));
  }),
  route("repos/delete-repo-ruleset", (call) => {
    deleteRuleset(call.repository, named(call), call.requiredCaller);
    return noContent;
  }),
];

const named = ({ repository, path }: Call): Ruleset => rulesetById(repository, Number(path["ruleset_id"]));

function rendered({ world, repository, caller }: Call, ruleset: Ruleset) {
  const mayChange = caller !== undefined && hasPermission(repository, caller, "admin", "administration");
  return renderRuleset(world, repository, ruleset, { account: caller?.actor, mayChange });
}

function settingsIn(body: BodyOf<"repos/update-repo-ruleset">): Partial<RulesetSettings> {
  const { name, target, enforcement, conditions, rules, bypass_actors: actors } = body;
  return {
    ...(name !== undefined && { name }),
    ...(target !== undefined && { target }),
    ...(enforcement !== undefined && { enforcement }),
    ...(conditions !== undefined && {
      include: conditions.ref_name?.include ?? [],
      exclude: conditions.ref_name?.exclude ?? [],
    }),
    ...(rules !== undefined && { rules: rules as readonly RulesetRule[] }),
    ...(actors !== undefined && {
      bypassActors: actors.map((actor) => ({
        actorId: actor.actor_id ?? null,
        actorType: actor.actor_type,
        bypassMode: actor.bypass_mode ?? "always",
      })),
    }),
  };
}
