/** What an approver should know although it prevents nothing. */
import type { PromotionPlan } from "../../records/promotion-plan.ts";
import { quoteText } from "../../text/document/document.ts";
import type { RegisteredVersion } from "../registry/registered-version.ts";
import { findProofWarnings } from "../registry/version-proof.ts";
import type { CheckedVersion } from "./checked-version.ts";
import { findBytesWarnings, type PlannedBytes } from "./planned-bytes.ts";

type PlanWarning = NonNullable<PromotionPlan["warnings"]>[number];

export interface WarningFacts {
  readonly kind: "promote" | "roll-back";
  readonly environment: { readonly name: string; readonly approvals: number };
  readonly isLastEnvironment: boolean;
  readonly isWithdrawn: boolean;
  readonly target: RegisteredVersion;
  readonly current: RegisteredVersion | undefined;
  readonly replaces: PromotionPlan["replaces"];
  readonly line: PromotionPlan["line"];
  readonly checked?: CheckedVersion | undefined;
  readonly bytes?: PlannedBytes | undefined;
  /** UTC, ISO 8601. */
  readonly createdAt: string;
}

export function findPlanWarnings(facts: WarningFacts): readonly PlanWarning[] {
  const { kind, environment, replaces, line } = facts;
  const { version } = facts.target.record;
  const found: PlanWarning[] = [];
  const warn = (code: string, message: string, fix: string): void =>
    void found.push({ code, message, severity: "warning", fix });
  if (kind === "promote" && line?.behind !== undefined) {
    warn(
      "version-behind",
      `${version} is behind ${line.behind}, which it replaces in ${environment.name}`,
      "Approve it only where going back to this release line is meant",
    );
  }
  if (kind === "roll-back" && facts.isWithdrawn) {
    warn(
      "version-withdrawn",
      `${version} was withdrawn after it was deployed`,
      "Roll back to another version, if one serves",
    );
  }
  if (replaces !== null && facts.current === undefined) {
    warn(
      "current-record-missing",
      `the metrics of ${replaces.version}, which it replaces, are not known: its tag is missing or was changed`,
      "Find out who changed the tag, and restore it",
    );
  }
  if (facts.checked !== undefined) {
    const { proof, today } = facts.checked;
    for (const { code, message, fix } of findProofWarnings(facts.target.record, proof)) warn(code, message, fix);
    if (today?.outcome === "fail") {
      const failed = today.rulings.filter(({ outcome }) => outcome === "fail").map(({ metric }) => metric);
      const names = [...new Set(failed)].map((name) => quoteText(name)).join(", ");
      warn(
        "fails-policy-today",
        `${version} passed its gate when it was registered, and would fail by today's policy: ${names}`,
        "Approve it only if that is meant",
      );
    }
  }
  const { bytes, createdAt } = facts;
  const lost = bytes && findBytesWarnings({ kind, version, environment }, bytes, createdAt);
  for (const { code, message, fix } of lost ?? []) warn(code, message, fix);
  if (facts.isLastEnvironment && environment.approvals === 0) {
    warn(
      "no-approval-needed",
      `nobody needs to approve what reaches ${environment.name}, the last environment`,
      'Write "approvals: 1" or more for it in the policy',
    );
  }
  return found;
}
