/** The data report as a job summary. */
import type { DataReport } from "../records/data-report.ts";
import { dataHeadline, dataProvenance, findingsTable, setItems } from "./data-findings.ts";
import { fitReport, SUMMARY_LIMIT } from "./fit-report.ts";
import { groupDigits, inlineName, type Markdown, md, shortHash } from "./markdown.ts";
import { type Block, RANK } from "./report-tree.ts";

export function renderDataReport(report: DataReport): string {
  const { outcome, notes, files, findings, problems = [] } = report;
  const blocks: Block[] = [
    { kind: "lines", lines: [md`### ${outcome === "pass" ? "✅" : "❌"} ${dataHeadline(report)}`] },
    { kind: "list", itemNoun: "note", items: notes.map((note) => ({ rank: RANK.failing, text: md`ℹ️ ${note}` })) },
    {
      kind: "list",
      itemNoun: "problem",
      items: problems.map((problem) => ({ rank: RANK.failing, text: problemLine(problem) })),
    },
    { kind: "list", itemNoun: "fault", items: setItems(report) },
    ...(findings.length > 0 ? [findingsTable(report)] : []),
    {
      kind: "table",
      itemNoun: "file",
      columns: [
        { title: "File", align: "left" },
        { title: "Rows", align: "right" },
        { title: "Bytes", align: "right" },
        { title: "SHA-256", align: "left" },
      ],
      rows: files.map((file) => ({
        rank: RANK.same,
        cells: [
          inlineName(file.path),
          md`${groupDigits(file.rows)}`,
          md`${groupDigits(file.bytes)}`,
          shortHash(file.digest),
        ],
      })),
    },
    { kind: "lines", lines: [dataProvenance(report)] },
  ];
  return fitReport({ blocks, fullReport: md`the record` }, SUMMARY_LIMIT);
}

function problemLine({ message, place, fix }: NonNullable<DataReport["problems"]>[number]): Markdown {
  const file = place === undefined ? "" : `${place.file}${place.line === undefined ? "" : `:${place.line}`}`;
  return md`🛑 ${inlineName(file)}: ${message}. ${fix ?? ""}`;
}
