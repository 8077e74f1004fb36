/**
 * The post step of `mode: begin`: when the job ends, nothing stays open. What was committed stays, whatever failed after it; a plan that
 * was not is aborted, and its deployment has failed.
 */
import type { PostBody } from "../../shared/action/run-action.ts";
import { digestRecord } from "../../shared/records/digest.ts";
import { promotionPlan } from "../../shared/records/promotion-plan.ts";
import { readRecord } from "../../shared/records/read-record.ts";
import { BEGUN_PLAN } from "./begun-plan.ts";
import { executePlan } from "./execute-plan.ts";
import type { Ports } from "./ports.ts";
import { questionOf, readLedgerSnapshot } from "./readers.ts";
import type { spec } from "./spec.ts";

export const abandon: PostBody<typeof spec, Ports> = async ({ inputs, ports, log, signal, state }) => {
  const begun = state.read(BEGUN_PLAN);
  if (begun === "") return;
  const plan = readRecord(promotionPlan, begun, { file: inputs.plan, reader: "promote-model" });
  const { model, to, target } = plan.record;
  const planDigest = digestRecord(plan, ports.digestOf);
  const before = await readLedgerSnapshot(questionOf(plan.record), ports, planDigest);
  const { ledger } = await executePlan({ plan, planDigest, approvals: [] }, "ended", before, { ports, log, signal });
  if (ledger.plans.get(planDigest)?.record.type !== "aborted") return;
  log.warn({
    code: "promotion-abandoned",
    message: `${model} ${target.version} was not committed before the job ended: its promotion to ${to} is aborted`,
    fix: "Find out which step failed or is missing, and start a new run",
  });
};
