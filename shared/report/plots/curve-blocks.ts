/** Curves in a report: a chart, and its numbers as text for those who do not see it. */
import type { CurvePlot, Series } from "../../core/plots/plot.ts";
import { formatNumber } from "../format-number.ts";
import { formatCount, inlineName, joinMarkdown, type Markdown, md } from "../markdown.ts";
import { type Block, RANK, type TableRow } from "../report-tree.ts";
import { COLOURS, xyChart } from "./mermaid.ts";
import { positionOf, thin } from "./thin.ts";

/** The steps of more do not fit beside each other; with two curves a chart has about 500 characters. */
const MAX_CHART_POINTS = 16;

/** Which line is which, and what is left out. */
export function curveLegend({ title, file, xName, series, skipped, leftOut }: CurvePlot): Markdown {
  const names = series.map(({ name }, at) => md`${COLOURS[at]?.square ?? ""} ${inlineName(name)}`);
  const notes = [
    ...(skipped > 0
      ? [md`${formatCount(skipped, "value")} that ${skipped === 1 ? "is" : "are"} not finite left out`]
      : []),
    ...(leftOut.length > 0
      ? [md`not drawn, because not all is numbers: ${joinMarkdown(leftOut.map(inlineName), ", ")}`]
      : []),
  ];
  const where = md`**${title}** over ${xName}, from ${inlineName(file)}: `;
  return joinMarkdown([md`${where}${joinMarkdown(names, ", ")}`, ...notes], "; ");
}

/** @returns `undefined` for a single step, and for numbers that cannot be drawn */
export function curveChart({ xs, series }: CurvePlot): Block | undefined {
  if (xs.length < 2) return undefined;
  const ys = series.map((each) => each.ys);
  const shown = thin(ys, MAX_CHART_POINTS);
  const pick = (values: readonly number[]): readonly number[] => shown.map((at) => values[at] ?? 0);
  const labels = pick(xs).map((x) => formatNumber(x, 6));
  const mermaid = xyChart({ kind: "line", labels, series: ys.map(pick) });
  return mermaid === undefined ? undefined : { kind: "chart", rank: RANK.extra, language: "mermaid", text: mermaid };
}

export const curveTable = ({ xs, series, xName }: CurvePlot): Block => ({
  kind: "table",
  itemNoun: "curve",
  columns: ["Curve", "First", "Lowest", "Highest", "Last"].map((title, at) => ({
    title,
    align: at === 0 ? "left" : "right",
  })),
  rows: series.map((each) => toRow(each, xs, xName)),
});

function toRow({ name, ys }: Series, xs: readonly number[], xName: string): TableRow {
  const at = (position: number): Markdown =>
    md`${formatNumber(ys[position] ?? 0, 6)} at ${xName} ${formatNumber(xs[position] ?? 0, 6)}`;
  const lowest = positionOf(ys, (a, b) => a < b);
  const highest = positionOf(ys, (a, b) => a > b);
  return { rank: RANK.extra, cells: [inlineName(name), at(0), at(lowest), at(highest), at(ys.length - 1)] };
}
