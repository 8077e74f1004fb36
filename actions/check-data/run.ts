/** The story of check-data: find the trusted contract, check every file against it, report where it is broken. */
import { toRecordOrigin } from "../../shared/action/record-origin.ts";
import type { ActionBody } from "../../shared/action/run-action.ts";
import type { WorkspaceFiles } from "../../shared/adapters/files/workspace-files.ts";
import { buildDataReport, type FileFindings, toProblems } from "../../shared/core/data/build-data-report.ts";
import { CsvCheck } from "../../shared/core/data/csv-check.ts";
import type { DataFiles } from "../../shared/core/data/data-files.ts";
import type { Problem } from "../../shared/problem/problem.ts";
import { type DataReport, dataReport } from "../../shared/records/data-report.ts";
import type { DigestFunction } from "../../shared/records/digest.ts";
import { inVersion } from "../../shared/records/in-version.ts";
import type { ReadRecord } from "../../shared/records/record-format.ts";
import { renderDataReport } from "../../shared/report/data-report.ts";
import { formatCount } from "../../shared/report/markdown.ts";
import type { TrustedContract } from "./resolve-trusted-contract.ts";
import type { spec } from "./spec.ts";

export interface Ports {
  /** The contract at a trusted commit, and which files to check. */
  readonly resolveContract: () => Promise<TrustedContract>;
  readonly files: Pick<WorkspaceFiles, "cover">;
  readonly data: DataFiles;
  readonly digestOf: DigestFunction;
  readonly writeRecord: (record: ReadRecord<DataReport>) => Promise<void>;
}

export const run: ActionBody<typeof spec, Ports> = async ({ inputs, context, ports, log }) => {
  // Gather.
  const { contract, files, version, ...source } = await ports.resolveContract();
  const { paths, patterns } = await ports.files.cover(files);
  log.info(`Checking ${formatCount(paths.length, "file")} against ${source.path} at ${source.ref.slice(0, 7)}`);

  // Decide.
  const checked: FileFindings[] = [];
  for (const path of paths) {
    const check = new CsvCheck(contract);
    const { readError, ...file } = await ports.data.read(path, (content) => check.push(content));
    if (readError !== undefined) check.stop("readable", readError);
    const { rows, findings, notes } = check.end();
    checked.push({ file: { ...file, rows }, findings, notes });
    log.info(`${path}: ${formatCount(rows, "row")}, ${formatCount(findings.length, "finding")}`);
  }
  const report = buildDataReport({
    contract,
    source,
    checked,
    patterns,
    origin: toRecordOrigin(context),
    digestOf: ports.digestOf,
  });

  // Show.
  await ports.writeRecord(inVersion(dataReport, report, version));
  for (const note of report.notes) log.warn(note);
  for (const { severity, problem } of toProblems(checked)) {
    if (severity === "warn") log.warn(problem);
    else log.error(problem);
  }
  const failing = report.findings.filter(({ severity }) => severity !== "warn");
  const broken: Problem = {
    code: "data-contract-broken",
    message: `the data violates its contract ${source.path}: ${formatCount(failing.length, "finding")}`,
    fix: "Fix the data; if the contract is wrong, change it in a separate pull request",
  };
  return {
    outputs: {
      outcome: report.outcome,
      record: inputs.record,
      "data-digest": report.dataDigest,
      findings: String(report.findings.length),
    },
    summary: renderDataReport(report),
    failed: report.outcome === "pass" ? undefined : broken,
  };
};
