/** A registered version, for the job summary. */
import type { ModelVersionRecord } from "../records/model-version.ts";
import { fit, SUMMARY } from "./fit.ts";
import { type Md, md, name, short } from "./markdown.ts";
import { show } from "./number.ts";
import { type Block, RANK } from "./tree.ts";

export function renderModelVersion(record: ModelVersionRecord, tag: string): string {
  const { commit, modelDigest, dataDigest, governance, metrics } = record;
  const facts: readonly (readonly [Md, Md])[] = [
    [md`Tag`, name(tag)],
    [md`Commit`, short(commit)],
    [md`Model digest`, name(modelDigest)],
    [md`Data digest`, dataDigest === null ? md`–` : short(dataDigest)],
    ...Object.entries(governance).map(([field, value]) => [md`${field}`, md`${value}`] as const),
  ];
  const blocks: Block[] = [
    { kind: "lines", lines: [md`### ${name(record.model)} ${name(record.version)} is registered`] },
    table("fact", ["", "What is registered"], facts),
    table(
      "metric",
      ["Metric", "Value"],
      metrics.map((metric) => [
        metric.slice === null ? md`${metric.name}` : md`${metric.name}, ${metric.slice}`,
        md`${show(metric.value, 6)}`,
      ]),
    ),
  ];
  return fit({ blocks, whole: md`the tag ${name(tag)}` }, SUMMARY);
}

const table = (of: string, titles: readonly string[], rows: readonly (readonly Md[])[]): Block => ({
  kind: "table",
  of,
  columns: titles.map((title) => ({ title, align: "left" })),
  rows: rows.map((cells) => ({ rank: RANK.judged, cells })),
});
