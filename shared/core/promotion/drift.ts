/** What reconciliation compares: a model's ledger, its tags, GitHub's deployments and environments, as read at one time. */
import type { Problem } from "../../problem/problem.ts";
import type { EnvironmentPolicy } from "../policy/policy.ts";
import type { RegisteredVersion } from "../registry/registered-version.ts";
import type { TagRef } from "../registry/registry.ts";
import type { EnvironmentProtection } from "./approvals.ts";
import type { ListedDeployment } from "./deployments.ts";
import type { LedgerState } from "./ledger.ts";
import type { LedgerReading } from "./verify-ledger.ts";

/** One difference: where, how bad, and what makes it right. */
export interface Drift {
  /** `error`: something that people rely on is not so. `warning`: it is, and will not stay so, or confuses. */
  readonly severity: "error" | "warning";
  readonly model: string;
  /** `undefined`: it concerns the model, or the ledger as a whole. */
  readonly environment?: string | undefined;
  readonly problem: Problem;
}

/** A deployment that promote-model has recorded. */
export interface KnownDeployment extends ListedDeployment {
  /** The newest status; null before the first. */
  readonly state: string | null;
}

export interface ModelFacts {
  readonly model: string;
  readonly environments: readonly EnvironmentPolicy[];
  readonly reading: LedgerReading;
  /** Without the odd ones. */
  readonly tags: readonly TagRef[];
  readonly oddTags: readonly Problem[];
  /** The records in the tags of the current versions, by version; a problem where there is none. */
  readonly versions: ReadonlyMap<string, RegisteredVersion | Problem>;
  /** The newest of each environment, and those of what is deployed there. */
  readonly deployments: readonly KnownDeployment[];
  /** Of those whose reviewers approve, by `environmentKey`; `undefined`: GitHub has no such environment. */
  readonly protections: ReadonlyMap<string, EnvironmentProtection | undefined>;
  /** Whether an attempt of a run can write nothing any more, by `<run>/<attempt>`. */
  readonly ended: ReadonlyMap<string, boolean>;
  /** UTC, ISO 8601, by GitHub's clock. */
  readonly now: string;
}

export const runKey = ({ run, attempt }: { readonly run: number; readonly attempt: number }): string =>
  `${run}/${attempt}`;

/** The plan that an environment's current version was deployed by: the newest commit that still stands. */
export const findCurrentPlan = (ledger: LedgerState, tagName: string | undefined) =>
  tagName === undefined
    ? undefined
    : [...ledger.plans.values()].find((entry) => "tag" in entry.record && entry.record.tag?.name === tagName);
