/** `mode: begin`: checks that the approved plan may be carried out, and says so in the ledger. After it, the job deploys. */
import type { ActionScope } from "../../shared/action/run-action.ts";
import { wasBegun } from "../../shared/core/promotion/next-promotion-step.ts";
import { formatRecord } from "../../shared/records/format-record.ts";
import type { PlanOfThisRun } from "./approved-plan.ts";
import { BEGUN_PLAN } from "./begun-plan.ts";
import { resultOf } from "./commit.ts";
import { executePlan } from "./execute-plan.ts";
import type { Ports } from "./ports.ts";
import { type LedgerSnapshot, questionOf, readLedgerSnapshot } from "./readers.ts";
import type { spec } from "./spec.ts";
import { verifyApprovals } from "./verify-approvals.ts";

export type BeginScope = Pick<ActionScope<typeof spec, Ports>, "ports" | "log" | "signal">;

export async function begin(
  planned: PlanOfThisRun,
  scope: BeginScope & Pick<ActionScope<typeof spec, Ports>, "state">,
) {
  scope.state.save(BEGUN_PLAN, formatRecord(planned.approved));
  const { ledger } = await beginPlan(planned, scope);

  const { kind, model, target, to } = planned.approved.record;
  const isOpen = ledger.plans.get(planned.digest)?.record.type === "intent";
  if (isOpen) scope.log.notice(`Deploy ${model} ${target.version} to ${to} now; then commit`);
  return {
    outputs: {
      result: isOpen ? ("begun" as const) : resultOf(kind),
      ...{ model, version: target.version },
      "model-digest": target.modelDigest,
      "plan-digest": planned.digest,
      challenge: "",
      ...{ environment: to, run: "" },
      tag: "",
      record: "",
    },
  };
}

/** @returns the ledger with the plan's intent; or, in a job that is run again, with what has become of it */
export async function beginPlan(
  { approved, digest }: PlanOfThisRun,
  { ports, log, signal }: BeginScope,
): Promise<LedgerSnapshot> {
  // Gather.
  const plan = approved.record;
  const snapshot = await readLedgerSnapshot(questionOf(plan), ports, digest);
  for (const problem of snapshot.oddTags) log.warn(problem);
  const entry = snapshot.ledger.plans.get(digest);
  if (entry?.record.type === "committed") log.notice("This plan was carried out before: nothing is left to do");

  // Decide: a plan that was started had its approvals checked then, and is finished; a new one must pass every check.
  const isNew = !wasBegun(snapshot.ledger, plan, digest);
  const approvals = isNew ? await verifyApprovals(approved, digest, snapshot, ports) : (entry?.approvals ?? []);

  // Write.
  return executePlan({ plan: approved, planDigest: digest, approvals }, "begun", snapshot, { ports, log, signal });
}
