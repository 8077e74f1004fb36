/** Whether a plan may start: it is still the plan that would be made now, and the people it needs have approved exactly it. */
import type { EnvironmentPolicy } from "../../shared/core/policy/policy.ts";
import type {
  Approvals,
  DeploymentReview,
  EnvironmentProtection,
  WorkflowRun,
} from "../../shared/core/promotion/approvals.ts";
import { assertEnvironmentProtected } from "../../shared/core/promotion/assert-environment-protected.ts";
import { findEnvironment } from "../../shared/core/promotion/choose-target.ts";
import { challengeOf, countApprovals, findTeamQuestions } from "../../shared/core/promotion/count-approvals.ts";
import { makePlan, pickPlanMetadata } from "../../shared/core/promotion/make-plan.ts";
import { assertCanCarryOut } from "../../shared/core/promotion/next-promotion-step.ts";
import { assertPlanMayStart, assertPlanUnchanged } from "../../shared/core/promotion/plan-validity.ts";
import type { AnyPlan, PromotionPlan } from "../../shared/records/promotion-plan.ts";
import type { Approval } from "../../shared/records/promotion-record.ts";
import type { ReadRecord } from "../../shared/records/record-format.ts";
import { readPlanFacts } from "./plan-facts.ts";
import type { Ports } from "./ports.ts";
import { type LedgerSnapshot, readPromotionRules, readPromotionRun } from "./readers.ts";

/** @returns the approvals that allow this plan to start now */
export async function verifyApprovals(
  approved: ReadRecord<PromotionPlan>,
  digest: string,
  snapshot: LedgerSnapshot,
  ports: Ports,
): Promise<readonly Approval[]> {
  const plan = approved.record;
  const now = ports.now();
  const run = await readPromotionRun(ports);
  assertPlanMayStart(plan, run.attempt, now);

  // The plan as it would be made now must equal the approved plan.
  const rules = await readPromotionRules(ports, plan.model, plan.target.commit);
  const environment = findEnvironment(plan.to, rules.environments);
  assertCanCarryOut(plan);
  const facts = await readPlanFacts(plan.kind, environment, () => plan.target.version, rules, snapshot, ports);
  assertPlanUnchanged(approved, makePlan(facts, pickPlanMetadata(plan)));

  return readApprovals(plan, digest, environment, run, ports);
}

/** @returns the approvals of this run that count for this plan. @throws ActionError as `countApprovals` */
export async function readApprovals(
  plan: AnyPlan,
  digest: string,
  environment: EnvironmentPolicy,
  run: WorkflowRun,
  { approvals, origin }: Ports,
): Promise<readonly Approval[]> {
  if (environment.approvals === 0) return [];
  const guard = assertEnvironmentProtected(await approvals.environment(plan.to), environment, plan.requestedBy);
  const reviews = await approvals.reviews(origin.run);
  return countApprovals(reviews, {
    needed: environment.approvals,
    environment: guard,
    byTeam: await readTeamStanding(reviews, guard, approvals),
    run,
    requestedBy: plan.requestedBy,
    challenge: plan.challenge ? challengeOf(digest) : undefined,
  });
}

/** In any of the teams that may review. */
async function readTeamStanding(
  reviews: readonly DeploymentReview[],
  environment: EnvironmentProtection,
  { isTeamMember }: Approvals,
): Promise<ReadonlyMap<number, "member" | "no-member" | "unknown">> {
  const standing = new Map<number, "member" | "no-member" | "unknown">();
  for (const { id, login, teams } of findTeamQuestions(reviews, environment)) {
    const answers = await Promise.all(teams.map((team) => isTeamMember(team, login)));
    standing.set(id, answers.includes(true) ? "member" : answers.includes(undefined) ? "unknown" : "no-member");
  }
  return standing;
}
