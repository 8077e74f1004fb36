/**
 * Where GitHub itself differs from its description: a reply that breaks the named rule at the named place is still
 * GitHub's real reply. Everything else that does not fit is a miss of the local GitHub.
 */
import type { Violation } from "./validators.ts";

export interface Deviation {
  /** GitHub's operation id. */
  readonly operation: string;
  /** JSON pointer into the reply, with `*` for list indexes. */
  readonly at: string;
  /** The rule that GitHub breaks, as JSON Schema names it. */
  readonly keyword: string;
  /** Why the reply is right and the description is not, with the source. */
  readonly reason: string;
}

export const DEVIATIONS: readonly Deviation[] = [];

export function isKnownDeviation(operation: string, violation: Violation): boolean {
  const at = violation.instancePath.replaceAll(/\/\d+(?=\/|$)/g, "/*");
  return DEVIATIONS.some(
    (deviation) => deviation.operation === operation && deviation.keyword === violation.keyword && deviation.at === at,
  );
}
