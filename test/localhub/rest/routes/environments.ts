/** Environments, their protection rules and their branch policies. */
import {
  addBranchPattern,
  deleteEnvironment,
  environmentByName,
  patternsOf,
  protectEnvironment,
  removeBranchPattern,
} from "../../operations/deployments/environments.ts";
import { renderBranchPattern, renderEnvironment } from "../../render/environments.ts";
import { notFound, unprocessable } from "../../world/api-error.ts";
import type { BranchPolicy, Environment } from "../../world/deployments.ts";
import type { Account, Team } from "../../world/identity.ts";
import type { World } from "../../world/world.ts";
import { type Call, list, noContent, ok, type Route, route } from "../route.ts";

interface EnvironmentBody {
  readonly wait_timer?: number;
  readonly prevent_self_review?: boolean;
  readonly reviewers?: readonly { readonly type?: "User" | "Team"; readonly id?: number }[] | null;
  readonly deployment_branch_policy?: {
    readonly protected_branches: boolean;
    readonly custom_branch_policies: boolean;
  } | null;
  readonly can_admins_bypass?: boolean;
}

export const environmentRoutes: readonly Route[] = [
  route("repos/get-all-environments", ({ world, repository }) =>
    list(
      [...repository.environments.values()],
      (environment) => renderEnvironment(world, repository, environment),
      "environments",
    ),
  ),

  route("repos/get-environment", (call) => ok(renderEnvironment(call.world, call.repository, named(call)))),

  route("repos/create-or-update-environment", ({ world, repository, path, body }) => {
    const fields = body as EnvironmentBody;
    const environment = protectEnvironment(world, repository, path["environment_name"] ?? "", {
      waitTimer: fields.wait_timer,
      preventSelfReview: fields.prevent_self_review,
      reviewers: fields.reviewers?.map((reviewer) => reviewerFrom(world, reviewer)),
      branches: branchesFrom(fields.deployment_branch_policy),
      adminsCanBypass: fields.can_admins_bypass,
    });
    return ok(renderEnvironment(world, repository, environment));
  }),

  route("repos/delete-an-environment", ({ repository, path }) => {
    deleteEnvironment(repository, path["environment_name"] ?? "");
    return noContent;
  }),

  route("repos/list-deployment-branch-policies", (call) =>
    list(patternsOf(named(call)), renderBranchPattern, "branch_policies"),
  ),

  route("repos/create-deployment-branch-policy", (call) => {
    const { name, type = "branch" } = call.body as { readonly name: string; readonly type?: "branch" | "tag" };
    return ok(renderBranchPattern(addBranchPattern(call.world, named(call), name, type)));
  }),

  route("repos/get-deployment-branch-policy", (call) => {
    const pattern = patternsOf(named(call)).find(({ id }) => id === Number(call.path["branch_policy_id"]));
    if (pattern === undefined) throw notFound();
    return ok(renderBranchPattern(pattern));
  }),

  route("repos/delete-deployment-branch-policy", (call) => {
    removeBranchPattern(named(call), Number(call.path["branch_policy_id"]));
    return noContent;
  }),
];

const named = ({ repository, path }: Call): Environment =>
  environmentByName(repository, path["environment_name"] ?? "");

function reviewerFrom(world: World, { type, id }: { readonly type?: string; readonly id?: number }): Account | Team {
  const candidates: Iterable<Account | Team> = type === "Team" ? world.teams.values() : world.accounts.values();
  for (const candidate of candidates) if (candidate.id === id) return candidate;
  throw unprocessable(
    `Failed to create or update the environment protection rule. There is no ${type ?? "User"} with the id ${id}.`,
  );
}

/** Exactly one of the two kinds of restriction has to be chosen (GitHub docs, "Create or update an environment"). */
function branchesFrom(settings: EnvironmentBody["deployment_branch_policy"]): BranchPolicy["kind"] | undefined {
  if (!settings) return undefined;
  const { protected_branches: protectedOnly, custom_branch_policies: custom } = settings;
  if (protectedOnly === custom) {
    throw unprocessable(
      "Invalid request.\n\nprotected_branches and custom_branch_policies cannot have the same value.",
    );
  }
  return custom ? "custom" : "protected-branches";
}
