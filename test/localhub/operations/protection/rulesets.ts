/** Reading and changing rulesets. */

import { ApiError, notFound, validationFailed } from "../../world/api-error.ts";
import type { Caller } from "../../world/caller.ts";
import type { BypassActor, Ruleset, RulesetRule } from "../../world/protection.ts";
import type { Repository } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";
import { assertMayAdminister } from "./branch-protection.ts";
import { requirementsOfRule } from "./requirements.ts";

export interface RulesetSettings {
  readonly name: string;
  readonly target?: Ruleset["target"];
  readonly enforcement: Ruleset["enforcement"];
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  readonly rules?: readonly RulesetRule[];
  readonly bypassActors?: readonly BypassActor[];
}

/** GitHub docs, "About rulesets": at most 75 in a repository. */
const RULESET_LIMIT = 75;

/** @throws ApiError 404 */
export function rulesetById(repository: Repository, id: number): Ruleset {
  const ruleset = repository.rulesets.get(id);
  if (ruleset === undefined) throw notFound();
  return ruleset;
}

/** @throws ApiError 403, 422 for a taken name, 501 for an active rule that the local GitHub does not enforce. */
export function createRuleset(
  world: World,
  repository: Repository,
  settings: RulesetSettings,
  caller: Caller,
): Ruleset {
  assertMayAdminister(repository, caller);
  assertSettings(repository, settings, undefined);
  if (repository.rulesets.size >= RULESET_LIMIT) {
    throw invalidRuleset(`A repository can have at most ${RULESET_LIMIT} rulesets.`);
  }
  const now = world.clock.now();
  const ruleset: Ruleset = {
    id: world.nextId(),
    name: settings.name,
    target: settings.target ?? "branch",
    enforcement: settings.enforcement,
    include: settings.include ?? [],
    exclude: settings.exclude ?? [],
    rules: settings.rules ?? [],
    bypassActors: settings.bypassActors ?? [],
    createdAt: now,
    updatedAt: now,
  };
  repository.rulesets.set(ruleset.id, ruleset);
  return ruleset;
}

/** Absent fields stay unchanged. */
export function updateRuleset(
  world: World,
  repository: Repository,
  ruleset: Ruleset,
  change: Partial<RulesetSettings>,
  caller: Caller,
): void {
  assertMayAdminister(repository, caller);
  const settings = { ...ruleset, ...change };
  assertSettings(repository, settings, ruleset);
  Object.assign(ruleset, settings, { updatedAt: world.clock.now() });
}

export function deleteRuleset(repository: Repository, ruleset: Ruleset, caller: Caller): void {
  assertMayAdminister(repository, caller);
  repository.rulesets.delete(ruleset.id);
}

function assertSettings(repository: Repository, settings: RulesetSettings, itself: Ruleset | undefined): void {
  const taken = [...repository.rulesets.values()].some((one) => one.name === settings.name && one !== itself);
  if (taken) throw invalidRuleset("Name must be unique");
  // An active rule that is not enforced would give false safety.
  if (settings.enforcement !== "active") return;
  const notEnforced =
    settings.target === "push" ? settings.rules : settings.rules?.filter((rule) => !requirementsOfRule(rule));
  const [first] = notEnforced ?? [];
  if (first === undefined) return;
  const what = settings.target === "push" ? "push rulesets" : `the rule "${first.type}"`;
  throw new ApiError(501, `This local GitHub does not enforce ${what}; use the enforcement "disabled" or "evaluate".`);
}

const invalidRuleset = (message: string): ApiError =>
  validationFailed({ resource: "Ruleset", code: "custom", message });
