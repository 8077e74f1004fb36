/** The data report: its outcome in one line, and its findings in a table. */
import type { DataReport } from "../records/data-report.ts";
import { formatNumber } from "./format-number.ts";
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
  const ofSets = faultsOfSets(report);
  switch (report.outcome) {
    case "pass":
      return md`The data satisfies its contract: ${dataExtent(report)}${withWarnings([...findings, ...ofSets])}`;
    case "fail": {
      const failing = [...findings, ...ofSets].filter(({ severity }) => severity !== "warn");
      return md`The data violates its contract: ${formatCount(failing.length, "finding")} (${dataExtent(report)})${withWarnings([...findings, ...ofSets])}`;
    }
    case "error":
      return md`The data could not be judged (${dataExtent(report)})`;
  }
}

/** What is wrong with whole sets of files. */
const faultsOfSets = ({ leakage = [], references = [], uniqueAcross = [], drift = [] }: DataReport) =>
  [...leakage, ...references, ...uniqueAcross, ...drift].filter(({ outcome }) => outcome !== "pass");

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
  ...setItems(report),
];

/** What concerns whole sets: shared examples, missing and repeated ones, columns that moved; one on each line. */
export const setItems = ({
  leakage = [],
  references = [],
  uniqueAcross = [],
  drift = [],
}: DataReport): readonly ListItem[] =>
  [
    ...leakage.filter(({ outcome }) => outcome !== "pass").map((leak) => md`${symbolOf(leak)} ${describeLeak(leak)}`),
    ...references
      .filter(({ outcome }) => outcome !== "pass")
      .map((reference) => md`${symbolOf(reference)} ${describeReference(reference)}`),
    ...uniqueAcross
      .filter(({ outcome }) => outcome !== "pass")
      .map((repeat) => md`${symbolOf(repeat)} ${describeRepeat(repeat)}`),
    ...drift.filter(({ outcome }) => outcome !== "pass").map((moved) => md`${symbolOf(moved)} ${describeDrift(moved)}`),
  ].map((text) => ({ rank: RANK.failing, text }));

type Leak = NonNullable<DataReport["leakage"]>[number];
type Reference = NonNullable<DataReport["references"]>[number];
type Repeat = NonNullable<DataReport["uniqueAcross"]>[number];
type Drift = NonNullable<DataReport["drift"]>[number];

function describeLeak({ keys, between, shared, allowed }: Leak): Markdown {
  const names = joinMarkdown(keys.map(inlineName), ", ");
  const sets = md`The sets ${inlineName(between[0])} and ${inlineName(between[1])}`;
  if (shared <= allowed) return md`${sets} could not be compared by ${names}`;
  return md`${sets} share ${formatCount(shared, "example")} by ${names} (${groupDigits(allowed)} allowed)`;
}

const listNames = (names: readonly string[]): Markdown => joinMarkdown(names.map(inlineName), ", ");

function describeReference({ from, to, missing, allowed }: Reference): Markdown {
  const what = md`${listNames(from.keys)} of the set ${inlineName(from.set)}`;
  const where = md`${listNames(to.keys)} of ${inlineName(to.set)}`;
  if (missing <= allowed) return md`${what} could not be looked up in ${where}`;
  return md`${formatCount(missing, "value")} of ${what} ${missing === 1 ? "is" : "are"} not in ${where} (${groupDigits(allowed)} allowed)`;
}

function describeRepeat({ keys, set, repeated }: Repeat): Markdown {
  const files = set === undefined ? md`all files` : md`all files of ${inlineName(set)}`;
  if (repeated === 0) return md`Whether ${listNames(keys)} occur once in ${files} could not be told`;
  return md`${formatCount(repeated, "row")} ${repeated === 1 ? "repeats" : "repeat"} ${listNames(keys)}, which ${files} should have once`;
}

function describeDrift({ column, set, test, value, threshold, outcome, reason = "" }: Drift): Markdown {
  const of = set === undefined ? inlineName(column) : md`${inlineName(column)} of the set ${inlineName(set)}`;
  if (outcome === "inconclusive") return md`Drift of ${of} by ${test}: could not be measured, ${reason}`;
  return md`Drift of ${of} by ${test}: ${formatNumber(value)} (${formatNumber(threshold)} allowed)`;
}

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
