/** The plan that a job of its own made, and that was approved: this run's, for this environment, unchanged. */
import { assertPlanOfThisRun } from "../../shared/core/promotion/plan-validity.ts";
import { type ActionError, refused } from "../../shared/problem/problem.ts";
import { digestRecord } from "../../shared/records/digest.ts";
import {
  type AnyPlan,
  isPromotion,
  isRepair,
  type PromotionPlan,
  type RepairPlan,
} from "../../shared/records/promotion-plan.ts";
import type { ReadRecord } from "../../shared/records/record-format.ts";
import type { Ports } from "./ports.ts";

export interface PlanOfThisRun<Plan extends AnyPlan = PromotionPlan> {
  readonly approved: ReadRecord<Plan>;
  readonly digest: string;
}

interface PlanInputs {
  readonly environment: string;
  readonly model: string;
  readonly version: string;
  readonly "plan-digest": string;
}

/** @throws ActionError as `assertPlanOfThisRun`; `model-swapped`, `version-swapped` */
export async function readPlanOfThisRun(inputs: PlanInputs, ports: Ports): Promise<PlanOfThisRun<AnyPlan>> {
  const approved = await ports.readPlan();
  const digest = digestRecord(approved, ports.digestOf);
  const { environment, model, "plan-digest": expected } = inputs;
  assertPlanOfThisRun(approved.record, { digest, expected, currentRun: ports.origin, environment });
  if (model !== "" && model !== approved.record.model) throw modelSwapped(approved.record.model, model);
  if (isPromotion(approved)) assertRequestedVersion(approved.record, inputs.version);
  return { approved, digest };
}

export const isOfRepair = (planned: PlanOfThisRun<AnyPlan>): planned is PlanOfThisRun<RepairPlan> =>
  isRepair(planned.approved);
export const isOfPromotion = (planned: PlanOfThisRun<AnyPlan>): planned is PlanOfThisRun => !isOfRepair(planned);

const modelSwapped = (planned: string, model: string): ActionError =>
  refused({
    code: "model-swapped",
    message: `the plan is for the model ${planned}, but the input model is ${model}`,
    fix: "Leave out the input model here: it is in the plan",
  });

function assertRequestedVersion(plan: PromotionPlan, version: string): void {
  if (version === "" || version === plan.target.version) return;
  throw refused({
    code: "version-swapped",
    message: `the plan is for ${plan.target.version}, but the input version is ${version}`,
    fix: "Leave out the input version here: it is in the plan",
  });
}
