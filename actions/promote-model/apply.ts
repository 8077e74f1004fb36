/** `mode: apply`: begin and commit at once, where the tag and the ledger are all there is to deploy. */
import type { PlanOfThisRun } from "./approved-plan.ts";
import { type BeginScope, beginPlan } from "./begin.ts";
import { type CommitScope, commitPlan } from "./commit.ts";

export async function apply(planned: PlanOfThisRun, scope: BeginScope & CommitScope) {
  const begun = await beginPlan(planned, scope);
  return commitPlan(planned, begun, scope);
}
