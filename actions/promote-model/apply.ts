/** `mode: apply`: sees that what was approved is still what would be done, and does exactly that. */
import { refusal } from "../../shared/action/problem.ts";
import type { ActionBody } from "../../shared/action/run-action.ts";
import { type Approval, challengeOf, countApprovals } from "../../shared/core/promotion/approvals.ts";
import { findEnvironment } from "../../shared/core/promotion/choose-target.ts";
import { standingIn } from "../../shared/core/promotion/ledger.ts";
import { makePlan, stampOf } from "../../shared/core/promotion/make-plan.ts";
import { assertFresh, assertMayBegin, assertOwnPlan } from "../../shared/core/promotion/plan-validity.ts";
import { assertRealGate } from "../../shared/core/promotion/real-gate.ts";
import { settle } from "../../shared/core/promotion/settle.ts";
import { digestOfRecord } from "../../shared/records/digest.ts";
import type { PromotionPlan } from "../../shared/records/promotion-record.ts";
import { renderPromotion } from "../../shared/report/promotion.ts";
import { carryOut } from "./carry-out.ts";
import { type Books, readBooks, readRules, readRun, readStanding, readVersion } from "./gather.ts";
import type { Ports } from "./ports.ts";
import type { spec } from "./spec.ts";

export const apply: ActionBody<typeof spec, Ports> = async ({ inputs, ports, log, signal }) => {
  // Gather: the plan, and what the ledger knows of it.
  const plan = await ports.readPlan();
  const digest = digestOfRecord(plan, ports.digestOf);
  const { here } = ports;
  assertOwnPlan(plan, { digest, expected: inputs["plan-digest"], here, environment: inputs.environment });
  assertAsked(plan, inputs.version);
  const books = await readBooks(plan.model, plan.to, ports);
  const begun = books.ledger.plans.get(digest);

  // Decide: what has begun was approved, and is finished; anything else must hold in every respect.
  const approvals = begun === undefined ? await approve(plan, digest, books, ports) : begun.approvals;

  // Write, and read back what was written.
  const record = await carryOut({ plan, planDigest: digest, approvals }, books, ports, log, signal);
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
async function approve(plan: PromotionPlan, digest: string, books: Books, ports: Ports): Promise<readonly Approval[]> {
  const { gatekeeper, here } = ports;
  const now = ports.now();
  const run = await readRun(ports);
  assertMayBegin(plan, run.attempt, now);

  // The plan as one would make it now must be the plan that was approved.
  const rules = await readRules(ports);
  const environment = findEnvironment(plan.to, rules.environments);
  const writing = { ledger: books.ledger, at: now, origin: here };
  const ledger = settle(plan.to, books.tags, books.ownerIsOver, writing, ports.digestOf);
  const target = await readVersion(rules.model, plan.target.version, books.tags, ports);
  const standing = await readStanding(standingIn(ledger, plan.to)?.version, rules.model, books.tags, ports);
  const facts = { kind: plan.kind, environment, target, standing, ledger, policy: rules.policy };
  assertFresh(plan, makePlan(facts, stampOf(plan)));

  if (environment.approvals === 0) return [];
  const guard = assertRealGate(await gatekeeper.environment(plan.to), environment, plan.requestedBy);
  return countApprovals(await gatekeeper.reviews(here.run), {
    needed: environment.approvals,
    environment: guard,
    run,
    requestedBy: plan.requestedBy,
    challenge: plan.challenge ? challengeOf(digest) : undefined,
  });
}

function assertAsked(plan: PromotionPlan, version: string): void {
  if (version === "" || version === plan.target.version) return;
  throw refusal({
    code: "version-swapped",
    message: `the plan is about ${plan.target.version}, and this job asks for ${version}`,
    fix: "Leave the input version out of apply: the plan has it",
  });
}
