/** The full plan of a promotion: exactly what is approved is carried out. */
import { ActionError, type Problem, refused } from "../../problem/problem.ts";
import type { Metric } from "../../records/fields.ts";
import { metricKey } from "../../records/metric-key.ts";
import { PROMOTION_PLAN, type PromotionPlan } from "../../records/promotion-plan.ts";
import { PART_LIMITS } from "../../records/promotion-record.ts";
import type { EnvironmentPolicy } from "../policy/policy.ts";
import type { RegisteredVersion } from "../registry/registered-version.ts";
import { isAfter, lineOf, type ReleaseLines } from "../registry/release-line.ts";
import { type ApprovalRules, describeApprovalKind } from "./approval-kind.ts";
import { assertChecked, type CheckedVersion, describeChecked } from "./checked-version.ts";
import { getCurrentVersion, getEnvironment, isSameVersion, type LedgerState } from "./ledger.ts";
import { findPlanWarnings } from "./plan-warnings.ts";
import { assertBytes, describeBytes, type PlannedBytes } from "./planned-bytes.ts";

export interface PlanFacts {
  readonly kind: PromotionPlan["kind"];
  readonly environment: Pick<EnvironmentPolicy, "name" | "needs"> &
    Partial<Pick<EnvironmentPolicy, "guarantee">> &
    ApprovalRules;
  /** Whether no other environment needs this one: what is here serves. */
  readonly isLastEnvironment: boolean;
  readonly target: RegisteredVersion;
  /** Whether somebody has withdrawn the version. */
  readonly isWithdrawn: boolean;
  readonly releaseLines: ReleaseLines;
  /** What is known about the version beyond its tag; a roll back needs none of it again. */
  readonly checked?: CheckedVersion | undefined;
  readonly bytes?: PlannedBytes | undefined;
  /** The record of the current version; `undefined` when there is none. */
  readonly current: RegisteredVersion | undefined;
  readonly ledger: LedgerState;
  readonly policy: PromotionPlan["policy"];
}

/** The metadata of a plan: what belongs to the request, not to the external state. */
export type PlanMetadata = Pick<
  PromotionPlan,
  "reason" | "requestedBy" | "createdAt" | "expiresAt" | "challenge" | "origin"
>;

/** For making the plan again and comparing the two: everything else must come from the current external state. */
export const pickPlanMetadata = ({
  reason,
  requestedBy,
  createdAt,
  expiresAt,
  challenge,
  origin,
}: PlanMetadata): PlanMetadata => ({
  reason,
  requestedBy,
  createdAt,
  expiresAt,
  challenge,
  origin,
});

/**
 * @throws ActionError (a refusal): `environment-skipped`, `version-already-there`, `version-not-newer`, `version-withdrawn`,
 * `version-swapped`, and as `assertProven`, `assertGoverned` and `assertBytes`
 */
export function makePlan(facts: PlanFacts, metadata: PlanMetadata): PromotionPlan {
  const { kind, environment, ledger, policy } = facts;
  const { record, recordDigest } = facts.target;
  const target = { version: record.version, commit: record.commit, modelDigest: record.modelDigest };
  const replaces = getCurrentVersion(ledger, environment.name)?.version ?? null;
  if (kind === "promote") assertPromotable(target, facts);
  else assertDeployedBefore(target, facts);
  if (facts.checked !== undefined) assertChecked(facts, facts.checked, metadata);
  if (facts.bytes !== undefined) assertBytes({ kind, version: target.version, environment }, facts.bytes);
  const line = findLine(target.version, replaces?.version, facts.releaseLines);
  const warnings = findPlanWarnings({ ...facts, replaces, line, createdAt: metadata.createdAt });
  const checked = facts.checked && describeChecked(record, facts.checked);
  return {
    schema: PROMOTION_PLAN,
    kind,
    model: record.model,
    target,
    needs: [...environment.needs],
    to: environment.name,
    replaces,
    assignment: getEnvironment(ledger, environment.name).lastAssignment + 1,
    approvals: environment.approvals,
    ...describeApprovalKind(environment),
    evidence: [
      { kind: "model-version", digest: recordDigest },
      { kind: "training-record", digest: record.trainingRecordDigest },
      ...(record.verdictDigest === null ? [] : [{ kind: "verdict", digest: record.verdictDigest }]),
      ...(record.dataDigest === null ? [] : [{ kind: "data", digest: record.dataDigest }]),
    ],
    metrics: compareMetrics(record.metrics, facts.current?.record.metrics ?? [], whyUnknown(replaces, facts.current)),
    policy,
    ...checked,
    ...(facts.bytes !== undefined && describeBytes(facts.bytes, checked?.guarantee)),
    ...(line !== undefined && { line }),
    ...(warnings.length > 0 && { warnings: [...warnings] }),
    ...pickPlanMetadata(metadata),
  };
}

