/**
 * Where GitHub itself differs from its description: what breaks the named rule at the named place is still what GitHub
 * sends, or takes. Everything else that does not fit is a miss of the local GitHub, or an invalid request.
 */
import type { Violation } from "./validators.ts";

export interface Deviation {
  readonly side: "request" | "reply";
  /** GitHub's operation id. */
  readonly operation: string;
  /** JSON pointer into the body, with `*` for list indexes. */
  readonly at: string;
  /** The rule that GitHub breaks, as JSON Schema names it. */
  readonly keyword: string;
  /** The one value that is let through; any when absent. */
  readonly value?: string | number | boolean | null;
  /** Why GitHub is right and the description is not, with the source. */
  readonly reason: string;
}

export const DEVIATIONS: readonly Deviation[] = [
  {
    side: "request",
    operation: "issues/create",
    at: "/body",
    keyword: "type",
    value: null,
    reason: 'GitHub\'s own error says what it takes: "false is not a string or null" (magit/forge#748)',
  },
];

export function isKnownDeviation(side: Deviation["side"], operation: string, violation: Violation): boolean {
  const at = violation.instancePath.replaceAll(/\/\d+(?=\/|$)/g, "/*");
  return DEVIATIONS.some(
    (deviation) =>
      deviation.side === side &&
      deviation.operation === operation &&
      deviation.keyword === violation.keyword &&
      deviation.at === at &&
      (deviation.value === undefined || deviation.value === violation.data),
  );
}
