/** What promote-model needs of the world. */

import type { EnvironmentPolicy, Policy } from "../../shared/core/policy/policy.ts";
import type { Deployments } from "../../shared/core/promotion/deployments.ts";
import type { Gatekeeper } from "../../shared/core/promotion/gatekeeper.ts";
import type { Ledger } from "../../shared/core/promotion/ledger.ts";
import type { Registry } from "../../shared/core/registry/registry.ts";
import type { DigestOf } from "../../shared/records/digest.ts";
import type { Origin } from "../../shared/records/parts.ts";
import type { PromotionPlan, PromotionRecord } from "../../shared/records/promotion-record.ts";

export interface Ports {
  /** The policy of the default branch. */
  readonly policy: () => Promise<TrustedRules>;
  readonly registry: Registry;
  readonly ledger: (model: string) => Ledger;
  readonly gatekeeper: Gatekeeper;
  readonly deployments: Deployments;
  readonly readPlan: () => Promise<PromotionPlan>;
  readonly writePlan: (plan: PromotionPlan) => Promise<void>;
  readonly writeRecord: (record: PromotionRecord) => Promise<void>;
  readonly digestOf: DigestOf;
  /** UTC, ISO 8601. */
  readonly now: () => string;
  readonly here: Origin;
  /** This run's page. */
  readonly runUrl: string;
}

export interface TrustedRules {
  readonly policy: Policy;
  readonly path: string;
  readonly ref: string;
  readonly digest: string;
}

export interface Rules {
  readonly model: string;
  readonly environments: readonly EnvironmentPolicy[];
  readonly policy: PromotionPlan["policy"];
}
