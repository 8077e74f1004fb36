/** The data report: its outcome in a line, and its findings in a table. */
import type { DataReport } from "../records/data-report.ts";
import { count, EMPTY, grouped, join, type Md, md, name, short } from "./markdown.ts";
import { type Block, type Column, type Item, RANK } from "./tree.ts";

/** `20,190 rows in 1 file, 12 checks` */
function dataExtent({ files, checks }: DataReport): string {
  const rows = files.reduce((sum, file) => sum + file.rows, 0);
  return `${count(rows, "row")} in ${count(files.length, "file")}, ${count(checks, "check")}`;
}

export function dataHeadline(report: DataReport): Md {
  const { findings } = report;
  return report.outcome === "pass"
    ? md`The data keeps its contract: ${dataExtent(report)}`
    : md`The data breaks its contract: ${count(findings.length, "finding")} (${dataExtent(report)})`;
}

/** The findings, one a line. */
export const findingItems = ({ findings }: DataReport): readonly Item[] =>
  findings.map(({ file, line, column, message, count: times }) => ({
    rank: RANK.failing,
    text: join(
      [
        md`❌ ${name(line === null ? file : `${file}:${line}`)}`,
        column === null ? EMPTY : md`, column ${name(column)}`,
        md`: ${message}`,
        times === 1 ? EMPTY : md` (${grouped(times)} times)`,
      ],
      "",
    ),
  }));

export function findingsTable({ findings }: DataReport): Block {
  return {
    kind: "table",
    of: "finding",
    columns: COLUMNS,
    rows: findings.map((finding) => ({
      rank: RANK.failing,
      cells: [
        name(finding.check),
        name(finding.file),
        finding.column === null ? md`–` : name(finding.column),
        md`${finding.line === null ? "–" : grouped(finding.line)}`,
        md`${grouped(finding.count)}`,
        md`${finding.message}`,
      ],
    })),
  };
}

const COLUMNS: readonly Column[] = [
  { title: "Check", align: "left" },
  { title: "File", align: "left" },
  { title: "Column", align: "left" },
  { title: "First line", align: "right" },
  { title: "Times", align: "right" },
  { title: "What is wrong", align: "left" },
];

/** Which bytes were judged by which contract. */
export function dataProvenance({ dataDigest, contract }: DataReport): Md {
  return md`Data ${short(dataDigest)}, by ${name(contract.path)} at ${short(contract.ref)}`;
}
