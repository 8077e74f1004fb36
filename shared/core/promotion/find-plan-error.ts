/** Whether the ledger allows what a plan asks for: what is known about environments, their order, and that a roll back leads back. */
import type { PromotionPlan } from "../../records/promotion-plan.ts";
import { getEnvironment, isSameVersion, isUnsettled, type LedgerState } from "./ledger.ts";

export interface PlanError {
  readonly code: "environment-not-repaired" | "nothing-to-roll-back-to" | "environment-skipped";
  /** To complete "this plan cannot be carried out: …". */
  readonly what: string;
}

/** @returns `undefined` when it may be carried out */
export function findPlanError(state: LedgerState, plan: PromotionPlan): PlanError | undefined {
  const read = plan.kind === "roll-back" ? [plan.to] : [plan.to, ...plan.needs];
  const unsettled = read.find((name) => isUnsettled(state, name));
  if (unsettled !== undefined) return { code: "environment-not-repaired", what: notRepaired(unsettled) };
  if (plan.kind === "roll-back") {
    const earlier = getEnvironment(state, plan.to).deployedVersions.slice(0, -1);
    const wasDeployed = earlier.some(({ version }) => isSameVersion(version, plan.target));
    if (wasDeployed) return undefined;
    const what = `it rolls back to a version that was not deployed to ${plan.to} before`;
    return { code: "nothing-to-roll-back-to", what };
  }
  const missing = plan.needs.find(
    (needed) =>
      !getEnvironment(state, needed).deployedVersions.some(({ version }) => isSameVersion(version, plan.target)),
  );
  if (missing === undefined) return undefined;
  return { code: "environment-skipped", what: `its version was not promoted to ${missing}` };
}

export const notRepaired = (name: string): string =>
  `the ledger was broken, and ${name} has not been repaired since then`;
