/** Plots in a report: each with a legend, a drawing and its numbers. */
import type { Plot } from "../../core/plots/plot.ts";
import type { Html } from "../html.ts";
import { formatCount, type Markdown, md } from "../markdown.ts";
import { type Block, RANK } from "../report-tree.ts";
import { confusionChart, confusionLegend, confusionTable } from "./confusion-blocks.ts";
import { confusionSvg } from "./confusion-svg.ts";
import { curveChart, curveLegend, curveTable } from "./curve-blocks.ts";
import { curveSvg } from "./curve-svg.ts";

/** In a comment; a report has all of them. */
const MAX_CHARTS = 4;

/** Drawn by GitHub, as far as it can: the others are only named. */
export function plotsInComment(plots: readonly Plot[]): readonly Block[] {
  if (plots.length === 0) return [];
  const blocks = plots.slice(0, MAX_CHARTS).flatMap((plot) => {
    const chart = plot.kind === "curves" ? curveChart(plot) : confusionChart(plot);
    const bars = plot.kind === "confusion" ? [lines(BARS)] : [];
    return [legend(plot), ...(chart === undefined ? [] : [...bars, chart]), tableOf(plot)];
  });
  const others = plots.slice(MAX_CHARTS).map((plot) => ({ rank: RANK.extra, text: legendOf(plot) }));
  const more: readonly Block[] =
    others.length === 0 ? [] : [lines(md`Only in the report:`), { kind: "list", itemNoun: "chart", items: others }];
  const title = md`${formatCount(plots.length, "chart")}`;
  return [{ kind: "section", title, open: plots.length === 1, blocks: [...blocks, ...more] }];
}

/** @param show makes a line of a drawing */
export const plotsInPage = (plots: readonly Plot[], show: (drawing: Html) => Markdown): readonly Block[] =>
  plots.flatMap((plot) => [
    legend(plot),
    lines(show(plot.kind === "curves" ? curveSvg(plot) : confusionSvg(plot))),
    tableOf(plot),
  ]);

const BARS = md`Bars: the percentage of each actual class that was recognised`;
const legendOf = (plot: Plot): Markdown => (plot.kind === "curves" ? curveLegend(plot) : confusionLegend(plot));
const tableOf = (plot: Plot): Block => (plot.kind === "curves" ? curveTable(plot) : confusionTable(plot));
const legend = (plot: Plot): Block => lines(legendOf(plot));
const lines = (...text: readonly Markdown[]): Block => ({ kind: "lines", lines: text });
