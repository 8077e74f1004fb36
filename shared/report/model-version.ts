/** A registered version, for the job summary. */
import type { ModelVersionRecord } from "../records/model-version.ts";
import { fitReport, SUMMARY_LIMIT } from "./fit-report.ts";
import { formatNumber } from "./format-number.ts";
import { inlineName, type Markdown, md, shortHash } from "./markdown.ts";
import { type Block, RANK } from "./report-tree.ts";

export function renderModelVersion(record: ModelVersionRecord, tag: string): string {
  const { commit, modelDigest, dataDigest, governance, metrics } = record;
  const facts: readonly (readonly [Markdown, Markdown])[] = [
    [md`Tag`, inlineName(tag)],
    [md`Commit`, shortHash(commit)],
    [md`Model digest`, inlineName(modelDigest)],
    [md`Data digest`, dataDigest === null ? md`–` : shortHash(dataDigest)],
    ...Object.entries(governance).map(([field, value]) => [md`${field}`, md`${formatField(value)}`] as const),
  ];
  const blocks: Block[] = [
    { kind: "lines", lines: [md`### ${inlineName(record.model)} ${inlineName(record.version)} is registered`] },
    table("fact", ["", "What is registered"], facts),
    table(
      "metric",
      ["Metric", "Value"],
      metrics.map((metric) => [
        metric.slice === null ? md`${metric.name}` : md`${metric.name}, ${metric.slice}`,
        md`${formatNumber(metric.value, 6)}`,
      ]),
    ),
  ];
  return fitReport({ blocks, fullReport: md`the tag ${inlineName(tag)}` }, SUMMARY_LIMIT);
}

const formatField = (value: ModelVersionRecord["governance"][string]): string =>
  Array.isArray(value) ? value.join(", ") : String(value);

const table = (itemNoun: string, titles: readonly string[], rows: readonly (readonly Markdown[])[]): Block => ({
  kind: "table",
  itemNoun,
  columns: titles.map((title) => ({ title, align: "left" })),
  rows: rows.map((cells) => ({ rank: RANK.judged, cells })),
});
