/** Operations that a release of Enterprise Server does not have yet: it responds with 404, as for any unknown path. */
import type { Profile } from "../../world/profile.ts";

export function isServedBy(profile: Profile, operation: string): boolean {
  if (operation.includes("concurrency-group")) return profile.concurrencyGroups;
  if (operation.endsWith("-attestation") || operation.endsWith("-attestations")) return profile.attestations;
  return true;
}
