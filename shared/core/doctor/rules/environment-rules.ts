/** How the environments of the policy are protected on GitHub. */
import { environmentKey } from "../../policy/environment-name.ts";
import type { EnvironmentPolicy } from "../../policy/policy.ts";
import type { RepositoryFacts } from "../facts.ts";
import { type DoctorRule, finding } from "../finding.ts";
import type { EnvironmentSettings } from "../settings.ts";
import { at, whenKnown } from "./when-known.ts";

interface WantedEnvironment {
  readonly name: string;
  /** What is promoted to: itself, or the one that its reviewers approve for. */
  readonly promotes: string;
  /** How many of its reviewers must approve; 0: nobody is asked here. */
  readonly approvals: number;
}

/** Each once, with the most that is wanted of it. */
function environmentsOf({ policy }: RepositoryFacts): readonly WantedEnvironment[] {
  const all = policy.kind === "valid" ? policy.rules.models.flatMap(({ environments }) => environments) : [];
  const wanted = all.flatMap(wantedFor).toSorted((a, b) => a.approvals - b.approvals);
  return [...new Map(wanted.map((one) => [environmentKey(one.name), one])).values()];
}

function wantedFor(environment: EnvironmentPolicy): readonly WantedEnvironment[] {
  const { name, approvals, "approved-by": by, "approval-environments": chain } = environment;
  const asks = approvals > 0 && by !== "review";
  const others = asks ? (chain ?? []) : [];
  return [
    { name, promotes: name, approvals: asks && chain === undefined ? approvals : 0 },
    ...others.map((other) => ({ name: other, promotes: name, approvals: 1 })),
  ];
}

type EnvironmentRule = (
  wanted: WantedEnvironment,
  found: EnvironmentSettings,
) =>
  | { readonly severity: "error" | "warning"; readonly code: string; readonly message: string; readonly fix: string }
  | undefined;

const reviewers: EnvironmentRule = ({ approvals, promotes }, { name, reviewers: count }) =>
  approvals === 0 || count > 0
    ? undefined
    : {
        severity: "error",
        code: "doctor-environment-reviewers",
        message: `the policy wants ${approvals} ${approvals === 1 ? "approval" : "approvals"} for ${promotes}, and the environment ${name} has no required reviewers`,
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
          message: `the policy ${wanted.promotes === wanted.name ? "promotes to" : `wants an approval for ${wanted.promotes} from reviewers of`} ${wanted.name}, and the repository has no such environment: GitHub would make one without any protection`,
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
