/** How an environment is approved, as a plan says it. */
import type { PromotionPlan } from "../../records/promotion-plan.ts";
import type { EnvironmentPolicy } from "../policy/policy.ts";

export type ApprovalRules = Pick<EnvironmentPolicy, "approvals"> &
  Partial<Pick<EnvironmentPolicy, "approved-by" | "approvers" | "approval-environments">>;

/** Whether reviews of a pull request approve it. */
export const isByReview = ({ approvals, "approved-by": by }: ApprovalRules): boolean =>
  by === "review" && approvals > 0;

/** For the plan: a change of who may approve is a change of the plan. */
export const describeApprovalKind = (
  rules: ApprovalRules,
): Pick<PromotionPlan, "approvalBy" | "approvers" | "approvalEnvironments"> =>
  isByReview(rules)
    ? {
        approvalBy: "review",
        approvers: (rules.approvers ?? []).map((name) => ({ kind: name.includes("/") ? "team" : "user", name })),
      }
    : rules.approvals > 0 && rules["approval-environments"] !== undefined
      ? { approvalEnvironments: [...rules["approval-environments"]] }
      : {};
