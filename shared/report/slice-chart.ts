/** A chart of one metric over its slices, if a slice got worse: readers see immediately which one. */
import type { Ruling, Verdict } from "../records/verdict.ts";
import { canBeDrawn, isSafeLabel, toChartNumber } from "./plots/mermaid.ts";
import { type Block, RANK } from "./report-tree.ts";

/** Fewer slices are read as quickly in the table; more do not fit beside each other. */
const MIN_SLICES = 3;
const MAX_SLICES = 12;

/** The metric with a broken rule, if it was measured in several slices. The tables contain its numbers too. */
export function sliceChart({ rulings, metrics }: Pick<Verdict, "rulings" | "metrics">): Block | undefined {
  const broken = new Set(rulings.filter(({ outcome }) => outcome === "fail").map(({ metric }) => metric));
  for (const metric of broken) {
    const points = pointsOf(metric, rulings, metrics);
    if (!isSafeLabel(metric) || points.length < MIN_SLICES || points.length > MAX_SLICES) continue;
    const series = (pick: (point: Point) => number): string => points.map(pick).map(toChartNumber).join(", ");
    const mermaid = [
      "xychart-beta",
      `  title "${metric}: bars = this change, line = baseline"`,
      `  x-axis [${points.map(({ slice }) => `"${slice}"`).join(", ")}]`,
      `  bar [${series(({ candidate }) => candidate)}]`,
      `  line [${series(({ baseline }) => baseline)}]`,
    ].join("\n");
    return { kind: "chart", rank: RANK.extra, mermaid };
  }
  return undefined;
}

interface Point {
  readonly slice: string;
  readonly baseline: number;
  readonly candidate: number;
}

function pointsOf(metric: string, rulings: readonly Ruling[], metrics: Verdict["metrics"]): readonly Point[] {
  const all = [
    ...rulings.filter((ruling) => ruling.metric === metric),
    ...metrics.filter(({ name }) => name === metric),
  ];
  const points = new Map<string, Point>();
  for (const { slice, baseline, candidate } of all) {
    if (baseline === null || candidate === null || !isSafeLabel(slice ?? "all")) continue;
    if (!canBeDrawn(baseline) || !canBeDrawn(candidate)) continue;
    points.set(slice ?? "all", { slice: slice ?? "all", baseline, candidate });
  }
  return [...points.values()];
}
