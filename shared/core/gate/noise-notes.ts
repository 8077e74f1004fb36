/** Tells reviewers which fixed rules fail models that nobody made worse: a red gate may be noise, and the policy its cause. */
import type { Ruling } from "../../records/verdict.ts";
import { formatMetricName } from "../metrics/sort-out.ts";
import { lintTolerance, spreadOfRuns, unchangedFailingTogether } from "../statistics/decision/lint-tolerance.ts";
import { learnNoise } from "../statistics/history/learn-noise.ts";
import { isInconclusive } from "../statistics/inconclusive.ts";
import type { Baseline } from "./baseline.ts";
import { formatHundredths, formatNumber } from "./evaluate-rule.ts";
import { findHistory, hasWrittenTolerance } from "./extend-history.ts";

interface Levels {
  /** Share of unchanged models that may fail. */
  readonly alpha: number;
  /** Earlier values that it takes. */
  readonly minRuns: number;
}

/** So many rules are named; more are counted. */
const MAX_NAMED = 3;

/**
 * Of the rules with a written tolerance that close the gate, by how much their metrics varied until now. A baseline without
 * earlier values gives no notes, and neither does a metric with too few of them.
 */
export function noiseNotes(rulings: readonly Ruling[], baseline: Baseline, levels: Levels): readonly string[] {
  const linted = rulings.flatMap((ruling) => lint(ruling, baseline, levels));
  const tight = linted.filter(({ unchangedFailing }) => unchangedFailing > levels.alpha);
  const together = unchangedFailingTogether(linted);
  if (together <= levels.alpha) return [];
  const allowed = formatHundredths(levels.alpha);
  const named = tight
    .slice(0, MAX_NAMED)
    .map(
      ({ rule, unchangedFailing, enough, runs }) =>
        `The rule ${rule} is tighter than your noise: about ${toHundred(unchangedFailing)} of 100 unchanged models would fail, as its last ${runs} values show; with ${enough} at most ${allowed} would.`,
    );
  const more = tight.length > MAX_NAMED ? [`So are ${tight.length - MAX_NAMED} more.`] : [];
  const all =
    linted.length === 1
      ? []
      : [
          `The ${linted.length} rules with a fixed tolerance together${tight.length === 0 ? " are tighter than your noise: they" : ""} would fail about ${toHundred(together)} of 100.`,
        ];
  return [[...named, ...more, ...all, `With "auto" all rules together fail at most ${allowed}.`].join(" ")];
}

function lint(ruling: Ruling, baseline: Baseline, { alpha, minRuns }: Levels) {
  const { rule, threshold, unit, severity, baseline: before, metric: name, slice, measure } = ruling;
  if (!hasWrittenTolerance(ruling) || severity === "warn" || before === null) return [];
  const noise = learnNoise(
    (findHistory(baseline, ruling) ?? []).map(({ value }) => value),
    minRuns,
  );
  if (isInconclusive(noise)) return [];
  // A share of 0 is 0: only an amount gives room there.
  const isShare = unit === "percent";
  const percent = Math.abs(before) / 100;
  const amount = isShare ? threshold * percent : threshold;
  const found = lintTolerance({ amount, sides: rule === "max-change" ? 2 : 1 }, spreadOfRuns(noise), alpha);
  if (isInconclusive(found)) return [];
  const { unchangedFailing, enough } = found;
  const written = (value: number, asShare: boolean) =>
    `${formatNumber(value)}${asShare ? "%" : measure === undefined ? "" : ` ${measure}`}`;
  const giveShare = isShare && percent > 0;
  return [
    {
      rule: `${rule} ${written(threshold, isShare)} of ${formatMetricName({ name, slice })}`,
      unchangedFailing,
      enough: written(roundUp(giveShare ? enough / percent : enough), giveShare),
      runs: noise.runs,
    },
  ];
}

/** To two digits, so that a person would write it, and upwards, so that it is enough. */
function roundUp(value: number): number {
  const unit = 10 ** (Math.floor(Math.log10(value)) - 1);
  return Number((Math.ceil(value / unit) * unit).toPrecision(2));
}

/** 99.6 of 100 are not all. */
const toHundred = (share: number): number => Math.min(99, Math.max(1, Math.round(100 * share)));
