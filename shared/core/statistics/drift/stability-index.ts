/** The population stability index, which credit scoring made the common word for drift. */
import type { Inconclusive } from "../inconclusive.ts";
import { type CountsOfBoth, findBadCounts, sharesOf } from "./counts.ts";

/**
 * Σ (p - q) ln(p / q) over categories or bins: below 0.1 is usually called stable, above 0.25 shifted. A bin that is empty on
 * one side would make it infinite, so that each of its counts is taken as half a value. Siddiqi, "Credit Risk Scorecards", 2006.
 */
export function stabilityIndex(counts: CountsOfBoth): number | Inconclusive {
  const bad = findBadCounts(counts);
  if (bad !== undefined) return bad;
  const occurring = [...counts.candidate.keys()].filter(
    (at) => (counts.candidate[at] ?? 0) + (counts.baseline[at] ?? 0) > 0,
  );
  const fill = (side: readonly number[]) => sharesOf(occurring.map((at) => Math.max(side[at] ?? 0, 0.5)));
  const baseline = fill(counts.baseline);
  return fill(counts.candidate).reduce((total, p, at) => {
    const q = baseline[at] ?? 0;
    return total + (p - q) * Math.log(p / q);
  }, 0);
}
