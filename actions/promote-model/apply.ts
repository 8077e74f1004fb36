/** `mode: apply`: begin and commit at once, where the tag and the ledger are all there is to deploy. */
import type { ActionBody } from "../../shared/action/run-action.ts";
import { readPlanOfThisRun } from "./approved-plan.ts";
import { beginPlan } from "./begin.ts";
import { commitPlan } from "./commit.ts";
import type { Ports } from "./ports.ts";
import type { spec } from "./spec.ts";

export const apply: ActionBody<typeof spec, Ports> = async (scope) => {
  const planned = await readPlanOfThisRun(scope.inputs, scope.ports);
  const begun = await beginPlan(planned, scope);
  return commitPlan(planned, begun, scope);
};
