/** `mode: apply`: checks that the approved plan is still the plan that would be made now, and executes exactly that plan. */
import type { ActionBody } from "../../shared/action/run-action.ts";
import type { Approvals, DeploymentReview, EnvironmentProtection } from "../../shared/core/promotion/approvals.ts";
import { assertEnvironmentProtected } from "../../shared/core/promotion/assert-environment-protected.ts";
import { findEnvironment } from "../../shared/core/promotion/choose-target.ts";
import { challengeOf, countApprovals, findTeamQuestions } from "../../shared/core/promotion/count-approvals.ts";
import { tagOf } from "../../shared/core/promotion/entry-rules.ts";
import { getCurrentVersion } from "../../shared/core/promotion/ledger.ts";
import { makePlan, pickPlanMetadata } from "../../shared/core/promotion/make-plan.ts";
import { assertCanCarryOut } from "../../shared/core/promotion/next-promotion-step.ts";
import {
  assertPlanMayStart,
  assertPlanOfThisRun,
  assertPlanUnchanged,
} from "../../shared/core/promotion/plan-validity.ts";
import { recoverOpenIntent } from "../../shared/core/promotion/recover-open-intent.ts";
import { refused } from "../../shared/problem/problem.ts";
import { digestRecord } from "../../shared/records/digest.ts";
import type { PromotionPlan } from "../../shared/records/promotion-plan.ts";
import type { Approval } from "../../shared/records/promotion-record.ts";
import type { ReadRecord } from "../../shared/records/record-format.ts";
import { renderPromotion } from "../../shared/report/promotion.ts";
import { executePlan } from "./execute-plan.ts";
import type { Ports } from "./ports.ts";
import {
  type LedgerSnapshot,
  readCurrentVersion,
  readLedgerSnapshot,
  readPromotionRules,
  readPromotionRun,
  readRegisteredVersion,
} from "./readers.ts";
import type { spec } from "./spec.ts";

export const apply: ActionBody<typeof spec, Ports> = async ({ inputs, ports, log, signal }) => {
  // Gather: the plan, and its entry in the ledger.
  const approved = await ports.readPlan();
  const plan = approved.record;
  const digest = digestRecord(approved, ports.digestOf);
  assertPlanOfThisRun(plan, {
    digest,
    expected: inputs["plan-digest"],
    currentRun: ports.origin,
    environment: inputs.environment,
  });
  assertRequestedVersion(plan, inputs.version);
  const snapshot = await readLedgerSnapshot(plan.model, plan.to, ports);
  const entry = snapshot.ledger.plans.get(digest);
  if (entry?.record.type === "committed") log.notice(`This plan was carried out before: nothing is left to do`);

  // Decide: a plan that was started had its approvals checked then, and is finished; a new one must pass every check.
  const approvals = entry === undefined ? await verifyApprovals(approved, digest, snapshot, ports) : entry.approvals;

  // Write, and read back what was written.
  const committed = await executePlan({ plan: approved, planDigest: digest, approvals }, snapshot, ports, log, signal);
  await ports.writeRecord(committed);
  const tag = tagOf(committed)?.name ?? "";
  log.notice(`${plan.model} ${plan.target.version} is deployed to ${plan.to} (${tag})`);
  return {
    outputs: {
      result: plan.kind === "promote" ? "promoted" : "rolled-back",
      version: plan.target.version,
      "model-digest": plan.target.modelDigest,
      "plan-digest": digest,
      challenge: "",
      tag,
      record: inputs.record,
    },
    summary: renderPromotion(committed),
  };
};

/** @returns the approvals that allow this plan to start now */
async function verifyApprovals(
  approved: ReadRecord<PromotionPlan>,
  digest: string,
  snapshot: LedgerSnapshot,
  ports: Ports,
): Promise<readonly Approval[]> {
  const { approvals, origin } = ports;
  const plan = approved.record;
  const now = ports.now();
  const run = await readPromotionRun(ports);
  assertPlanMayStart(plan, run.attempt, now);

  // The plan as it would be made now must equal the approved plan.
  const rules = await readPromotionRules(ports);
  const environment = findEnvironment(plan.to, rules.environments);
  const { tags, ownerHasEnded } = snapshot;
  const entryContext = { ledger: snapshot.ledger, at: now, origin };
  const ledger = recoverOpenIntent(plan.to, tags, ownerHasEnded, entryContext, ports.digestOf);
  const target = await readRegisteredVersion(rules.model, plan.target.version, tags, ports);
  const current = await readCurrentVersion(getCurrentVersion(ledger, plan.to)?.version, rules.model, tags, ports);
  assertCanCarryOut(plan);
  const kind = plan.kind === "promote" ? "promote" : "roll-back";
  const facts = { kind, environment, target, current, ledger, policy: rules.policy } as const;
  assertPlanUnchanged(approved, makePlan(facts, pickPlanMetadata(plan)));

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

function assertRequestedVersion(plan: PromotionPlan, version: string): void {
  if (version === "" || version === plan.target.version) return;
  throw refused({
    code: "version-swapped",
    message: `the plan is for ${plan.target.version}, but the input version is ${version}`,
    fix: "Leave out the input version for apply: it is in the plan",
  });
}
