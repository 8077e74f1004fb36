/** The doctor's findings as a job summary. */
import type { TrustLevel } from "../core/doctor/examine.ts";
import type { Finding, Severity } from "../core/doctor/finding.ts";
import type { Place } from "../problem/problem.ts";
import { fitReport, SUMMARY_LIMIT } from "./fit-report.ts";
import { EMPTY_MARKDOWN, formatCount, inlineName, joinMarkdown, type Markdown, md } from "./markdown.ts";
import { type Block, RANK, type TableRow } from "./report-tree.ts";

const MARKS: Readonly<Record<Severity, string>> = { error: "❌", warning: "⚠️", note: "ℹ️" };

const LEVELS: Readonly<Record<TrustLevel["level"], string>> = {
  none: "Nothing is gated",
  advisory: "The gate is advisory",
  enforced: "The gate is enforced",
  unknown: "How far the gate can be trusted is not known",
};

/** @param findings worst first */
export function renderDoctor(findings: readonly Finding[], trust: TrustLevel): string {
  const count = (severity: Severity): number => findings.filter((each) => each.severity === severity).length;
  const counts = (["error", "warning", "note"] as const)
    .map((severity) => formatCount(count(severity), severity))
    .join(", ");
  const because =
    trust.because.length === 0
      ? []
      : [
          md`Because of ${joinMarkdown(
            trust.because.map((code) => inlineName(code)),
            ", ",
          )}`,
        ];
  const table: Block = {
    kind: "table",
    itemNoun: "finding",
    columns: [
      { title: "", align: "left" },
      { title: "What", align: "left" },
      { title: "Where", align: "left" },
      { title: "What to do", align: "left" },
    ],
    rows: findings.map(toRow),
  };
  return fitReport(
    {
      blocks: [
        { kind: "lines", lines: [md`### ${LEVELS[trust.level]}: ${counts}`, ...because] },
        ...(findings.length === 0 ? [] : [table]),
      ],
      fullReport: undefined,
    },
    SUMMARY_LIMIT,
  );
}

const toRow = ({ severity, problem }: Finding): TableRow => ({
  rank: severity === "error" ? RANK.failing : severity === "warning" ? RANK.judged : RANK.extra,
  cells: [
    md`${MARKS[severity]}`,
    md`${problem.message} (${inlineName(problem.code)})`,
    placeOf(problem.place),
    md`${problem.fix}`,
  ],
});

const placeOf = (place: Place | undefined): Markdown =>
  place === undefined
    ? EMPTY_MARKDOWN
    : inlineName([place.file, place.line].filter((part) => part !== undefined).join(":"));
