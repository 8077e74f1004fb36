/** The story of check-data: find the trusted contracts, check every file against its own, report where it is broken. */
import { toRecordOrigin } from "../../shared/action/record-origin.ts";
import type { ActionBody } from "../../shared/action/run-action.ts";
import type { WorkspaceFiles } from "../../shared/adapters/files/workspace-files.ts";
import type { BaseData } from "../../shared/core/data/base-data.ts";
import {
  buildDataReport,
  type CheckedSet,
  type FileFindings,
  type FindingProblem,
  toProblems,
} from "../../shared/core/data/build-data-report.ts";
import type { CheckFile, ReadProgress } from "../../shared/core/data/data-files.ts";
import { describeProgress } from "../../shared/core/data/describe-progress.ts";
import { DriftCheck, toDriftProblem } from "../../shared/core/data/drift/drift-check.ts";
import { LeakageCheck, toLeakageProblem } from "../../shared/core/data/leakage.ts";
import { ReferenceCheck, toReferenceProblem } from "../../shared/core/data/reference-check.ts";
import type { ImportedChecks } from "../../shared/core/data/results/imported-checks.ts";
import { readResults, toResultProblem } from "../../shared/core/data/results/read-results.ts";
import { toUniqueProblem, UniqueAcrossCheck } from "../../shared/core/data/unique-across.ts";
import type { Problem } from "../../shared/problem/problem.ts";
import { type DataReport, dataReport } from "../../shared/records/data-report.ts";
import type { DigestFunction } from "../../shared/records/digest.ts";
import { inVersion } from "../../shared/records/in-version.ts";
import type { ReadRecord } from "../../shared/records/record-format.ts";
import { renderDataReport } from "../../shared/report/data-report.ts";
import { formatCount } from "../../shared/report/markdown.ts";
import { coverSets } from "./cover-sets.ts";
import { readBaseData } from "./read-base-data.ts";
import type { TrustedData } from "./resolve-trusted-data.ts";
import type { spec } from "./spec.ts";
import { writeForms } from "./write-forms.ts";

export interface Ports {
  /** The contracts at a trusted commit, and which files to check by which. */
  readonly resolveData: () => Promise<TrustedData>;
  readonly files: Pick<WorkspaceFiles, "cover" | "list" | "readText">;
  readonly checkFile: CheckFile;
  readonly readBase: (commit: string) => BaseData;
  readonly digestOf: DigestFunction;
  /** @throws ActionError when what is written would take the place of something else */
  readonly assertWritable: (inputs: {
    readonly contracts: readonly string[];
    readonly files: readonly string[];
  }) => Promise<void>;
  readonly writeRecord: (record: ReadRecord<DataReport>) => Promise<void>;
  readonly writeText: (path: string, text: string) => Promise<void>;
}

