/** What `begin`, `apply` and `commit` do with the plan of a repair: the checkpoint is written, once. */
import type { ActionScope } from "../../shared/action/run-action.ts";
import { findEnvironment } from "../../shared/core/promotion/choose-target.ts";
import { createCheckpointEntry } from "../../shared/core/promotion/ledger-entries.ts";
import { pickPlanMetadata } from "../../shared/core/promotion/make-plan.ts";
import { makeRepairPlan } from "../../shared/core/promotion/make-repair-plan.ts";
import { assertPlanMayStart, assertPlanUnchanged } from "../../shared/core/promotion/plan-validity.ts";
import { appendEntry, serializeEntry } from "../../shared/core/promotion/verify-ledger.ts";
import { userError } from "../../shared/problem/problem.ts";
import type { RepairPlan } from "../../shared/records/promotion-plan.ts";
import type { Checkpoint } from "../../shared/records/promotion-record.ts";
import type { ReadRecord } from "../../shared/records/record-format.ts";
import { renderRepair } from "../../shared/report/repair.ts";
import type { PlanOfThisRun } from "./approved-plan.ts";
import type { Ports } from "./ports.ts";
import { readPromotionRules, readPromotionRun } from "./readers.ts";
import { readRepairFacts } from "./repair-facts.ts";
import type { spec } from "./spec.ts";
import { readApprovals } from "./verify-approvals.ts";

/** Other runs may repair other environments at the same time. */
const MAX_TRIES = 4;

export async function repair(
  planned: PlanOfThisRun<RepairPlan>,
  { inputs, ports, log, signal }: Pick<ActionScope<typeof spec, Ports>, "inputs" | "ports" | "log" | "signal">,
) {
  const { record: plan } = planned.approved;
  for (let tries = 1; tries <= MAX_TRIES; tries++) {
    signal.throwIfAborted();
    const written = await writeCheckpoint(planned, ports);
    if (written === undefined) continue;
    await ports.writeRecord(written);
    log.notice(`The ledger of ${plan.model} goes on for ${plan.to}, from entry ${written.record.seq}`);
    return {
      outputs: { ...outputsOfRepair(plan, planned.digest), result: "repaired" as const, record: inputs.record },
      summary: renderRepair(written.record),
    };
  }
  throw userError({
    code: "promotion-contended",
    message: `other runs kept writing to the ledger of ${plan.model}`,
    fix: "Re-run the job",
  });
}

/** @returns the checkpoint, also when an earlier attempt has written it; `undefined` when another run wrote first */
async function writeCheckpoint(
  { approved, digest }: PlanOfThisRun<RepairPlan>,
  ports: Ports,
): Promise<ReadRecord<Checkpoint> | undefined> {
  // Gather.
  const { record: plan } = approved;
  const rules = await readPromotionRules(ports, plan.model);
  const environment = findEnvironment(plan.to, rules.environments);
  const { file, facts } = await readRepairFacts(rules, environment, ports);
  const before = facts.reading.state.checkpoints.get(digest);
  if (before !== undefined) return before;

  // Decide: it is still what would be planned now, and people of this environment have approved exactly that.
  const run = await readPromotionRun(ports);
  assertPlanMayStart(plan, run.attempt, ports.now());
  assertPlanUnchanged(approved, makeRepairPlan(facts, pickPlanMetadata(plan), ports.digestOf));
  const approvals = await readApprovals(plan, digest, environment, run, ports);
  const { state, broken } = facts.reading;
  const context = { ledger: state, at: ports.now(), origin: ports.origin };
  const entry = createCheckpointEntry({ plan: approved, planDigest: digest, approvals }, context);
  appendEntry(state, entry, ports.digestOf, broken?.lines);

  // Write.
  const title = `checkpoint: repair ${plan.model} ${plan.to}`;
  const written = await ports.openLedger(plan.model).append(file, serializeEntry(entry), context.at, title);
  return written && entry;
}

/** With the version that the environment has, as far as the repair says. */
export function outputsOfRepair({ model, repair, to, origin }: RepairPlan, digest: string) {
  const current = repair.state.deployed.at(-1)?.version;
  return {
    ...{ model, version: current?.version ?? "" },
    "model-digest": current?.modelDigest ?? "",
    "plan-digest": digest,
    challenge: "",
    ...{ environment: to, run: String(origin.run) },
    tag: "",
    record: "",
  };
}
