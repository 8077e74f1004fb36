/** Reads the settings of a repository that decide whether its gate is real. */
import * as z from "zod";
import type { BranchRule, EnvironmentSettings, RepositorySettings } from "../../core/doctor/settings.ts";
import { environmentKey } from "../../core/policy/environment-name.ts";
import { type GitHub, GitHubError } from "../github/github.ts";
import { parseResponse } from "../github/parse-response.ts";

const repositoryFields = z.object({ full_name: z.string(), default_branch: z.string(), private: z.boolean() });

const branchRule = z.object({
  type: z.string(),
  parameters: z
    .object({
      required_status_checks: z.array(z.object({ context: z.string(), integration_id: z.int().nullish() })).optional(),
      require_code_owner_review: z.boolean().optional(),
    })
    .nullish(),
});

const ruleset = z.object({ id: z.int(), target: z.string().optional(), enforcement: z.string() });
const rulesetDetails = z.object({
  conditions: z.object({ ref_name: z.object({ include: z.array(z.string()) }).optional() }).nullish(),
  rules: z.array(z.object({ type: z.string() })).optional(),
});

const environment = z.object({
  name: z.string(),
  can_admins_bypass: z.boolean().optional(),
  protection_rules: z
    .array(
      z.object({
        type: z.string(),
        prevent_self_review: z.boolean().optional(),
        reviewers: z.array(z.unknown()).optional(),
      }),
    )
    .optional()
    .default([]),
  deployment_branch_policy: z.unknown().nullable().optional(),
});

const workflowPermissions = z.object({
  default_workflow_permissions: z.enum(["read", "write"]),
  can_approve_pull_request_reviews: z.boolean(),
});

/** @param ledgers names of the branches that hold the models' ledgers @throws GitHubError when the repository itself cannot be read */
export async function readSettings(github: GitHub, ledgers: readonly string[]): Promise<RepositorySettings> {
  const name = github.repository;
  const { data } = await github.rest.repos.get(name);
  const {
    full_name: repository,
    default_branch: defaultBranch,
    private: isPrivate,
  } = parseResponse(repositoryFields, data, "the repository");
  const ledgerRules = new Map<string, readonly BranchRule[]>();
  for (const branch of ledgers) {
    const rules = await readBranchRules(github, branch);
    if (rules !== undefined) ledgerRules.set(branch, rules);
  }
  return {
    ...{ repository, defaultBranch, isPrivate, ledgerRules },
    rules: await readBranchRules(github, defaultBranch),
    protectedTags: await readProtectedTags(github),
    environments: await readEnvironments(github),
    defaultPermissions: await ifVisible(async () => {
      const permissions = await github.get("/repos/{owner}/{repo}/actions/permissions/workflow", name);
      const read = parseResponse(workflowPermissions, permissions, "the permissions of workflows");
      return {
        mayWrite: read.default_workflow_permissions === "write",
        mayApprove: read.can_approve_pull_request_reviews,
      };
    }),
  };
}

const readBranchRules = (github: GitHub, branch: string): Promise<readonly BranchRule[] | undefined> =>
  ifVisible(async () => {
    const rules = await github.readAll(github.rest.repos.getBranchRules, { ...github.repository, branch });
    return rules.map((rule): BranchRule => {
      const { type, parameters } = parseResponse(branchRule, rule, `a rule of ${branch}`);
      return {
        type,
        requiredChecks: (parameters?.required_status_checks ?? []).map(({ context, integration_id: app }) => ({
          context,
          app: app ?? undefined,
        })),
        requiresCodeOwners: parameters?.require_code_owner_review ?? false,
      };
    });
  });

/** Of active rulesets that refuse to move a tag. */
const readProtectedTags = (github: GitHub): Promise<readonly string[] | undefined> =>
  ifVisible(async () => {
    const all = await github.readAll(github.rest.repos.getRepoRulesets, { ...github.repository });
    const patterns: string[] = [];
    for (const item of all) {
      const { id, target, enforcement } = parseResponse(ruleset, item, "a ruleset");
      if (target !== "tag" || enforcement !== "active") continue;
      const { data } = await github.rest.repos.getRepoRuleset({ ...github.repository, ruleset_id: id });
      const { conditions, rules = [] } = parseResponse(rulesetDetails, data, `ruleset ${id}`);
      if (rules.some(({ type }) => type === "update")) patterns.push(...(conditions?.ref_name?.include ?? []));
    }
    return patterns;
  });

const readEnvironments = (github: GitHub): Promise<ReadonlyMap<string, EnvironmentSettings> | undefined> =>
  ifVisible(async () => {
    const all = await github.readAll(github.rest.repos.getAllEnvironments, { ...github.repository });
    return new Map(
      all.map((item) => {
        const read = parseResponse(environment, item, "an environment");
        const review = read.protection_rules.find(({ type }) => type === "required_reviewers");
        const settings: EnvironmentSettings = {
          name: read.name,
          reviewers: review?.reviewers?.length ?? 0,
          preventsSelfReview: review?.prevent_self_review ?? false,
          adminsMayBypass: read.can_admins_bypass ?? false,
          hasBranchPolicy: (read.deployment_branch_policy ?? null) !== null,
        };
        return [environmentKey(read.name), settings] as const;
      }),
    );
  });

/** What the token may not see, and what this GitHub does not have. */
async function ifVisible<Value>(read: () => Promise<Value>): Promise<Value | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof GitHubError && (error.status === 403 || error.status === 404)) return undefined;
    throw error;
  }
}
