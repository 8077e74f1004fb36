/** From findings to the record, and to what a person reads beside the line. */
import type { Problem } from "../../problem/problem.ts";
import { canonicalJson } from "../../records/canonical-json.ts";
import { DATA_REPORT, type DataReport } from "../../records/data-report.ts";
import { CHECK_FIXES } from "./checks.ts";
import { countChecks } from "./column-rules.ts";
import type { Contract } from "./contract.ts";
import type { CheckFinding } from "./finding-collector.ts";

/** One file and what was found in it. */
export interface FileFindings {
  readonly file: DataReport["files"][number];
  readonly findings: readonly CheckFinding[];
  readonly notes: readonly string[];
}

interface DataReportInput {
  readonly contract: Contract;
  readonly source: DataReport["contract"] & { readonly notes: readonly string[] };
  readonly checked: readonly FileFindings[];
  readonly origin: DataReport["origin"];
  readonly digest: (text: string) => string;
}

/** The record. Its data digest is over the canonical JSON of path, size and digest of every file, in the files' order. */
export function buildDataReport({ contract, source, checked, origin, digest }: DataReportInput): DataReport {
  const { notes, ...from } = source;
  const findings = checked.flatMap(({ file, findings: found }) =>
    found.map(({ check, column, lines, count, message }) => ({
      check,
      file: file.path,
      column,
      line: lines[0] ?? null,
      count,
      message,
    })),
  );
  return {
    schema: DATA_REPORT,
    outcome: findings.length === 0 ? "pass" : "fail",
    files: checked.map(({ file }) => file),
    dataDigest: digest(canonicalJson(checked.map(({ file: { path, bytes, digest } }) => ({ path, bytes, digest })))),
    contract: from,
    checks: checked.length * countChecks(contract),
    findings,
    notes: [...notes, ...checked.flatMap(({ file, notes }) => notes.map((note) => `${file.path}: ${note}`))],
    origin,
  };
}

/** One problem for each finding. The first are those that are shown, so every column's first comes before any second. */
export function toProblems(checked: readonly FileFindings[]): readonly Problem[] {
  const seen = new Map<string, number>();
  return checked
    .flatMap(({ file: { path }, findings: found }) =>
      found.map((each) => {
        const column = `${path}\0${each.column}`;
        const nth = seen.get(column) ?? 0;
        seen.set(column, nth + 1);
        return { nth, problem: problemOf(path, each) };
      }),
    )
    .sort((a, b) => a.nth - b.nth)
    .map(({ problem }) => problem);
}

function problemOf(file: string, { check, column, message, count, lines }: CheckFinding): Problem {
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
