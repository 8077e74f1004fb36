/** Whether a plan may start: it is still the plan that would be made now, and the people it needs have approved exactly it. */

import { parseDuration } from "../../shared/core/policy/duration.ts";
import { isSameEnvironment } from "../../shared/core/policy/environment-name.ts";
import type { EnvironmentPolicy } from "../../shared/core/policy/policy.ts";
import {
  approvingEnvironments,
  assertChainProtected,
  countChainApprovals,
} from "../../shared/core/promotion/approval-chain.ts";
import { isByReview } from "../../shared/core/promotion/approval-kind.ts";
import type { Approvals, WorkflowRun } from "../../shared/core/promotion/approvals.ts";
import { findEnvironment } from "../../shared/core/promotion/choose-target.ts";
import { challengeOf, findTeamQuestions } from "../../shared/core/promotion/count-approvals.ts";
import { countReviewApprovals, findReviewTeamQuestions } from "../../shared/core/promotion/count-review-approvals.ts";
import { makePlan, pickPlanMetadata } from "../../shared/core/promotion/make-plan.ts";
import { assertCanCarryOut } from "../../shared/core/promotion/next-promotion-step.ts";
import {
  assertPlanMayStart,
  assertPlanNotTooOld,
  assertPlanUnchanged,
} from "../../shared/core/promotion/plan-validity.ts";
import type { PromotionRequest } from "../../shared/core/promotion/promotion-request.ts";
import { refused } from "../../shared/problem/problem.ts";
import type { AnyPlan, PromotionPlan } from "../../shared/records/promotion-plan.ts";
import type { Approval } from "../../shared/records/promotion-record.ts";
import type { ReadRecord } from "../../shared/records/record-format.ts";
import { readPlanFacts } from "./plan-facts.ts";
import type { Ports } from "./ports.ts";
import { type LedgerSnapshot, readPromotionRules, readPromotionRun } from "./readers.ts";
import { readMergedRequest } from "./request.ts";

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

/** @returns the approvals that count for this plan. @throws ActionError as `countApprovals` and `countReviewApprovals` */
export async function readApprovals(
  plan: AnyPlan,
  digest: string,
  environment: EnvironmentPolicy,
  run: WorkflowRun,
  ports: Ports,
): Promise<readonly Approval[]> {
  const now = ports.now();
  const longest = parseDuration(environment["approval-expires"]);
  if (environment.approvals === 0 || !isByReview(environment)) assertPlanNotTooOld(plan, longest, now, now);
  if (environment.approvals === 0) return [];
  if (isByReview(environment)) return readReviewApprovals(plan, digest, environment, ports);
  const { approvals, origin } = ports;
  const protections = await readProtections(environment, approvals);
  const guards = assertChainProtected(protections, environment, plan.requestedBy);
  const reviews = await approvals.reviews(origin.run);
  const chain = guards.map(async (guard) => ({
    environment: guard,
    byTeam: await readTeamStanding(findTeamQuestions(reviews, guard), approvals),
  }));
  return countChainApprovals(reviews, {
    needed: environment.approvals,
    chain: await Promise.all(chain),
    run,
    requestedBy: plan.requestedBy,
    challenge: plan.challenge ? challengeOf(digest) : undefined,
  });
}

/** Of the environments whose reviewers approve, in the policy's order. */
export const readProtections = (environment: EnvironmentPolicy, { environment: read }: Approvals) =>
  Promise.all(approvingEnvironments(environment).map((name) => read(name)));

/** By the pull request whose merge started this run. */
async function readReviewApprovals(
  plan: AnyPlan,
  digest: string,
  environment: EnvironmentPolicy,
  ports: Ports,
): Promise<readonly Approval[]> {
  const { change, request } = await readMergedRequest(ports);
  assertRequested(plan, digest, request);
  const made = await ports.approvals.run(plan.origin.run);
  assertMadeBy(plan, made, await ports.approvals.defaultBranch());
  const now = ports.now();
  const longest = parseDuration(environment["approval-expires"]);
  assertPlanNotTooOld(plan, longest, now, made.status === "completed" ? made.updatedAt : now);
  const approvers = environment.approvers ?? [];
  return countReviewApprovals(change, {
    ...{ needed: environment.approvals, environment: plan.to, approvers, requestedBy: plan.requestedBy },
    byTeam: await readTeamStanding(
      findReviewTeamQuestions(change, approvers, ownerOf(ports.origin.repository)),
      ports.approvals,
    ),
  });
}

function assertRequested(plan: AnyPlan, digest: string, request: PromotionRequest): void {
  const isSame =
    request.plan === digest &&
    request.run === plan.origin.run &&
    request.model === plan.model &&
    isSameEnvironment(request.environment, plan.to);
  if (isSame) return;
  throw refused({
    code: "request-of-other-plan",
    message: `the merged pull request asks for plan ${request.plan} of run ${request.run} for ${request.environment}, and not for this one`,
    fix: "Fetch the plan of the run that the request names, by the outputs of mode: request",
  });
}

const PLANNING_EVENTS: ReadonlySet<string> = new Set(["workflow_dispatch", "repository_dispatch", "push", "schedule"]);

const ownerOf = (repository: string): string => repository.split("/")[0] ?? "";

/** What a plan says of itself, somebody could have written: who asked for it, GitHub knows. */
function assertMadeBy({ origin, requestedBy }: AnyPlan, made: WorkflowRun, branch: string): void {
  // On another branch, and for a fork whose branch has the same name, the workflow could be anything.
  if (made.headBranch !== branch || !PLANNING_EVENTS.has(made.event)) {
    throw refused({
      code: "plan-of-other-branch",
      message: `the plan was made by run ${origin.run}, a ${made.event} on ${made.headBranch ?? "no branch"}, not a dispatch, push or schedule on ${branch}`,
      fix: "Plan again, by the workflow on the default branch",
    });
  }
  if ([made.actor.id, made.triggeringActor.id].includes(requestedBy.id)) return;
  throw refused({
    code: "plan-of-other-run",
    message: `the plan says that ${requestedBy.login} asked for it in run ${origin.run}, which ${made.triggeringActor.login} started`,
    fix: "Plan again, by the workflow on the default branch",
  });
}

/** In any of the teams that may review. */
async function readTeamStanding(
  questions: ReturnType<typeof findReviewTeamQuestions>,
  { isTeamMember }: Approvals,
): Promise<ReadonlyMap<number, "member" | "no-member" | "unknown">> {
  const standing = new Map<number, "member" | "no-member" | "unknown">();
  for (const { id, login, teams } of questions) {
    const answers = await Promise.all(
      teams.map((team) => (team === undefined ? undefined : isTeamMember(team, login))),
    );
    standing.set(id, answers.includes(true) ? "member" : answers.includes(undefined) ? "unknown" : "no-member");
  }
  return standing;
}
