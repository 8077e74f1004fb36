/** Names every way in which ledger, tags, versions, deployments and environments of a model disagree. */
import { ActionError, type Problem } from "../../problem/problem.ts";
import { environmentKey, isSameEnvironment } from "../policy/environment-name.ts";
import type { EnvironmentPolicy } from "../policy/policy.ts";
import { isWithdrawn } from "../registry/registered-version.ts";
import { parseTagName, versionTagName } from "../registry/tag-name.ts";
import { approvingEnvironments, assertChainProtected } from "./approval-chain.ts";
import { isByReview } from "./approval-kind.ts";
import { findTagProblems } from "./assert-tags-match-ledger.ts";
import { findDeploymentDrift } from "./deployment-drift.ts";
import type { Drift, ModelFacts } from "./drift.ts";
import { runKey } from "./drift.ts";
import { notRepaired } from "./find-plan-error.ts";
import { getCurrentVersion, getEnvironment, isSameVersion, isUnsettled } from "./ledger.ts";
import { tagNameOf } from "./next-promotion-step.ts";

/** Errors first; empty when everything agrees. */
export function findDrift(facts: ModelFacts): readonly Drift[] {
  const { model, reading } = facts;
  const broken = reading.broken?.error.problems[0];
  const found: readonly Drift[] = [
    ...(broken === undefined ? [] : [{ severity: "error" as const, model, problem: broken }]),
    // What the rest of a broken ledger says about tags is not known: its repair reads them.
    ...(broken === undefined ? tagDrift(facts) : []),
    ...facts.oddTags.map((problem): Drift => ({ severity: "warning", model, problem })),
    ...listEnvironments(facts).flatMap((name) => environmentDrift(name, facts)),
  ];
  return found.toSorted((a, b) => Number(a.severity === "warning") - Number(b.severity === "warning"));
}

/** Of the policy, and those that the ledger knows besides. */
export function listEnvironments({ environments, reading }: Pick<ModelFacts, "environments" | "reading">) {
  const names = environments.map(({ name }) => name);
  const others = [...reading.state.environments.keys()].filter(
    (key) => !names.some((name) => isSameEnvironment(name, key)),
  );
  return [...names, ...others];
}

const tagDrift = ({ model, reading, tags }: ModelFacts): readonly Drift[] =>
  findTagProblems(reading.state, model, tags).map(({ tag, problem }) => {
    const parsed = parseTagName(tag);
    const environment = parsed?.kind === "assignment" ? parsed.environment : undefined;
    return { severity: "error", model, environment, problem };
  });

function environmentDrift(environment: string, facts: ModelFacts): readonly Drift[] {
  const { model, reading } = facts;
  const at = (severity: Drift["severity"], problem: Problem): Drift => ({ severity, model, environment, problem });
  const gate = findGateProblem(environment, facts);
  const gates = [
    ...(gate === undefined ? [] : [at("error", gate)]),
    ...findSelfReviews(environment, facts).map((problem) => at("warning", problem)),
  ];
  if (isUnsettled(reading.state, environment)) {
    const fix = `Plan with "kind: repair" for ${environment}: its approvers say from which state it goes on`;
    return [...gates, at("error", { code: "environment-not-repaired", message: notRepaired(environment), fix })];
  }
  const open = findDeadIntent(environment, facts);
  const version = findVersionProblem(environment, facts);
  return [
    ...gates,
    ...(open === undefined ? [] : [at("warning", open)]),
    ...(version === undefined ? [] : [at("error", version)]),
    ...findDeploymentDrift(environment, facts),
  ];
}

/** Approvals that GitHub would not ask for. */
function findGateProblem(name: string, { environments, protections }: ModelFacts): Problem | undefined {
  const environment = environments.find((one) => one.name === name);
  if (environment === undefined || !isAskedByGitHub(environment)) return undefined;
  const asked = approvingEnvironments(environment).map((one) => protections.get(environmentKey(one)));
  try {
    // Whoever will ask for the next promotion is not known: somebody who is no reviewer.
    assertChainProtected(asked, environment, { id: 0, login: "somebody else" });
    return undefined;
  } catch (error) {
    if (error instanceof ActionError) return error.problems[0];
    throw error;
  }
}

/** Environments whose reviewers GitHub asks for approvals of this one. */
export const isAskedByGitHub = (environment: EnvironmentPolicy): boolean =>
  environment.approvals > 0 && !isByReview(environment);

/** Where GitHub lets somebody approve what they asked for, which promote-model refuses only when the run has waited for it. */
function findSelfReviews(name: string, { environments, protections }: ModelFacts): readonly Problem[] {
  const environment = environments.find((one) => one.name === name);
  if (environment === undefined || !isAskedByGitHub(environment)) return [];
  return approvingEnvironments(environment).flatMap((asked) => {
    const protection = protections.get(environmentKey(asked));
    if (protection === undefined || protection.reviewers.length === 0 || protection.preventsSelfReview) return [];
    return {
      code: "environment-self-review",
      message: `whoever starts a promotion to ${name} may approve it in the environment ${asked}: it ends refused, after the approval`,
      fix: 'Set "Prevent self-review" of that environment, in the repository\'s settings',
    };
  });
}

/** An intent whose run can write nothing any more. */
function findDeadIntent(environment: string, { reading, ended, tags }: ModelFacts): Problem | undefined {
  const { openIntent } = getEnvironment(reading.state, environment);
  if (openIntent === undefined || ended.get(runKey(openIntent.record.origin)) !== true) return undefined;
  const { run, attempt } = openIntent.record.origin;
  const isTagged = tags.some(({ name }) => name === tagNameOf(openIntent));
  const will = isTagged ? "will be completed, because its tag stands" : "will be aborted, because it has no tag";
  return {
    code: "intent-unfinished",
    message: `attempt ${attempt} of run ${run} ended while it promoted ${openIntent.plan.target.version} to ${environment}: that promotion ${will}`,
    fix: `Re-run that job, or start the next promotion or roll back to ${environment}: it ends this one first`,
  };
}

/** What is wrong with the version that an environment has. */
function findVersionProblem(environment: string, { model, reading, tags, versions }: ModelFacts): Problem | undefined {
  const current = getCurrentVersion(reading.state, environment)?.version;
  if (current === undefined) return undefined;
  const name = versionTagName(model, current.version);
  const found = versions.get(current.version);
  if (found === undefined) {
    return {
      code: "version-tag-missing",
      message: `${environment} has ${current.version}, whose tag ${name} was deleted: nothing says any more what it was made from`,
      fix: `Restore it from a clone that has it (git push origin refs/tags/${name}), or register and promote the next version`,
    };
  }
  if (!("record" in found) || !isSameVersion(found.record, current)) {
    const what = "record" in found ? "it is about another commit or other files" : found.message;
    return {
      code: "version-tag-changed",
      message: `${environment} has ${current.version}, and the tag ${name} is not the one that was promoted: ${what}`,
      fix: `Find out who moved it, and restore it from a clone that has it (git push --force origin refs/tags/${name})`,
    };
  }
  if (!isWithdrawn(model, current.version, tags)) return undefined;
  return {
    code: "version-withdrawn",
    message: `${environment} has ${current.version}, which was withdrawn`,
    fix: `Roll ${environment} back, or promote another version`,
  };
}
