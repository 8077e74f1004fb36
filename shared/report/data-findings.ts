/** The data report: its outcome in a line, and its findings in a table. */
import type { DataReport } from "../records/data-report.ts";
import { count, grouped, type Md, md, name, short } from "./markdown.ts";
import { type Block, type Column, type Item, RANK } from "./tree.ts";

/** `20,190 rows in 1 file, 12 checks` */
export function dataExtent({ files, checks }: DataReport): string {
  const rows = files.reduce((sum, file) => sum + file.rows, 0);
  return `${count(rows, "row")} in ${count(files.length, "file")}, ${count(checks, "check")}`;
}

export function dataHeadline(report: DataReport): Md {
  const { findings } = report;
  return report.outcome === "pass"
    ? md`The data keeps its contract: ${dataExtent(report)}`
    : md`The data breaks its contract: ${count(findings.length, "finding")} (${dataExtent(report)})`;
}

/** The first findings, one a line. */
export function findingItems({ findings }: DataReport, shown: number): readonly Item[] {
  const items = findings.slice(0, shown).map((finding) => {
    const place = finding.line === null ? md`${name(finding.file)}` : md`${name(`${finding.file}:${finding.line}`)}`;
    const column = finding.column === null ? md`` : md`, column ${name(finding.column)}`;
    const times = finding.count === 1 ? md`` : md` (${grouped(finding.count)} times)`;
    return { rank: RANK.failing, text: md`❌ ${place}${column}: ${finding.message}${times}` };
  });
  if (findings.length <= shown) return items;
  const more = count(findings.length - shown, "more finding");
  return [...items, { rank: RANK.failing, text: md`${more}; see the table` }];
}

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
