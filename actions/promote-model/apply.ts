/** `mode: apply`: sees that what was approved is still what would be done, and does exactly that. */

import type { ActionBody } from "../../shared/action/run-action.ts";
import { assertEnvironmentProtected } from "../../shared/core/promotion/assert-environment-protected.ts";
import { findEnvironment } from "../../shared/core/promotion/choose-target.ts";
import { type Approval, challengeOf, countApprovals } from "../../shared/core/promotion/count-approvals.ts";
import { getCurrentVersion } from "../../shared/core/promotion/ledger.ts";
import { makePlan, pickPlanMetadata } from "../../shared/core/promotion/make-plan.ts";
import {
  assertPlanMayStart,
  assertPlanOfThisRun,
  assertPlanUnchanged,
} from "../../shared/core/promotion/plan-validity.ts";
import { recoverOpenIntent } from "../../shared/core/promotion/recover-open-intent.ts";
import { refused } from "../../shared/problem/problem.ts";
import { digestRecord } from "../../shared/records/digest.ts";
import type { PromotionPlan } from "../../shared/records/promotion-record.ts";
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
  // Gather: the plan, and what the ledger knows of it.
  const plan = await ports.readPlan();
  const digest = digestRecord(plan, ports.digestOf);
  const { origin: here } = ports;
  assertPlanOfThisRun(plan, {
    digest,
    expected: inputs["plan-digest"],
    currentRun: here,
    environment: inputs.environment,
  });
  assertRequestedVersion(plan, inputs.version);
  const books = await readLedgerSnapshot(plan.model, plan.to, ports);
  const begun = books.ledger.plans.get(digest);

  // Decide: what has begun was approved, and is finished; anything else must hold in every respect.
  const approvals = begun === undefined ? await verifyApprovals(plan, digest, books, ports) : begun.approvals;

  // Write, and read back what was written.
  const record = await executePlan({ plan, planDigest: digest, approvals }, books, ports, log, signal);
  await ports.writeRecord(record);
  const tag = record.tag?.name ?? "";
  log.notice(`${plan.model} ${plan.target.version} stands in ${plan.to} (${tag})`);
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
    summary: renderPromotion(record),
  };
};

/** The approvals that let this plan begin here and now. */
async function verifyApprovals(
  plan: PromotionPlan,
  digest: string,
  books: LedgerSnapshot,
  ports: Ports,
): Promise<readonly Approval[]> {
  const { approvals: gatekeeper, origin: here } = ports;
  const now = ports.now();
  const run = await readPromotionRun(ports);
  assertPlanMayStart(plan, run.attempt, now);

  // The plan as one would make it now must be the plan that was approved.
  const rules = await readPromotionRules(ports);
  const environment = findEnvironment(plan.to, rules.environments);
  const writing = { ledger: books.ledger, at: now, origin: here };
  const ledger = recoverOpenIntent(plan.to, books.tags, books.ownerHasEnded, writing, ports.digestOf);
  const target = await readRegisteredVersion(rules.model, plan.target.version, books.tags, ports);
  const current = await readCurrentVersion(getCurrentVersion(ledger, plan.to)?.version, rules.model, books.tags, ports);
  const facts = { kind: plan.kind, environment, target, current, ledger, policy: rules.policy };
  assertPlanUnchanged(plan, makePlan(facts, pickPlanMetadata(plan)));

  if (environment.approvals === 0) return [];
  const guard = assertEnvironmentProtected(await gatekeeper.environment(plan.to), environment, plan.requestedBy);
  return countApprovals(await gatekeeper.reviews(here.run), {
    needed: environment.approvals,
    environment: guard,
    run,
    requestedBy: plan.requestedBy,
    challenge: plan.challenge ? challengeOf(digest) : undefined,
  });
}

function assertRequestedVersion(plan: PromotionPlan, version: string): void {
  if (version === "" || version === plan.target.version) return;
  throw refused({
    code: "version-swapped",
    message: `the plan is about ${plan.target.version}, and this job asks for ${version}`,
    fix: "Leave the input version out of apply: the plan has it",
  });
}
