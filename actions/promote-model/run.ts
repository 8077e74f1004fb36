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
import { fetchRequestedPlan, request } from "./request.ts";
import type { spec } from "./spec.ts";

const MODES = { begin, commit, apply } as const;

/** Where nothing says which plan it is, a merged pull request does. Whether its reviews count is decided as ever. */
async function completeInputs({ inputs, ports }: Parameters<typeof run>[0]) {
  const { mode, environment, "plan-digest": digest } = inputs;
  if (mode === "commit" || environment !== "" || digest !== "") return inputs;
  const asked = await fetchRequestedPlan(ports);
  return { ...inputs, environment: asked.environment, "plan-digest": asked.plan };
}

export const run: ActionBody<typeof spec, Ports> = async (job) => {
  const { mode, kind } = job.inputs;
  if (mode === "reconcile") return reconcile(job);
  if (mode === "request") return request(job);
  if (mode === "plan") return kind === "repair" ? planRepair(job) : plan(kind, job);
  const planned = await readPlanOfThisRun(await completeInputs(job), job.ports);
  if (isOfRepair(planned)) return repair(planned, job);
  if (isOfPromotion(planned)) return MODES[mode](planned, job);
  throw new Error("a plan is of a promotion or of a repair");
};
