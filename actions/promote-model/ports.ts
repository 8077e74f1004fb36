/** What promote-model needs from GitHub, from files and from the clock. */
import type {
  EnvironmentPolicy,
  Gate,
  ModelDescription,
  ModelPolicy,
  Policy,
} from "../../shared/core/policy/policy.ts";
import type { Approvals } from "../../shared/core/promotion/approvals.ts";
import type { DeploymentHistory, Deployments } from "../../shared/core/promotion/deployments.ts";
import type { Ledger } from "../../shared/core/promotion/ledger.ts";
import type { ReviewedChanges } from "../../shared/core/promotion/reviewed-change.ts";
import type { LookedUp } from "../../shared/core/registry/bytes/location-state.ts";
import type { Registry } from "../../shared/core/registry/registry.ts";
import type { VersionProof } from "../../shared/core/registry/version-proof.ts";
import type { DigestFunction } from "../../shared/records/digest.ts";
import type { Origin } from "../../shared/records/fields.ts";
import type { ModelVersionRecord } from "../../shared/records/model-version.ts";
import type { AnyPlan, PromotionPlan } from "../../shared/records/promotion-plan.ts";
import type { PromotionRecord } from "../../shared/records/promotion-record.ts";
import type { ReadRecord, RecordVersion } from "../../shared/records/record-format.ts";

export interface Ports {
  /** The policy of the default branch for one of its models; `about`: see `readPromotionRules`. */
  readonly readPolicy: (model: string, about?: string) => Promise<PolicyAtCommit>;
  /** The same for all of its models, or for the one that is named. */
  readonly readPolicies: (model: string) => Promise<{ readonly policies: readonly Policy[]; readonly path: string }>;
  readonly registry: Registry;
  /** @throws ActionError (a refusal) `evidence-…` */
  readonly proveVersion: (
    record: ModelVersionRecord,
    trust: Policy["trust"],
    policyDigest: string,
  ) => Promise<VersionProof>;
  /** Where the version's bytes are, asked of those who keep them. */
  readonly lookUpBytes: (record: ModelVersionRecord) => Promise<readonly LookedUp[]>;
  readonly openLedger: (model: string) => Ledger;
  readonly approvals: Approvals;
  /** Where approvals are reviews of a pull request. */
  readonly changes: ReviewedChanges;
  readonly deployments: Deployments;
  readonly deploymentHistory: DeploymentHistory;
  /** Names of the models that have a ledger. */
  readonly listLedgers: () => Promise<readonly string[]>;
  readonly readPlan: () => Promise<ReadRecord<AnyPlan>>;
  /** The plan with this digest, as its run has uploaded it; `undefined`: that run has no such artifact, or no longer. */
  readonly fetchPlan: (run: number, digest: string) => Promise<ReadRecord<AnyPlan> | undefined>;
  readonly writePlan: (plan: ReadRecord<AnyPlan>) => Promise<void>;
  /** @param path from the repository's root */
  readonly writeText: (path: string, text: string) => Promise<void>;
  readonly writeRecord: (record: ReadRecord<PromotionRecord>) => Promise<void>;
  readonly digestOf: DigestFunction;
  /** GitHub's time, UTC, ISO 8601; after a first request. */
  readonly now: () => string;
  /** The commit of this run. */
  readonly sha: string;
  /** Full ref of this run, for example `refs/heads/main`. */
  readonly ref: string;
  readonly origin: Origin;
  /** This run's page. */
  readonly runUrl: string;
}

export interface PolicyAtCommit {
  readonly policy: Policy;
  readonly path: string;
  readonly ref: string;
  readonly digest: string;
}

export interface PromotionRules {
  readonly model: ModelDescription;
  /** Its name, where the policy has others. */
  readonly chosen: string | undefined;
  readonly environments: readonly EnvironmentPolicy[];
  readonly gates: readonly Gate[];
  /** How sure the gates about noise must be. */
  readonly statistics: ModelPolicy["statistics"];
  readonly trust: Policy["trust"];
  readonly policy: PromotionPlan["policy"];
  /** Of plans. */
  readonly version: RecordVersion;
}
