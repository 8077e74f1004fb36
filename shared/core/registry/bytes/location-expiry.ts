/** How long the bytes last, and how long they are needed: until a version can have reached the last environment. */
import { type Problem, refused } from "../../../problem/problem.ts";
import type { ModelLocation } from "../../../records/location.ts";
import { parseDuration } from "../../policy/duration.ts";
import { isSameEnvironment } from "../../policy/environment-name.ts";
import type { EnvironmentPolicy } from "../../policy/policy.ts";

type Stage = Pick<EnvironmentPolicy, "name" | "needs" | "approvals" | "approval-expires" | "soak">;

/** When the last place deletes them. @returns `undefined`: one of them does not, or does not say; or there is no place */
function lastExpiry(locations: readonly ModelLocation[]): string | undefined {
  if (locations.some(({ expiresAt }) => expiresAt === undefined)) return undefined;
  const times = locations.flatMap(({ expiresAt }) => expiresAt ?? []);
  return times.sort((a, b) => Date.parse(a) - Date.parse(b)).at(-1);
}

export interface Reach {
  readonly environment: string;
  /** UTC, ISO 8601: when a version may still be deployed there, if each approval takes as long as the policy lets it wait. */
  readonly until: string;
}

/**
 * @param start where the way begins: the environment that a plan is for; left out: before the first one
 * @returns the environment that is reached last; `undefined` where there is none
 */
export function findLastReach(environments: readonly Stage[], from: string, start?: string): Reach | undefined {
  const needed = (stage: Stage): readonly Stage[] =>
    environments.filter(({ name }) => stage.needs.some((one) => isSameEnvironment(one, name)));
  const timeTo = (stage: Stage, seen: readonly string[]): number | undefined => {
    const isStart = start !== undefined && isSameEnvironment(stage.name, start);
    const waits = stage.approvals > 0 ? parseDuration(stage["approval-expires"]) : 0;
    if (isStart || seen.includes(stage.name)) return isStart ? waits : undefined;
    const soak = stage.soak === undefined ? 0 : parseDuration(stage.soak);
    const before = needed(stage).flatMap((one) => timeTo(one, [...seen, stage.name]) ?? []);
    // From the start on, only what comes after it counts.
    if (before.length === 0) return start === undefined && stage.needs.length === 0 ? waits : undefined;
    return Math.max(...before) + soak + waits;
  };
  const reached = environments.flatMap((stage) => {
    const time = timeTo(stage, []);
    return time === undefined ? [] : [{ environment: stage.name, time }];
  });
  const last = reached.reduce((a, b) => (b.time >= a.time ? b : a), reached[0] ?? { environment: "", time: 0 });
  if (reached.length === 0) return undefined;
  return { environment: last.environment, until: new Date(Date.parse(from) + last.time).toISOString() };
}

/** @returns a warning where the bytes may be gone before */
export function findExpiryWarning(
  locations: readonly ModelLocation[],
  reach: Reach | undefined,
  version: string,
): Problem | undefined {
  const expiry = lastExpiry(locations);
  if (expiry === undefined || reach === undefined || Date.parse(expiry) >= Date.parse(reach.until)) return undefined;
  return {
    code: "bytes-expire-early",
    message: `the bytes of ${version} are deleted at ${shortTime(expiry)}, and ${reach.environment} may be waited for until ${shortTime(reach.until)}`,
    fix: "Keep the artifact longer (retention-days of upload-artifact, and the repository's setting), or register another place beside it, such as a release asset",
  };
}

/**
 * The policy's `bytes-kept`.
 *
 * @throws ActionError (a refusal) `bytes-not-kept`, `bytes-nowhere`
 */
export function assertKept(
  locations: readonly ModelLocation[],
  kept: string | undefined,
  from: string,
  version: string,
): void {
  if (kept === undefined) return;
  if (locations.length === 0) {
    throw refused({
      code: "bytes-nowhere",
      message: `no place is known that keeps the bytes of ${version} for ${kept}, as the policy requires`,
      fix: 'Say where they are in the input "locations"',
    });
  }
  const expiry = lastExpiry(locations);
  if (expiry === undefined || Date.parse(expiry) >= Date.parse(from) + parseDuration(kept)) return;
  throw refused({
    code: "bytes-not-kept",
    message: `the bytes of ${version} are deleted at ${shortTime(expiry)}, and the policy wants them kept for ${kept}`,
    fix: "Keep the artifact longer (retention-days of upload-artifact, and the repository's setting), or register another place beside it, such as a release asset",
  });
}

/** `2026-01-31 12:00 UTC` */
export const shortTime = (at: string): string => `${at.slice(0, 16).replace("T", " ")} UTC`;
