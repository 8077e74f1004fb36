/**
 * The story of promote-model: a plan in one job, people approve, and in the next job it begins, the job deploys, and it is committed.
 * A broken ledger is repaired in the same way; there is nothing to deploy then.
 */
import type { ActionBody } from "../../shared/action/run-action.ts";
import { apply } from "./apply.ts";
import { isOfPromotion, isOfRepair, readPlanOfThisRun } from "./approved-plan.ts";
import { begin } from "./begin.ts";
import { commit } from "./commit.ts";
import { plan } from "./plan.ts";
import { planRepair } from "./plan-repair.ts";
import type { Ports } from "./ports.ts";
import { reconcile } from "./reconcile.ts";
import { repair } from "./repair.ts";
import { request } from "./request.ts";
import type { spec } from "./spec.ts";

const MODES = { begin, commit, apply } as const;

export const run: ActionBody<typeof spec, Ports> = async (job) => {
  const { mode, kind } = job.inputs;
  if (mode === "reconcile") return reconcile(job);
  if (mode === "request") return request(job);
  if (mode === "plan") return kind === "repair" ? planRepair(job) : plan(kind, job);
  const planned = await readPlanOfThisRun(job.inputs, job.ports);
  if (isOfRepair(planned)) return repair(planned, job);
  if (isOfPromotion(planned)) return MODES[mode](planned, job);
  throw new Error("a plan is of a promotion or of a repair");
};
