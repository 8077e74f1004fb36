/** All metrics without a rule: the most changed ones first. */
import { guessDirection } from "../core/metrics/metric-direction.ts";
import { metricKey } from "../records/metric-key.ts";
import type { Verdict } from "../records/verdict.ts";
import { formatChange, type MetricDirection, relativeChange } from "./format-change.ts";
import { formatComparable } from "./format-number.ts";
import { inlineName, md } from "./markdown.ts";
import { type Block, RANK, type TableColumn } from "./report-tree.ts";

type VerdictMetric = Verdict["metrics"][number];

/** The metrics without a rule, in the order to show them. */
export function unjudgedMetrics({ metrics, rulings }: Pick<Verdict, "metrics" | "rulings">): readonly VerdictMetric[] {
  const judged = new Set(rulings.map(({ metric, slice }) => metricKey({ name: metric, slice })));
  return metrics
    .filter((metric) => !judged.has(metricKey(metric)))
    .map((metric) => ({ metric, weight: relativeChange(metric.baseline, metric.candidate) }))
    .sort((a, b) => (a.weight === b.weight ? 0 : b.weight - a.weight))
    .map(({ metric }) => metric);
}

export const hasChanged = ({ baseline, candidate }: VerdictMetric): boolean => baseline !== candidate;

/** Without a baseline, only what was measured. */
export function metricsTable(
  metrics: readonly VerdictMetric[],
  { rulings, baseline: compared }: Pick<Verdict, "rulings" | "baseline">,
): Block {
  const directions = new Map<string, MetricDirection>(rulings.map(({ metric, better }) => [metric, better]));
  const isShown = (_: unknown, at: number): boolean => compared !== null || !NEED_BASELINE.has(at);
  return {
    kind: "table",
    itemNoun: "metric",
    columns: COLUMNS.filter(isShown),
    rows: metrics.map((metric) => {
      const { baseline, candidate, slice } = metric;
      const [before, after] = formatComparable([baseline, candidate]);
      const cells = [
        inlineName(metric.name),
        slice === null ? md`all` : inlineName(slice),
        md`${before ?? "–"}`,
        md`${after ?? "missing"}`,
        formatChange(directionOf(metric, directions), baseline, candidate),
      ];
      return { rank: hasChanged(metric) ? RANK.changed : RANK.same, cells: cells.filter(isShown) };
    }),
  };
}

/** As a rule on this metric says, or as the record does; a record of version 1 does not. */
const directionOf = ({ name, better }: VerdictMetric, rules: ReadonlyMap<string, MetricDirection>): MetricDirection =>
  rules.get(name) ?? better ?? guessDirection(name);

const COLUMNS: readonly TableColumn[] = [
  { title: "Metric", align: "left" },
  { title: "Slice", align: "left" },
  { title: "Baseline", align: "right" },
  { title: "This change", align: "right" },
  { title: "Change", align: "left" },
];
/** Positions of the columns that compare. */
const NEED_BASELINE = new Set([2, 4]);
