/** From findings to the record, and to the problems that users see. */
import type { Problem } from "../../problem/problem.ts";
import { describePatterns, type PatternWithPaths } from "../../records/covered-patterns.ts";
import { DATA_REPORT, type DataReport } from "../../records/data-report.ts";
import { type DigestFunction, digestFiles } from "../../records/digest.ts";
import { CHECK_FIXES } from "./checks.ts";
import { type CompiledContract, countChecks } from "./compile-contract.ts";
import { NONE } from "./dialect.ts";
import type { RecordedDrift } from "./drift/drift-check.ts";
import type { CheckFinding, ExceededLimit } from "./finding-collector.ts";
import type { RecordedLeakage } from "./leakage.ts";
import type { RecordedReference } from "./reference-check.ts";
import type { ImportedChecks } from "./results/imported-checks.ts";
import { describeResults, recordResults } from "./results/read-results.ts";
import type { RecordedUniqueness } from "./unique-across.ts";

/** One file and what was found in it. */
export interface FileFindings {
  readonly file: DataReport["files"][number];
  readonly findings: readonly CheckFinding[];
  readonly limits: readonly ExceededLimit[];
  readonly notes: readonly string[];
}

/** A set of files, checked by one contract. */
export interface CheckedSet {
  readonly name?: string;
  readonly contract: CompiledContract;
  /** Of the contract. */
  readonly path: string;
  /** The trusted commit it was read from. */
  readonly ref: string;
  readonly digest: string;
  readonly files: readonly FileFindings[];
  /** Which of the files each pattern covers. */
  readonly patterns: readonly PatternWithPaths[];
}

interface DataReportInput {
  readonly checked: readonly CheckedSet[];
  readonly leakage: readonly RecordedLeakage[];
  readonly references: readonly RecordedReference[];
  readonly uniqueAcross: readonly RecordedUniqueness[];
  readonly drift: readonly RecordedDrift[];
  /** What other tools checked, by the path of their result. */
  readonly results: ReadonlyMap<string, ImportedChecks>;
  /** The data that it was compared with. */
  readonly base: DataReport["base"];
  readonly notes: readonly string[];
  /** The one of several models whose data it is. */
  readonly model?: string | undefined;
  readonly origin: DataReport["origin"];
  readonly digestOf: DigestFunction;
}

/** The record. Its data digest is over all files, in their order. */
export function buildDataReport({
  checked,
  leakage,
  references,
  uniqueAcross,
  drift,
  results,
  base,
  notes,
  model,
  origin,
  digestOf,
}: DataReportInput): DataReport {
  const imported = [...results].flatMap(([path, result]) => recordResults(path, result));
  const findings = [...checked.flatMap(({ files }) => files.flatMap(recordFindings)), ...imported];
  const files = checked.flatMap((set) => set.files.map(({ file }) => describeFile(file, set, checked.length)));
  const skipped = checked.flatMap(({ contract }) => contract.skipped ?? []);
  const ofSets = [...leakage, ...references, ...uniqueAcross, ...drift];
  const fails = [...findings, ...ofSets.filter(({ outcome }) => outcome !== "pass")].some(
    ({ severity }) => severity !== "warn",
  );
  const problems = limitProblems(checked.flatMap(({ files }) => files));
  return {
    schema: DATA_REPORT,
    // What was found is wrong whatever else there is; what was not judged to its end has not passed.
    outcome: fails ? "fail" : problems.length > 0 ? "error" : "pass",
    files,
    dataDigest: digestFiles(files, digestOf),
    contracts: checked.map(recordContract),
    checks:
      checked.reduce((sum, set) => sum + set.files.length * countChecks(set.contract), ofSets.length) +
      [...results.values()].reduce((sum, { checks }) => sum + checks.length, 0),
    findings,
    notes: [
      ...notes,
      ...checked.flatMap(skippedNotes),
      ...sameContentNotes(files),
      ...[...results].map(([path, result]) => describeResults(path, result)),
      ...checked.flatMap((set) => set.files.flatMap(({ file, notes }) => notes.map((note) => `${file.path}: ${note}`))),
    ],
    origin,
    patterns: checked.flatMap((set) => describePatterns("data", set.patterns, files)),
    ...(problems.length > 0 && { problems: problems.map((problem) => ({ ...problem, severity: "error" as const })) }),
    ...(skipped.length > 0 && { skipped }),
    ...(base !== undefined && { base }),
    ...(drift.length > 0 && { drift: [...drift] }),
    ...(leakage.length > 0 && { leakage: [...leakage] }),
    ...(references.length > 0 && { references: [...references] }),
    ...(uniqueAcross.length > 0 && { uniqueAcross: [...uniqueAcross] }),
    ...(model !== undefined && { model }),
  };
}

