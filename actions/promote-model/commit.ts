/** `mode: commit`: what was begun has been deployed; the ledger, a tag and the deployment say so. */
import type { ActionScope } from "../../shared/action/run-action.ts";
import { tagOf } from "../../shared/core/promotion/entry-rules.ts";
import type { PromotionPlan } from "../../shared/records/promotion-plan.ts";
import { renderPromotion } from "../../shared/report/promotion.ts";
import type { PlanOfThisRun } from "./approved-plan.ts";
import { executePlan } from "./execute-plan.ts";
import type { Ports } from "./ports.ts";
import { type LedgerSnapshot, questionOf, readLedgerSnapshot } from "./readers.ts";
import type { spec } from "./spec.ts";

export type CommitScope = Pick<ActionScope<typeof spec, Ports>, "inputs" | "ports" | "log" | "signal">;

export async function commit(planned: PlanOfThisRun, scope: CommitScope) {
  const question = questionOf(planned.approved.record);
  return commitPlan(planned, await readLedgerSnapshot(question, scope.ports, planned.digest), scope);
}

export const resultOf = (kind: PromotionPlan["kind"]): "promoted" | "rolled-back" =>
  kind === "promote" ? "promoted" : "rolled-back";

/** What it writes to the ledger is found there, before it is believed. */
export async function commitPlan(
  { approved, digest }: PlanOfThisRun,
  snapshot: LedgerSnapshot,
  { inputs, ports, log, signal }: CommitScope,
) {
  const plan = approved.record;
  const approvals = snapshot.ledger.plans.get(digest)?.approvals ?? [];
  const approvedPlan = { plan: approved, planDigest: digest, approvals };
  const { ledger } = await executePlan(approvedPlan, "committed", snapshot, { ports, log, signal });
  const committed = ledger.plans.get(digest);
  if (committed?.record.type !== "committed") throw new Error("executePlan has ended before the plan was committed");
  await ports.writeRecord(committed);
  const tag = tagOf(committed)?.name ?? "";
  log.notice(`${plan.model} ${plan.target.version} is deployed to ${plan.to} (${tag})`);
  return {
    outputs: {
      result: resultOf(plan.kind),
      ...{ model: plan.model, version: plan.target.version },
      "model-digest": plan.target.modelDigest,
      "plan-digest": digest,
      challenge: "",
      ...{ environment: plan.to, run: "" },
      tag,
      record: inputs.record,
    },
    summary: renderPromotion(committed, ledger),
  } as const;
}
