/** The data report as a job summary. */
import type { DataReport } from "../records/data-report.ts";
import { dataHeadline, dataProvenance, findingsTable } from "./data-findings.ts";
import { fit, SUMMARY } from "./fit.ts";
import { grouped, md, name, short } from "./markdown.ts";
import { type Block, RANK } from "./tree.ts";

export function renderDataReport(report: DataReport): string {
  const { outcome, notes, files, findings } = report;
  const blocks: Block[] = [
    { kind: "lines", lines: [md`### ${outcome === "pass" ? "✅" : "❌"} ${dataHeadline(report)}`] },
    { kind: "list", of: "note", items: notes.map((note) => ({ rank: RANK.failing, text: md`ℹ️ ${note}` })) },
    ...(findings.length > 0 ? [findingsTable(report)] : []),
    {
      kind: "table",
      of: "file",
      columns: [
        { title: "File", align: "left" },
        { title: "Rows", align: "right" },
        { title: "Bytes", align: "right" },
        { title: "SHA-256", align: "left" },
      ],
      rows: files.map((file) => ({
        rank: RANK.same,
        cells: [name(file.path), md`${grouped(file.rows)}`, md`${grouped(file.bytes)}`, short(file.digest)],
      })),
    },
    { kind: "lines", lines: [md`<sub>${dataProvenance(report)}</sub>`] },
  ];
  return fit({ blocks, whole: md`the record` }, SUMMARY);
}