function recordContract({ name, path, ref, digest, contract }: CheckedSet): DataReport["contracts"][number] {
  const { name: language, version } = contract.language ?? {};
  const named = { ...(name !== undefined && { name }), ...(language !== undefined && { language }) };
  return { path, ref, digest, ...named, ...(version !== undefined && { version }) };
}

/** What a contract asks and nobody checks: each keyword with the reason once, and the columns that have it. */
export function skippedNotes({ path, contract }: Pick<CheckedSet, "path" | "contract">): readonly string[] {
  const columns = new Map<string, string[]>();
  for (const { check, column, reason } of contract.skipped ?? []) {
    const kind = `${check} is skipped: ${reason}`;
    columns.set(kind, [...(columns.get(kind) ?? []), ...(column === null ? [] : [column])]);
  }
  return [...columns].map(([kind, names]) => `${path}: ${kind}${names.length === 0 ? "" : ` (${names.join(", ")})`}`);
}

const describeFile = (
  file: FileFindings["file"],
  { path, contract }: CheckedSet,
  sets: number,
): FileFindings["file"] => ({
  ...file,
  ...(sets > 1 && { contract: path }),
  ...(file.format === undefined ? { format: "csv", dialect: describeDialect(contract) } : {}),
});

const recordFindings = ({ file, findings }: FileFindings): DataReport["findings"] =>
  findings.map(({ check, column, lines, count, message, severity }) => ({
    check,
    file: file.path,
    column,
    line: lines[0] ?? null,
    count,
    message,
    ...(severity === "warn" && { severity }),
  }));

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

/** What users see of a finding. */
export interface FindingProblem {
  readonly severity: CheckFinding["severity"];
  readonly problem: Problem;
}

/**
 * One problem for each limit and each finding. Only the first ones are shown, so every column's first comes before any second,
 * and what concerns a whole file before what concerns cells.
 */
export function toProblems(checked: readonly FileFindings[]): readonly FindingProblem[] {
  const seen = new Map<string, number>();
  const problems = checked
    .flatMap(({ file: { path, format }, findings }) =>
      findings.map((finding) => {
        const column = `${path}\0${finding.column}`;
        const nth = seen.get(column) ?? 0;
        seen.set(column, nth + 1);
        const isOfCells = finding.column !== null;
        return { nth, isOfCells, severity: finding.severity, problem: toProblem(path, format, finding) };
      }),
    )
    .sort((a, b) => a.nth - b.nth || Number(a.isOfCells) - Number(b.isOfCells))
    .map(({ severity, problem }) => ({ severity, problem }));
  const limits = limitProblems(checked).map((problem): FindingProblem => ({ severity: "fail", problem }));
  return [...limits, ...problems];
}

function toProblem(
  file: string,
  format: string | undefined,
  { check, column, message, count, lines }: CheckFinding,
): Problem {
  const hasRows = format === "parquet";
  const on = lines.length === 0 ? "" : ` on ${listPositions(lines, count, hasRows ? "row" : "line")}`;
  const times = count > 1 ? `; ${count} times${on && `,${on}`}` : hasRows ? on : "";
  // A row of a file that is no text has no line that could be shown.
  const line = hasRows ? undefined : lines[0];
  return {
    code: `data-${check}`,
    message: `${column === null ? "" : `${column || "the column without a name"}: `}${message}${times}`,
    place: { file, ...(line !== undefined && { line }) },
    fix: CHECK_FIXES[check],
  };
}

function listPositions(positions: readonly number[], count: number, name: string): string {
  if (positions.length === 1) return `${name} ${positions[0]}`;
  return `${name}s ${positions.join(", ")}${count > positions.length ? ", …" : ""}`;
}
