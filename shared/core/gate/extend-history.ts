/** The values of judged metrics until now, which each verdict carries on: so one download tells how much they vary. */
import type { Ruling, Verdict } from "../../records/verdict.ts";
import type { Baseline } from "./baseline.ts";
import type { GateResult } from "./judge.ts";

export type History = NonNullable<Verdict["history"]>;

const MAX_VALUES = 50;

/**
 * Of every metric that a rule judged by itself, in the unit of its rules: rules over slices judge several at once.
 *
 * @param commit whose values are the newest
 */
export function extendHistory({ rulings }: Pick<GateResult, "rulings">, baseline: Baseline, commit: string): History {
  const judged = Map.groupBy(rulings.filter(isAboutOneMetric), ({ metric, slice }) => JSON.stringify([metric, slice]));
  return [...judged.values()].flatMap((group): History => {
    const [first] = group;
    const value = group.find(({ candidate }) => candidate !== null)?.candidate;
    if (first === undefined || value === undefined || value === null) return [];
    const { metric: name, slice } = first;
    const earlier = findHistory(baseline, first) ?? beginHistory(group, baseline);
    return [{ name, slice, values: [...earlier, { commit, value }].slice(-MAX_VALUES) }];
  });
}

/** The values of a metric until the baseline's own, oldest first; `undefined`: none are known. */
export const findHistory = (baseline: Baseline, { metric, slice }: Pick<Ruling, "metric" | "slice">) =>
  baseline.kind === "found"
    ? baseline.history?.find((one) => one.name === metric && one.slice === slice)?.values
    : undefined;

/** Whether a rule with a written tolerance is broken, and no earlier values tell whether that is more than noise. */
export const wantsHistory = ({ rulings }: Pick<GateResult, "rulings">, baseline: Baseline): boolean =>
  rulings.some(
    (ruling) => ruling.outcome === "fail" && hasWrittenTolerance(ruling) && findHistory(baseline, ruling) === undefined,
  );

/** `true`: how much of a difference from the baseline is noise matters to it, and it does not learn that itself. */
export const hasWrittenTolerance = ({ rule, tolerance, baseline }: Ruling): boolean =>
  (rule === "max-regression" || rule === "max-change") && tolerance !== "learned" && baseline !== null;

function beginHistory(group: readonly Ruling[], baseline: Baseline): History[number]["values"] {
  const before = group.find((ruling) => ruling.baseline !== null)?.baseline;
  if (before === undefined || before === null || baseline.kind !== "found") return [];
  return [{ commit: baseline.provenance.commit, value: before }];
}

const isAboutOneMetric = ({ rule }: Ruling): boolean => rule !== "worst-slice" && rule !== "max-gap";