function assertPromotable(target: PromotionPlan["target"], facts: PlanFacts): void {
  const { ledger, releaseLines } = facts;
  const { name, needs } = facts.environment;
  if (facts.isWithdrawn) {
    throw refused({
      code: "version-withdrawn",
      message: `${target.version} was withdrawn`,
      fix: "Choose another version",
    });
  }
  const current = getCurrentVersion(ledger, name)?.version;
  if (isSameVersion(current, target)) {
    throw refused({
      code: "version-already-there",
      message: `${target.version} is deployed to ${name} already`,
      fix: "Nothing to do",
    });
  }
  const { deployedVersions } = getEnvironment(ledger, name);
  const line = lineOf(target.version, releaseLines);
  const inLine = deployedVersions
    .map(({ version }) => version)
    .filter((it) => lineOf(it.version, releaseLines) === line);
  const notBefore = inLine.findLast(({ version }) => !isAfter(target.version, version));
  if (notBefore !== undefined) {
    throw refused({
      code: "version-not-newer",
      message: `${target.version} does not come after ${notBefore.version}, which ${notBefore === current ? "is" : "was"} deployed to ${name}`,
      fix: 'To go back, use "kind: roll-back"',
    });
  }
  const skipped = needs.flatMap((needed) => findSkipped(target, needed, ledger) ?? []);
  if (skipped.length > 0) throw new ActionError("refused", skipped);
}

function findSkipped(target: PromotionPlan["target"], needed: string, ledger: LedgerState): Problem | undefined {
  const { deployedVersions, olderVersions } = getEnvironment(ledger, needed);
  const passed = deployedVersions.map(({ version }) => version);
  if (passed.some((version) => isSameVersion(version, target))) return undefined;
  const other = passed.some(({ version }) => version === target.version);
  return {
    code: "environment-skipped",
    message: `${target.version} was not promoted to ${needed}${other ? " with this commit and model digest" : ""}${olderVersions ? `, or is none of its newest ${PART_LIMITS.versions} versions, which the ledger keeps at hand` : ""}`,
    fix: `Promote it to ${needed} first`,
  };
}

function assertDeployedBefore(target: PromotionPlan["target"], { environment, ledger }: PlanFacts): void {
  const earlier = getEnvironment(ledger, environment.name).deployedVersions.slice(0, -1);
  if (earlier.some(({ version }) => isSameVersion(version, target))) return;
  throw refused({
    code: "version-swapped",
    message: `${target.version} is registered with another commit or model digest than was deployed to ${environment.name}`,
    fix: "Find out who moved its tag; until then, roll back to another version",
  });
}

/** The line of a version, and the version of another line that it comes before and would replace. */
function findLine(version: string, replaced: string | undefined, lines: ReleaseLines): PromotionPlan["line"] {
  const name = lineOf(version, lines);
  if (name === "") return undefined;
  const isBehind = replaced !== undefined && lineOf(replaced, lines) !== name && !isAfter(version, replaced);
  return { name, ...(isBehind && { behind: replaced }) };
}

const whyUnknown = (replaces: PromotionPlan["replaces"], current: RegisteredVersion | undefined): string | undefined =>
  replaces === null || current !== undefined
    ? undefined
    : `the tag of ${replaces.version} is missing, or is not the one that was deployed`;

/** Each metric and slice that either version has, once. */
function compareMetrics(
  target: readonly Metric[],
  current: readonly Metric[],
  missing: string | undefined,
): PromotionPlan["metrics"] {
  const values = new Map(current.map((metric) => [metricKey(metric), metric.value]));
  const measured = new Set(target.map(metricKey));
  const gone = current.filter((metric) => !measured.has(metricKey(metric)));
  return [
    ...target.map((metric) => ({
      name: metric.name,
      slice: metric.slice,
      candidate: metric.value,
      baseline: values.get(metricKey(metric)) ?? null,
      ...(missing !== undefined && { missing }),
    })),
    ...gone.map(({ name, slice, value }) => ({ name, slice, candidate: null, baseline: value })),
  ];
}
