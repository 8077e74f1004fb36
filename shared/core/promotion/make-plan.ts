/** What would be done, in full: the thing that is approved and nothing else is carried out. */
import { refusal } from "../../action/problem.ts";
import type { Metric } from "../../records/parts.ts";
import { PROMOTION_PLAN, type PromotionPlan } from "../../records/promotion-record.ts";
import type { EnvironmentPolicy } from "../policy/policy.ts";
import type { RegisteredVersion } from "../registry/registered-version.ts";
import { compareVersions, readVersion } from "../registry/version.ts";
import { environmentIn, isSameVersion, type LedgerState, standingIn } from "./ledger.ts";

export interface PlanFacts {
  readonly kind: PromotionPlan["kind"];
  readonly environment: EnvironmentPolicy;
  readonly target: RegisteredVersion;
  /** The record of what stands there now; `undefined` when nothing does. */
  readonly standing: RegisteredVersion | undefined;
  readonly ledger: LedgerState;
  readonly policy: PromotionPlan["policy"];
}

/** What a plan has from its own moment. */
export type PlanStamp = Pick<
  PromotionPlan,
  "reason" | "requestedBy" | "createdAt" | "expiresAt" | "challenge" | "origin"
>;

/** For making a plan again, to be compared: everything else must come from the world as it is now. */
export const stampOf = ({ reason, requestedBy, createdAt, expiresAt, challenge, origin }: PlanStamp): PlanStamp => ({
  reason,
  requestedBy,
  createdAt,
  expiresAt,
  challenge,
  origin,
});

/** @throws ActionFailure (a refusal): `environment-skipped`, `version-already-there`, `version-not-newer`, `version-swapped` */
export function makePlan(facts: PlanFacts, stamp: PlanStamp): PromotionPlan {
  const { kind, environment, ledger, policy } = facts;
  const { record, recordDigest } = facts.target;
  const target = { version: record.version, commit: record.commit, modelDigest: record.modelDigest };
  const replaces = standingIn(ledger, environment.name)?.version ?? null;
  if (kind === "promote") assertForward(target, facts);
  else assertStoodBefore(target, facts);
  return {
    schema: PROMOTION_PLAN,
    kind,
    model: record.model,
    target,
    from: environment.needs ?? null,
    to: environment.name,
    replaces,
    assignment: environmentIn(ledger, environment.name).lastAssignment + 1,
    approvals: environment.approvals,
    evidence: [
      { kind: "model-version", digest: recordDigest },
      { kind: "training-record", digest: record.trainingRecordDigest },
      ...(record.verdictDigest === null ? [] : [{ kind: "verdict", digest: record.verdictDigest }]),
      ...(record.dataDigest === null ? [] : [{ kind: "data", digest: record.dataDigest }]),
    ],
    metrics: compareMetrics(record.metrics, facts.standing?.record.metrics ?? []),
    policy,
    ...stampOf(stamp),
  };
}

function assertForward(target: PromotionPlan["target"], { environment, ledger }: PlanFacts): void {
  const { name, needs } = environment;
  const standing = standingIn(ledger, name)?.version;
  if (isSameVersion(standing, target)) {
    throw refusal({
      code: "version-already-there",
      message: `${target.version} stands in ${name} already`,
      fix: "Nothing is to be done",
    });
  }
  const [wanted, there] = [readVersion(target.version), readVersion(standing?.version ?? "")];
  if (wanted !== undefined && there !== undefined && compareVersions(wanted, there) <= 0) {
    throw refusal({
      code: "version-not-newer",
      message: `${target.version} does not come after ${standing?.version}, which stands in ${name}`,
      fix: 'To go back, use "kind: roll-back"',
    });
  }
  if (needs === undefined) return;
  const passed = environmentIn(ledger, needs).standing.map(({ version }) => version);
  if (passed.some((version) => isSameVersion(version, target))) return;
  const other = passed.some(({ version }) => version === target.version);
  throw refusal({
    code: "environment-skipped",
    message: `${target.version} was not committed in ${needs}${other ? " with this commit and model digest" : ""}`,
    fix: `Promote it to ${needs} first`,
  });
}

function assertStoodBefore(target: PromotionPlan["target"], { environment, ledger }: PlanFacts): void {
  const before = environmentIn(ledger, environment.name).standing.slice(0, -1);
  if (before.some(({ version }) => isSameVersion(version, target))) return;
  throw refusal({
    code: "version-swapped",
    message: `${target.version} is registered with another commit or model digest than stood in ${environment.name}`,
    fix: "Find out who moved its tag; roll back to another version meanwhile",
  });
}

/** Each metric and slice that either version has, once. */
function compareMetrics(target: readonly Metric[], standing: readonly Metric[]): PromotionPlan["metrics"] {
  const keyOf = ({ name, slice }: Metric): string => JSON.stringify([name, slice]);
  const values = new Map(standing.map((metric) => [keyOf(metric), metric.value]));
  const gone = standing.filter((metric) => !target.some((other) => keyOf(other) === keyOf(metric)));
  return [
    ...target.map((metric) => ({
      name: metric.name,
      slice: metric.slice,
      candidate: metric.value,
      baseline: values.get(keyOf(metric)) ?? null,
    })),
    ...gone.map(({ name, slice, value }) => ({ name, slice, candidate: null, baseline: value })),
  ];
}
