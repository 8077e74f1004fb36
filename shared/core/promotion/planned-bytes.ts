/** Where the bytes of a version are while it is planned, and what that means for its promotion. */
import { ActionError, type Problem, refused } from "../../problem/problem.ts";
import type { PromotionPlan } from "../../records/promotion-plan.ts";
import type { EnvironmentPolicy } from "../policy/policy.ts";
import { findExpiryWarning, findLastReach } from "../registry/bytes/location-expiry.ts";
import {
  BYTES_LEVELS,
  bytesLevel,
  findBytesProblems,
  findPlaceWarnings,
  type LookedUp,
} from "../registry/bytes/location-state.ts";

export interface PlannedBytes {
  /** Empty: the version does not say where they are. */
  readonly places: readonly LookedUp[];
  /** Of the policy, for how long they are needed. */
  readonly environments: readonly EnvironmentPolicy[];
}

interface Planned {
  readonly kind: "promote" | "roll-back";
  readonly version: string;
  readonly environment: Pick<EnvironmentPolicy, "name"> & Partial<Pick<EnvironmentPolicy, "guarantee">>;
}

/**
 * A roll back is not refused: in an emergency people decide, and what is deployed is compared in any case.
 *
 * @throws ActionError (a refusal) `bytes-gone`, `bytes-differ`, `bytes-guarantee-too-weak`
 */
export function assertBytes({ kind, version, environment }: Planned, { places }: PlannedBytes): void {
  if (kind === "roll-back") return;
  const problems = findBytesProblems(version, places);
  if (problems.length > 0) throw new ActionError("refused", problems);
  const wanted = environment.guarantee?.bytes ?? "unknown";
  const level = bytesLevel(places);
  if (BYTES_LEVELS.indexOf(level) <= BYTES_LEVELS.indexOf(wanted)) return;
  throw refused({
    code: "bytes-guarantee-too-weak",
    message: `the bytes of ${version} are ${level}, and ${environment.name} wants them to be ${wanted}`,
    fix: "Register the version with a place that guarantees it (input locations): a release whose files GitHub has the digests of is verified; a store that names content, such as Hugging Face by commit or OCI by digest, is immutable",
  });
}

/** What the plan shows of them, and so binds an approval to. */
export const describeBytes = (
  { places }: PlannedBytes,
  guarantee: PromotionPlan["guarantee"],
): Partial<PromotionPlan> =>
  places.length === 0
    ? {}
    : { guarantee: { ...guarantee, bytes: bytesLevel(places) }, locations: places.map(({ location }) => location) };

/** @param at when the plan is made: UTC, ISO 8601 */
export function findBytesWarnings(
  { kind, version, environment }: Planned,
  { places, environments }: PlannedBytes,
  at: string,
): readonly Problem[] {
  const lost = kind === "roll-back" ? findBytesProblems(version, places) : [];
  const locations = places.map(({ location }) => location);
  const expiry = findExpiryWarning(locations, findLastReach(environments, at, environment.name), version);
  return [...lost, ...findPlaceWarnings(version, places), ...(expiry === undefined ? [] : [expiry])];
}
