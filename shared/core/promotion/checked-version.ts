/** A version that is to be promoted, and what is known about it beyond its tag. */
import type { ModelVersionRecord } from "../../records/model-version.ts";
import type { PromotionPlan } from "../../records/promotion-plan.ts";
import type { RegisteredVersion } from "../registry/registered-version.ts";
import { assertGoverned, assertProven, governanceOf, levelOf, type VersionProof } from "../registry/version-proof.ts";
import { isSameVersion, type LedgerState } from "./ledger.ts";

export interface CheckedVersion {
  readonly proof: VersionProof;
  /** Whether the policy has gates. */
  readonly gated: boolean;
  /** Governance fields that the policy requires. */
  readonly required: readonly string[];
  /** The stored metrics judged by today's policy, beside those of the current version. */
  readonly today: PromotionPlan["today"];
}

/** @throws ActionError (a refusal) as `assertProven` and `assertGoverned` */
export function assertChecked(
  { target, ledger }: { readonly target: RegisteredVersion; readonly ledger: LedgerState },
  { proof, gated, required }: CheckedVersion,
  { origin, createdAt }: Pick<PromotionPlan, "origin" | "createdAt">,
): void {
  const committed = [...ledger.plans.values()].filter(({ record }) => record.type === "committed");
  const promoted = [
    ...committed.map(({ plan }) => plan.target),
    ...[...ledger.environments.values()].flatMap(({ deployedVersions }) => deployedVersions.map((one) => one.version)),
  ];
  const wasPromoted = promoted.some((version) => isSameVersion(version, target.record));
  assertProven(target.record, proof, { repository: origin.repository, gated, wasPromoted });
  assertGoverned(target.record, required, createdAt.slice(0, 10));
}

/** What the plan shows of it. */
export function describeChecked(record: ModelVersionRecord, { proof, today }: CheckedVersion): Partial<PromotionPlan> {
  const governance = governanceOf(record);
  return {
    ...(proof.branch !== undefined && { branch: proof.branch }),
    guarantee: { evidence: levelOf(proof) },
    ...(Object.keys(governance).length > 0 && { governance }),
    ...(today !== undefined && { today }),
  };
}
