/** A verdict in a terminal: one line for each metric and rule, what is broken first. */
import { describeAllowed } from "../../core/gate/explain-ruling.ts";
import type { Ruling, Verdict } from "../../records/verdict.ts";
import { buildDiffRows, type DiffRow, type RowState } from "../../report/diff-rows.ts";
import { formatChange } from "../../report/format-change.ts";
import { formatPair } from "../../report/format-number.ts";
import type { Markdown } from "../../report/markdown.ts";
import { formatRule } from "../../report/rulings.ts";
import { printable } from "../command.ts";

const MARKS: Readonly<Record<RowState, string>> = {
  failing: "✗",
  open: "!",
  worse: "▾",
  judged: "✓",
  changed: "·",
  same: "·",
};

export function formatGate(verdict: Verdict): string {
  const rows = buildDiffRows(verdict);
  const table = alignColumns(rows.map((row) => [MARKS[row.state], nameOf(row), ...valuesOf(row), rulesOf(row)]));
  const reasons = verdict.rulings.filter(({ outcome }) => outcome !== "pass").map(formatReason);
  const notes = verdict.notes.map((note) => `note: ${note}`);
  const against = verdict.baseline === null ? "without a baseline" : `against ${verdict.baseline.source}`;
  return lines([
    `By ${verdict.policy?.path ?? "no policy"}, ${against}:`,
    "",
    ...table.map((line) => `  ${line}`),
    "",
    ...reasons,
    ...notes,
    formatOutcome(verdict),
  ]);
}

/** What each rule compared, where it stands, and which values it would accept. */
export function explainGate(verdict: Verdict): string {
  const against = verdict.baseline;
  return lines([
    `Measured: commit ${verdict.judged.slice(0, 7)}, metrics ${verdict.metricsDigest.slice(0, 19)}`,
    verdict.policy === null
      ? "Rules: none"
      : `Rules: ${verdict.policy.path} at ${verdict.policy.ref.slice(0, 7)}, ${verdict.policy.digest.slice(0, 19)}`,
    against === null ? "Baseline: none" : `Baseline: ${against.source} (commit ${against.commit.slice(0, 7)})`,
    "",
    ...verdict.rulings.flatMap(explainRuling),
    ...verdict.notes.map((note) => `note: ${note}`),
    formatOutcome(verdict),
  ]);
}

function explainRuling(ruling: Ruling): readonly string[] {
  const { outcome, reason, statistics, waiver, severity, why } = ruling;
  const allowed = describeAllowed(ruling);
  return [
    `${outcome === "pass" ? "✓" : outcome === "fail" ? "✗" : "!"} ${nameOf(ruling)}: ${toText(formatRule(ruling))}`,
    `    ${reason}`,
    ...(allowed === undefined ? [] : [`    ${allowed}`]),
    ...(statistics === undefined ? [] : explainEvidence(statistics)),
    ...(severity === "warn" ? ["    a warning only: it does not close the gate"] : []),
    ...(waiver === undefined
      ? []
      : [`    waived by ${waiver.approver.login} until ${waiver.expires}: ${waiver.reason}`]),
    ...(why === undefined ? [] : [`    why it is there: ${why}`]),
  ];
}

function explainEvidence(statistics: NonNullable<Ruling["statistics"]>): readonly string[] {
  const { evidence, test, p, pAdjusted, interval, detectable, needed } = statistics;
  const parts = [
    test === undefined ? undefined : `by ${evidence}, ${test}`,
    p === undefined ? undefined : `p ${p.toPrecision(3)}`,
    pAdjusted === undefined ? undefined : `${pAdjusted.toPrecision(3)} after the correction`,
    interval === undefined
      ? undefined
      : `${Math.round(interval.level * 100)} % interval ${interval.low.toPrecision(4)} to ${interval.high.toPrecision(4)}`,
    detectable === undefined ? undefined : `shows changes from ${detectable.toPrecision(3)}`,
    needed?.n === undefined ? undefined : `${needed.n} examples would decide`,
    needed?.runs === undefined ? undefined : `${needed.runs} runs would decide`,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? [] : [`    ${parts.join("; ")}`];
}

function formatOutcome({ outcome, rulings }: Verdict): string {
  const broken = rulings.filter((ruling) => ruling.outcome === "fail").length;
  switch (outcome) {
    case "pass":
      return `The gate is open: ${rulings.length} ${rulings.length === 1 ? "rule" : "rules"} judged.`;
    case "fail":
      return `The gate is closed: ${broken} of ${rulings.length} rules broken.`;
    default:
      return "The gate is not decided.";
  }
}

const formatReason = ({ outcome, reason, severity, ...ruling }: Ruling): string =>
  `${severity === "warn" ? "warning" : outcome}: ${nameOf(ruling)}: ${reason}`;

const nameOf = ({ metric, slice }: Pick<DiffRow, "metric" | "slice">): string =>
  slice === null ? metric : `${metric} [${slice}]`;

function valuesOf({ baseline, candidate, better, unit }: DiffRow): readonly string[] {
  const [before = "–", now = "missing"] = formatPair(baseline, candidate);
  const measure = unit === undefined ? "" : ` ${unit}`;
  return [`${before} → ${now}${measure}`, toText(formatChange(better, baseline, candidate))];
}

const rulesOf = ({ rulings, state }: DiffRow): string =>
  rulings.length === 0
    ? state === "worse"
      ? "worse, and no rule"
      : ""
    : rulings.map(formatRule).map(toText).join(", ");

/** A terminal knows no Markdown. Names are never in it. */
const toText = ({ markdown }: Markdown): string =>
  markdown
    .replaceAll("&lt;", "<")
    .replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replaceAll("`", "");

function alignColumns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => [...(row[at] ?? "")].length)));
  return rows.map((row) =>
    row
      .map((cell, at) => cell + " ".repeat((widths[at] ?? 0) - [...cell].length))
      .join("  ")
      .trimEnd(),
  );
}

const lines = (list: readonly string[]): string => list.map((line) => `${printable(line)}\n`).join("");
