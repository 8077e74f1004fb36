/** A registered version, for the job summary. */

import { describeLocation } from "../core/registry/bytes/describe-location.ts";
import { formatBytes } from "../core/training/preflight/check.ts";
import type { ModelVersionRecord } from "../records/model-version.ts";
import { fitReport, SUMMARY_LIMIT } from "./fit-report.ts";
import { formatNumber } from "./format-number.ts";
import { formatCount, inlineName, joinMarkdown, type Markdown, md, shortHash } from "./markdown.ts";
import { type Block, RANK } from "./report-tree.ts";

export function renderModelVersion(record: ModelVersionRecord, tag: string): string {
  const { commit, modelDigest, dataDigest, governance, metrics } = record;
  const facts: readonly (readonly [Markdown, Markdown])[] = [
    [md`Tag`, inlineName(tag)],
    [md`Commit`, shortHash(commit)],
    [md`Model digest`, inlineName(modelDigest)],
    [md`Data digest`, dataDigest === null ? md`–` : shortHash(dataDigest)],
    ...placeFacts(record).map(([label, value]) => [md`${label}`, value] as const),
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

/** How much it is, and where: in the order in which it is tried. */
function placeFacts({
  files,
  locations,
}: Pick<ModelVersionRecord, "files" | "locations">): readonly (readonly [string, Markdown])[] {
  const bytes = (files ?? []).reduce((sum, file) => sum + file.bytes, 0);
  const size = files === undefined ? [] : [["Size", md`${formatCount(files.length, "file")}, ${formatBytes(bytes)}`]];
  const places = locations?.map((location) => md`${describeLocation(location)}`) ?? [];
  return [...size, ...(places.length === 0 ? [] : [["Bytes", joinMarkdown(places, "; ")]])] as [string, Markdown][];
}

const formatField = (value: ModelVersionRecord["governance"][string]): string =>
  Array.isArray(value) ? value.join(", ") : String(value);

const table = (itemNoun: string, titles: readonly string[], rows: readonly (readonly Markdown[])[]): Block => ({
  kind: "table",
  itemNoun,
  columns: titles.map((title) => ({ title, align: "left" })),
  rows: rows.map((cells) => ({ rank: RANK.judged, cells })),
});