export const run: ActionBody<typeof spec, Ports> = async ({ inputs, context, ports, log }) => {
  // Gather.
  const { sets, version, notes, ...rules } = await ports.resolveData();
  const covered = await coverSets(sets, ports.files);
  const results = await readAllResults(inputs.results, ports.files);
  await ports.assertWritable({
    contracts: sets.map(({ path }) => path),
    files: [...covered.flatMap(({ paths }) => paths), ...results.keys()],
  });

  // Decide.
  const leaks = new LeakageCheck(rules.leakage);
  const references = new ReferenceCheck(rules.references);
  const unique = new UniqueAcrossCheck(rules.unique);
  const drift = new DriftCheck(rules.drift, sets);
  const checked: CheckedSet[] = [];
  for (const { paths, ...set } of covered) {
    log.info(`Checking ${formatCount(paths.length, "file")} against ${set.path} at ${set.ref.slice(0, 7)}`);
    const files: FileFindings[] = [];
    for (const path of paths) {
      const observers = [
        ...[leaks, references, unique].flatMap((check) => check.observersOf(set.name)),
        ...drift.observersOf(set.name, "candidate"),
      ];
      const showProgress = (progress: ReadProgress) => log.info(`${path}: ${describeProgress(progress)}`);
      const { file, checked: found } = await ports.checkFile(path, { contract: set.contract, observers }, showProgress);
      const { rows, format, ...rest } = found;
      files.push({ file: { ...file, rows, ...(format !== undefined && { format }) }, ...rest });
      log.info(`${path}: ${formatCount(rows, "row")}, ${formatCount(rest.findings.length, "finding")}`);
    }
    checked.push({ ...set, files });
  }
  const baseData = rules.base === undefined ? undefined : ports.readBase(rules.base);
  const { base, hasFiles } = await readBaseData(baseData, { sets, drift, digestOf: ports.digestOf });
  const report = buildDataReport({
    checked,
    base,
    leakage: leaks.judge(),
    references: references.judge(),
    uniqueAcross: unique.judge(),
    drift: drift.judge(hasFiles),
    results,
    notes,
    model: rules.model,
    origin: toRecordOrigin(context),
    digestOf: ports.digestOf,
  });

  // Show.
  const ofSets = [
    ...(report.leakage ?? []).flatMap((leak) => toFinding(leak, toLeakageProblem(leak))),
    ...(report.references ?? []).flatMap((reference) => toFinding(reference, toReferenceProblem(reference))),
    ...(report.uniqueAcross ?? []).flatMap((repeat) => toFinding(repeat, toUniqueProblem(repeat))),
    ...(report.drift ?? []).flatMap((moved) => toFinding(moved, toDriftProblem(moved))),
  ];
  const imported = report.findings.filter(({ tool }) => tool !== undefined);
  const found = [
    ...toProblems(checked.flatMap(({ files }) => files)),
    ...imported.flatMap((finding) => toFinding(finding, toResultProblem(finding))),
    ...ofSets,
  ];
  const written = await writeForms(report, found, inputs, ports);
  await ports.writeRecord(inVersion(dataReport, { ...report, ...(written.length > 0 && { written }) }, version));
  for (const note of report.notes) log.warn(note);
  for (const { severity, problem } of found) {
    if (severity === "warn") log.warn(problem);
    else log.error(problem);
  }
  return {
    outputs: {
      outcome: report.outcome,
      record: inputs.record,
      "data-digest": report.dataDigest,
      findings: String(report.findings.length + ofSets.length),
    },
    summary: renderDataReport(report),
    failed: failureOf(report, ofSets, describeContracts(sets)),
  };
};

/** By path. */
async function readAllResults(
  patterns: readonly string[],
  files: Ports["files"],
): Promise<ReadonlyMap<string, ImportedChecks>> {
  const results = new Map<string, ImportedChecks>();
  if (patterns.length === 0) return results;
  for (const path of await files.list(patterns)) results.set(path, readResults(await files.readText(path), path));
  return results;
}

/** Of what concerns whole sets; nothing where it passes. */
function toFinding(
  of: { severity?: "fail" | "warn" | undefined },
  problem: Problem | undefined,
): readonly FindingProblem[] {
  return problem === undefined ? [] : [{ severity: of.severity ?? "fail", problem }];
}

function describeContracts(sets: TrustedData["sets"]): string {
  const paths = [...new Set(sets.map(({ path }) => path))];
  return paths.length === 1 ? `its contract ${paths[0]}` : `its contracts ${paths.join(", ")}`;
}

/** @param contract for example `its contract data.yml` */
function failureOf(
  { outcome, findings }: DataReport,
  ofSets: readonly FindingProblem[],
  contract: string,
): Problem | undefined {
  switch (outcome) {
    case "pass":
      return undefined;
    case "fail": {
      const failing = [...findings, ...ofSets].filter(({ severity }) => severity !== "warn");
      return {
        code: "data-contract-broken",
        message: `the data violates ${contract}: ${formatCount(failing.length, "finding")}`,
        fix: "Fix the data; if the contract is wrong, change it in a separate pull request",
      };
    }
    case "error":
      return {
        code: "data-not-judged",
        message: `a file is more than the limits of ${contract} allow, and the others satisfy it`,
        fix: "Make the file smaller, or raise the limit in a separate pull request",
      };
  }
}
