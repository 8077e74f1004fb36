/** The data report: its outcome in one line, and its findings in a table. */
import type { DataReport } from "../records/data-report.ts";
import {
  EMPTY_MARKDOWN,
  formatCount,
  groupDigits,
  inlineName,
  joinMarkdown,
  type Markdown,
  md,
  shortHash,
} from "./markdown.ts";
import { type Block, type ListItem, RANK, type TableColumn } from "./report-tree.ts";

/** `20,190 rows in 1 file, 12 checks` */
function dataExtent({ files, checks }: DataReport): string {
  const rows = files.reduce((sum, file) => sum + file.rows, 0);
  return `${formatCount(rows, "row")} in ${formatCount(files.length, "file")}, ${formatCount(checks, "check")}`;
}

export function dataHeadline(report: DataReport): Markdown {
  const { findings } = report;
  const leaks = leaksOf(report);
  switch (report.outcome) {
    case "pass":
      return md`The data satisfies its contract: ${dataExtent(report)}${withWarnings([...findings, ...leaks])}`;
    case "fail": {
      const failing = [...findings, ...leaks].filter(({ severity }) => severity !== "warn");
      return md`The data violates its contract: ${formatCount(failing.length, "finding")} (${dataExtent(report)})${withWarnings([...findings, ...leaks])}`;
    }
    case "error":
      return md`The data could not be judged (${dataExtent(report)})`;
  }
}

const leaksOf = ({ leakage = [] }: DataReport) => leakage.filter(({ outcome }) => outcome === "fail");

function withWarnings(findings: readonly { readonly severity?: "fail" | "warn" | undefined }[]): string {
  const warnings = findings.filter(({ severity }) => severity === "warn").length;
  return warnings === 0 ? "" : `, ${formatCount(warnings, "warning")}`;
}

const symbolOf = ({ severity }: { readonly severity?: "fail" | "warn" | undefined }): string =>
  severity === "warn" ? "⚠️" : "❌";

/** The findings, one on each line. */
export const findingItems = (report: DataReport): readonly ListItem[] => [
  ...report.findings.map((finding) => {
    const { file, line, column, message, count } = finding;
    const text = joinMarkdown(
      [
        md`${symbolOf(finding)} ${inlineName(line === null ? file : `${file}:${line}`)}`,
        column === null ? EMPTY_MARKDOWN : md`, column ${inlineName(column)}`,
        md`: ${message}`,
        count === 1 ? EMPTY_MARKDOWN : md` (${groupDigits(count)} times)`,
      ],
      "",
    );
    return { rank: RANK.failing, text };
  }),
  ...leakageItems(report),
];

/** Sets that share more examples than they may, one on each line. */
export const leakageItems = (report: DataReport): readonly ListItem[] =>
  leaksOf(report).map((leak) => {
    const { keys, between, shared, allowed } = leak;
    const names = joinMarkdown(keys.map(inlineName), ", ");
    const what =
      shared > allowed
        ? md`share ${formatCount(shared, "example")} by ${names} (${groupDigits(allowed)} allowed)`
        : md`could not be compared by ${names}`;
    return {
      rank: RANK.failing,
      text: md`${symbolOf(leak)} The sets ${inlineName(between[0])} and ${inlineName(between[1])} ${what}`,
    };
  });

export function findingsTable({ findings }: DataReport): Block {
  return {
    kind: "table",
    itemNoun: "finding",
    columns: COLUMNS,
    rows: findings.map((finding) => ({
      rank: RANK.failing,
      cells: [
        finding.severity === "warn" ? md`⚠️ ${inlineName(finding.check)}` : inlineName(finding.check),
        inlineName(finding.file),
        finding.column === null ? md`–` : inlineName(finding.column),
        md`${finding.line === null ? "–" : groupDigits(finding.line)}`,
        md`${groupDigits(finding.count)}`,
        md`${finding.message}`,
      ],
    })),
  };
}

const COLUMNS: readonly TableColumn[] = [
  { title: "Check", align: "left" },
  { title: "File", align: "left" },
  { title: "Column", align: "left" },
  { title: "First line", align: "right" },
  { title: "Times", align: "right" },
  { title: "What is wrong", align: "left" },
];

/** Which data was checked against which contracts. */
export function dataProvenance({ dataDigest, contracts }: DataReport): Markdown {
  const read = contracts.map(({ path, ref }) => md`contract ${inlineName(path)} at ${shortHash(ref)}`);
  return md`Data ${shortHash(dataDigest)}, ${joinMarkdown(read, ", ")}`;
}
