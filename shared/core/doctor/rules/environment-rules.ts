/** How the environments of the policy are protected on GitHub. */
import { environmentKey } from "../../policy/environment-name.ts";
import type { EnvironmentPolicy } from "../../policy/policy.ts";
import type { RepositoryFacts } from "../facts.ts";
import { type DoctorRule, finding } from "../finding.ts";
import type { EnvironmentSettings } from "../settings.ts";
import { at, whenKnown } from "./when-known.ts";

const environmentsOf = ({ policy }: RepositoryFacts): readonly EnvironmentPolicy[] =>
  policy.kind === "valid" ? policy.rules.models.flatMap(({ environments }) => environments) : [];

type EnvironmentRule = (
  wanted: EnvironmentPolicy,
  found: EnvironmentSettings,
) =>
  | { readonly severity: "error" | "warning"; readonly code: string; readonly message: string; readonly fix: string }
  | undefined;

const reviewers: EnvironmentRule = (
  { approvals, "approved-by": by, "approval-environments": others },
  { name, reviewers: count },
) =>
  // Where others ask for them, promote-model reads their protection.
  approvals === 0 || by === "review" || others !== undefined || count > 0
    ? undefined
    : {
        severity: "error",
        code: "doctor-environment-reviewers",
        message: `the policy wants ${approvals} ${approvals === 1 ? "approval" : "approvals"} for ${name}, and its environment has no required reviewers`,
        fix: "Add required reviewers to the environment, or approve by reviews (approved-by: review)",
      };

const selfReview: EnvironmentRule = ({ approvals }, { name, reviewers: count, preventsSelfReview }) =>
  approvals === 0 || count === 0 || preventsSelfReview
    ? undefined
    : {
        severity: "warning",
        code: "doctor-environment-self-review",
        message: `whoever starts a promotion to ${name} may approve it in GitHub; promote-model refuses it afterwards`,
        fix: 'Set "Prevent self-review" of the environment',
      };

const adminBypass: EnvironmentRule = ({ approvals }, { name, adminsMayBypass }) =>
  approvals === 0 || !adminsMayBypass
    ? undefined
    : {
        severity: "warning",
        code: "doctor-environment-bypass",
        message: `administrators may go around the protection of ${name}`,
        fix: 'Unset "Allow administrators to bypass configured protection rules" of the environment',
      };

const branchPolicy: EnvironmentRule = (_, { name, hasBranchPolicy }) =>
  hasBranchPolicy
    ? undefined
    : {
        severity: "error",
        code: "doctor-environment-branches",
        message: `any branch may deploy to ${name}: a workflow that somebody pushes gets its secrets and reviewers' trust`,
        fix: 'Set "Deployment branches and tags" of the environment to the default branch',
      };

const PROTECTIONS: readonly EnvironmentRule[] = [reviewers, selfReview, adminBypass, branchPolicy];

const environments = whenKnown((settings, facts) => {
  if (settings.environments === undefined) return [];
  const known = settings.environments;
  return environmentsOf(facts).flatMap((wanted) => {
    const found = known.get(environmentKey(wanted.name));
    if (found === undefined)
      return [
        finding("error", {
          code: "doctor-environment-missing",
          message: `the policy promotes to ${wanted.name}, and the repository has no such environment: GitHub would make one without any protection`,
          ...at(settings, "environments"),
          fix: `gh api -X PUT "repos/${settings.repository}/environments/${encodeURIComponent(wanted.name)}", then protect it`,
        }),
      ];
    return PROTECTIONS.flatMap((rule) => {
      const broken = rule(wanted, found);
      if (broken === undefined) return [];
      const { severity, ...problem } = broken;
      return [finding(severity, { ...problem, ...at(settings, "environments") })];
    });
  });
});

export const ENVIRONMENT_RULES: readonly DoctorRule[] = [environments];
