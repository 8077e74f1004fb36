/** What a verified ledger says: its history, what an environment ran when, and which versions were trained on some data. */
import type { ModelVersionRecord } from "../../records/model-version.ts";
import type { ModelVersionRef, PromotionPlan } from "../../records/promotion-plan.ts";
import { isSameEnvironment } from "../policy/environment-name.ts";
import { describeLocation } from "../registry/bytes/describe-location.ts";
import type { LedgerState } from "./ledger.ts";

export interface LedgerEvent {
  readonly seq: number;
  /** UTC, ISO 8601. */
  readonly at: string;
  readonly environment: string;
  /** `promoting`: begun, and not ended yet. */
  readonly what: "promoting" | "promoted" | "rolled back" | "aborted" | "repaired";
  /** Null after the repair of an environment that has nothing. */
  readonly version: ModelVersionRef | null;
  /** What was there before; null: nothing, or a repair, which does not know it. */
  readonly replaces: ModelVersionRef | null;
  /** Null where the plan does not say it, as after a repair. */
  readonly dataDigest: string | null;
  readonly requestedBy: string;
  readonly approvedBy: readonly string[];
  readonly reason: string;
  readonly run: number;
  /** Where the bytes were when it was planned, and until when; empty where the plan does not say it. */
  readonly bytes: readonly string[];
}

/** The newest entry about each plan, and the checkpoints; oldest first. @param environment all, unless given */
export function listEvents(ledger: LedgerState, environment?: string): readonly LedgerEvent[] {
  const promotions = [...ledger.plans.values()].map(({ record, plan, approvals }): LedgerEvent => {
    const done = plan.kind === "promote" ? "promoted" : "rolled back";
    return {
      ...{ seq: record.seq, at: record.at, environment: plan.to, version: plan.target, reason: plan.reason },
      replaces: plan.replaces,
      what: record.type === "committed" ? done : record.type === "aborted" ? "aborted" : "promoting",
      ...{ requestedBy: plan.requestedBy.login, approvedBy: approvals.map(({ login }) => login) },
      ...{ dataDigest: dataOf(plan), run: record.origin.run, bytes: (plan.locations ?? []).map(describeLocation) },
    };
  });
  const repairs = [...ledger.checkpoints.values()].map(
    ({ record: { seq, at, plan, approvals, origin } }): LedgerEvent => ({
      ...{ seq, at, environment: plan.to, what: "repaired", reason: plan.reason, run: origin.run },
      version: plan.repair.state.deployed.at(-1)?.version ?? null,
      ...{ dataDigest: null, bytes: [], replaces: null },
      ...{ requestedBy: plan.requestedBy.login, approvedBy: approvals.map(({ login }) => login) },
    }),
  );
  return [...promotions, ...repairs]
    .filter((event) => environment === undefined || isSameEnvironment(event.environment, environment))
    .sort((a, b) => a.seq - b.seq);
}

const dataOf = ({ evidence }: PromotionPlan): string | null =>
  evidence.find(({ kind }) => kind === "data")?.digest ?? null;

export interface Period {
  readonly version: ModelVersionRef;
  readonly dataDigest: string | null;
  readonly from: string;
  /** Null: it is there now. */
  readonly to: string | null;
}

/** Which version an environment had from when to when, by the times of the entries; oldest first. */
export function listPeriods(ledger: LedgerState, environment: string): readonly Period[] {
  const changes = listEvents(ledger, environment).filter(({ what }) => what !== "aborted" && what !== "promoting");
  return changes.flatMap(({ version, dataDigest, at }, index) =>
    version === null ? [] : [{ version, dataDigest, from: at, to: changes[index + 1]?.at ?? null }],
  );
}

/**
 * What it had at any time between two times.
 *
 * @param from UTC, ISO 8601; `to` is later, or equal for one moment
 */
export function findPeriods(ledger: LedgerState, environment: string, from: string, to: string): readonly Period[] {
  const [start, end] = [Date.parse(from), Date.parse(to)];
  return listPeriods(ledger, environment).filter(
    (period) => Date.parse(period.from) <= end && (period.to === null || Date.parse(period.to) > start),
  );
}

export interface TrainedVersion {
  readonly version: ModelVersionRef;
  readonly dataDigest: string;
  /** The environments that it was promoted to, in that order. */
  readonly environments: readonly string[];
}

/**
 * @param data the digest, or how it begins
 * @param registered what the version tags say: a version that was never promoted is in no ledger
 */
export function findTrainedOn(
  ledger: LedgerState,
  data: string,
  registered: readonly ModelVersionRecord[] = [],
): readonly TrainedVersion[] {
  const wanted = data.startsWith("sha256:") ? data : `sha256:${data}`;
  const found = new Map<string, TrainedVersion>();
  for (const { version, commit, modelDigest, dataDigest } of registered) {
    if (dataDigest?.startsWith(wanted) !== true) continue;
    found.set(version, { version: { version, commit, modelDigest }, dataDigest, environments: [] });
  }
  const entries = [...ledger.plans.values()].sort((a, b) => a.record.seq - b.record.seq);
  for (const { plan, record } of entries) {
    const digest = dataOf(plan);
    if (digest?.startsWith(wanted) !== true) continue;
    const before = found.get(plan.target.version)?.environments ?? [];
    const isNew = record.type === "committed" && !before.some((name) => isSameEnvironment(name, plan.to));
    found.set(plan.target.version, {
      ...{ version: plan.target, dataDigest: digest },
      environments: isNew ? [...before, plan.to] : before,
    });
  }
  return [...found.values()];
}
