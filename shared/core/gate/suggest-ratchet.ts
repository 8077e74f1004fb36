/** The best values so far, where a change is better by more than chance: for the file that a policy compares with as a ratchet. */
import type { Metric } from "../../records/fields.ts";
import { metricKey } from "../../records/metric-key.ts";
import type { Ruling, Verdict } from "../../records/verdict.ts";
import { absolute, compare, decimalOf, percentOf } from "../../text/decimal/decimal.ts";
import { computeRegression } from "./evaluate-rule.ts";

export interface RatchetSuggestion {
  /** Path of the file in git. */
  readonly path: string;
  /** Its new content: JSON, which YAML is as well. */
  readonly text: string;
  /** How many values are better. */
  readonly better: number;
}

type Compared = Verdict["metrics"][number];

/** What `readCommitted` says of a file in git. */
const COMMITTED = /^(?<path>[^\s]+\.(?:json|ya?ml)) as committed there$/;

/**
 * Better is what lies outside of the interval of its noise, else outside of both standard errors, else by more than the rule
 * would let it be worse. Where nothing tells, the ratchet stays where it is: otherwise luck would move it.
 *
 * @returns `undefined` where the baseline is no ratchet, a rule is broken, or nothing is better
 */
export function suggestRatchet({ outcome, baseline, rulings, metrics }: Verdict): RatchetSuggestion | undefined {
  const path = baseline?.kind === "ratchet" ? COMMITTED.exec(baseline.source)?.groups?.["path"] : undefined;
  if (path === undefined || outcome !== "pass") return undefined;
  const gated = new Map(rulings.map((ruling) => [metricKey({ name: ruling.metric, slice: ruling.slice }), ruling]));
  const better = new Set(
    metrics.filter((metric) => {
      const ruling = rulings.find((one) => isOf(one, metric) && isBetter(one, metric));
      return ruling !== undefined;
    }),
  );
  if (better.size === 0) return undefined;
  const kept = metrics.flatMap((metric): readonly Metric[] => {
    const value = better.has(metric) ? metric.candidate : (metric.baseline ?? null);
    const isWanted = gated.has(metricKey(metric)) || metric.baseline !== null;
    return value === null || !isWanted ? [] : [{ name: metric.name, slice: metric.slice, value }];
  });
  return { path, text: toJson(kept), better: better.size };
}

const isOf = ({ metric, slice }: Ruling, { name, slice: of }: Compared): boolean => metric === name && slice === of;

function isBetter(ruling: Ruling, { candidate, baseline, stderr, stderrBaseline }: Compared): boolean {
  if (candidate === null || baseline === null || ruling.better === "neither" || ruling.rule !== "max-regression")
    return false;
  const gain = computeRegression(ruling.better, baseline, candidate);
  if (compare(gain, decimalOf(0)) <= 0) return false;
  const interval = ruling.statistics?.interval;
  if (interval !== undefined) return ruling.better === "higher" ? interval.low > 0 : interval.high < 0;
  if (ruling.tolerance === "learned") return false;
  if (stderr !== undefined && stderrBaseline !== undefined)
    return Math.abs(candidate - baseline) > 1.96 * Math.hypot(stderr, stderrBaseline);
  const { threshold, unit } = ruling;
  const allowed =
    unit === "percent" ? percentOf(decimalOf(threshold), absolute(decimalOf(baseline))) : decimalOf(threshold);
  return compare(gain, allowed) > 0;
}

/** As a program writes metrics: slices below their own key. */
function toJson(metrics: readonly Metric[]): string {
  const whole = Object.fromEntries(
    metrics.flatMap(({ name, slice, value }) => (slice === null ? [[name, value]] : [])),
  );
  const slices = Map.groupBy(
    metrics.filter(({ slice }) => slice !== null),
    ({ slice }) => slice ?? "",
  );
  const bySlice = [...slices].map(([slice, list]) => [
    slice,
    Object.fromEntries(list.map((one) => [one.name, one.value])),
  ]);
  return JSON.stringify({ ...whole, ...(bySlice.length > 0 && { slices: Object.fromEntries(bySlice) }) }, null, 2);
}
