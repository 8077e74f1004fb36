/** Whether the ledger allows what a plan asks for: the order of environments, and that a roll back leads back. */
import type { PromotionPlan } from "../../records/promotion-plan.ts";
import { getEnvironment, isSameVersion, type LedgerState } from "./ledger.ts";

/** What is wrong with the plan, to complete "…: its version …"; `undefined` when it may be carried out. */
export function findPlanError(state: LedgerState, plan: PromotionPlan): string | undefined {
  if (plan.kind === "roll-back") {
    const earlier = getEnvironment(state, plan.to).deployedVersions.slice(0, -1);
    const wasDeployed = earlier.some(({ version }) => isSameVersion(version, plan.target));
    return wasDeployed ? undefined : `it rolls back to a version that was not deployed to ${plan.to} before`;
  }
  const missing = plan.needs.find(
    (needed) =>
      !getEnvironment(state, needed).deployedVersions.some(({ version }) => isSameVersion(version, plan.target)),
  );
  return missing === undefined ? undefined : `its version was not promoted to ${missing}`;
}
