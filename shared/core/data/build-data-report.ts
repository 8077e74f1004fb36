/** From findings to the record, and to the problems that users see. */
import type { Problem } from "../../problem/problem.ts";
import { describePatterns, type PatternWithPaths } from "../../records/covered-patterns.ts";
import { DATA_REPORT, type DataReport } from "../../records/data-report.ts";
import { type DigestFunction, digestFiles } from "../../records/digest.ts";
import { CHECK_FIXES } from "./checks.ts";
import { type CompiledContract, countChecks } from "./compile-contract.ts";
import type { CheckFinding } from "./finding-collector.ts";

/** One file and what was found in it. */
export interface FileFindings {
  readonly file: DataReport["files"][number];
  readonly findings: readonly CheckFinding[];
  readonly notes: readonly string[];
}

interface DataReportInput {
  readonly contract: CompiledContract;
  readonly source: DataReport["contracts"][number] & { readonly notes: readonly string[] };
  readonly checked: readonly FileFindings[];
  /** Which of the files each pattern covers. */
  readonly patterns: readonly PatternWithPaths[];
  readonly origin: DataReport["origin"];
  readonly digestOf: DigestFunction;
}

/** The record. Its data digest is over all files, in their order. */
export function buildDataReport({
  contract,
  source,
  checked,
  patterns,
  origin,
  digestOf,
}: DataReportInput): DataReport {
  const { notes, ...from } = source;
  const files = checked.map(({ file }) => file);
  const recorded = checked.flatMap(({ file, findings }) =>
    findings.map(({ check, column, lines, count, message, severity }) => ({
      check,
      file: file.path,
      column,
      line: lines[0] ?? null,
      count,
      message,
      ...(severity === "warn" && { severity }),
    })),
  );
  return {
    schema: DATA_REPORT,
    outcome: recorded.some(({ severity }) => severity !== "warn") ? "fail" : "pass",
    files,
    dataDigest: digestFiles(files, digestOf),
    contracts: [from],
    checks: checked.length * countChecks(contract),
    findings: recorded,
    notes: [...notes, ...checked.flatMap(({ file, notes }) => notes.map((note) => `${file.path}: ${note}`))],
    origin,
    patterns: describePatterns("data", patterns, files),
  };
}

/** What users see of a finding. */
export interface FindingProblem {
  readonly severity: CheckFinding["severity"];
  readonly problem: Problem;
}

/** One for each finding. Only the first ones are shown, so every column's first comes before any second. */
export function toProblems(checked: readonly FileFindings[]): readonly FindingProblem[] {
  const seen = new Map<string, number>();
  return checked
    .flatMap(({ file: { path }, findings }) =>
      findings.map((finding) => {
        const column = `${path}\0${finding.column}`;
        const nth = seen.get(column) ?? 0;
        seen.set(column, nth + 1);
        return { nth, severity: finding.severity, problem: toProblem(path, finding) };
      }),
    )
    .sort((a, b) => a.nth - b.nth)
    .map(({ severity, problem }) => ({ severity, problem }));
}

function toProblem(file: string, { check, column, message, count, lines }: CheckFinding): Problem {
  const [line] = lines;
  const times = count === 1 ? "" : `; ${count} times${line === undefined ? "" : `, on ${listLines(lines, count)}`}`;
  return {
    code: `data-${check}`,
    message: `${column === null ? "" : `${column}: `}${message}${times}`,
    place: { file, ...(line !== undefined && { line }) },
    fix: CHECK_FIXES[check],
  };
}

function listLines(lines: readonly number[], count: number): string {
  return lines.length === 1 ? `line ${lines[0]}` : `lines ${lines.join(", ")}${count > lines.length ? ", …" : ""}`;
}
