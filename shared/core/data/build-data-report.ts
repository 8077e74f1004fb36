/** From findings to the record, and to the problems that users see. */
import type { Problem } from "../../problem/problem.ts";
import { describePatterns, type PatternWithPaths } from "../../records/covered-patterns.ts";
import { DATA_REPORT, type DataReport } from "../../records/data-report.ts";
import { type DigestFunction, digestFiles } from "../../records/digest.ts";
import { CHECK_FIXES } from "./checks.ts";
import { type CompiledContract, countChecks } from "./compile-contract.ts";
import { NONE } from "./dialect.ts";
import type { CheckFinding, ExceededLimit } from "./finding-collector.ts";

/** One file and what was found in it. */
export interface FileFindings {
  readonly file: DataReport["files"][number];
  readonly findings: readonly CheckFinding[];
  readonly limits: readonly ExceededLimit[];
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
    findings.map(({ check, column, lines, count, message }) => ({
      check,
      file: file.path,
      column,
      line: lines[0] ?? null,
      count,
      message,
    })),
  );
  const problems = limitProblems(checked);
  return {
    schema: DATA_REPORT,
    // What was found is wrong whatever else there is; what was not judged to its end has not passed.
    outcome: recorded.length > 0 ? "fail" : problems.length > 0 ? "error" : "pass",
    files: files.map((file) => ({ ...file, format: "csv", dialect: describeDialect(contract) })),
    dataDigest: digestFiles(files, digestOf),
    contracts: [from],
    checks: checked.length * countChecks(contract),
    findings: recorded,
    notes: [
      ...notes,
      ...sameContentNotes(files),
      ...checked.flatMap(({ file, notes }) => notes.map((note) => `${file.path}: ${note}`)),
    ],
    origin,
    patterns: describePatterns("data", patterns, files),
    ...(problems.length > 0 && { problems: problems.map((problem) => ({ ...problem, severity: "error" as const })) }),
  };
}

/** How the contract has it that the files are written. */
const describeDialect = ({ csv, preset }: CompiledContract) => ({
  ...(preset !== undefined && { preset }),
  delimiter: csv.delimiter,
  quote: csv.quote === NONE ? null : csv.quote,
  escape: csv.escape,
  encoding: csv.encoding,
  decimalMark: csv.decimal,
});

/** Copies and hard links: rows that are there twice, or in two sets that should share none. */
function sameContentNotes(files: DataReport["files"]): readonly string[] {
  const first = new Map<string, string>();
  return files.flatMap(({ path, digest, rows }) => {
    const earlier = first.get(digest);
    if (earlier === undefined) first.set(digest, path);
    return earlier === undefined || rows === 0
      ? []
      : [`${path}: it has the same bytes as ${earlier}, as a copy or a hard link has`];
  });
}

/** One problem for each limit that a file is beyond. */
function limitProblems(checked: readonly FileFindings[]) {
  return checked.flatMap(({ file, limits }) =>
    limits.map(({ limit, message, line }) => ({
      code: "data-limit",
      message: `${message}: it was not judged`,
      place: { file: file.path, ...(line !== undefined && { line }) },
      fix: `If the file is right, raise limits.${limit} in the contract`,
    })),
  );
}

/**
 * One problem for each limit and each finding. Only the first ones are shown, so every column's first comes before any second,
 * and what concerns a whole file before what concerns cells.
 */
export function toProblems(checked: readonly FileFindings[]): readonly Problem[] {
  const seen = new Map<string, number>();
  const problems = checked
    .flatMap(({ file: { path }, findings }) =>
      findings.map((finding) => {
        const column = `${path}\0${finding.column}`;
        const nth = seen.get(column) ?? 0;
        seen.set(column, nth + 1);
        return { nth, isOfCells: finding.column !== null, problem: toProblem(path, finding) };
      }),
    )
    .sort((a, b) => a.nth - b.nth || Number(a.isOfCells) - Number(b.isOfCells))
    .map(({ problem }) => problem);
  return [...limitProblems(checked), ...problems];
}

function toProblem(file: string, { check, column, message, count, lines }: CheckFinding): Problem {
  const [line] = lines;
  const times = count === 1 ? "" : `; ${count} times${line === undefined ? "" : `, on ${listLines(lines, count)}`}`;
  return {
    code: `data-${check}`,
    message: `${column === null ? "" : `${column || "the column without a name"}: `}${message}${times}`,
    place: { file, ...(line !== undefined && { line }) },
    fix: CHECK_FIXES[check],
  };
}

function listLines(lines: readonly number[], count: number): string {
  return lines.length === 1 ? `line ${lines[0]}` : `lines ${lines.join(", ")}${count > lines.length ? ", …" : ""}`;
}
