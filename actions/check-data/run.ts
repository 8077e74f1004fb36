/** The story of check-data: find the trusted contract, check every file against it, report where it is broken. */
import { toRecordOrigin } from "../../shared/action/record-origin.ts";
import type { ActionBody } from "../../shared/action/run-action.ts";
import type { WorkspaceFiles } from "../../shared/adapters/files/workspace-files.ts";
import { buildDataReport, type FileFindings, toProblems } from "../../shared/core/data/build-data-report.ts";
import type { CheckFile } from "../../shared/core/data/data-files.ts";
import { describeProgress } from "../../shared/core/data/describe-progress.ts";
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
  readonly checkFile: CheckFile;
  readonly digestOf: DigestFunction;
  /** @throws ActionError when the record would take the place of something else */
  readonly assertRecordIsFree: (inputs: {
    readonly contract: string;
    readonly files: readonly string[];
  }) => Promise<void>;
  readonly writeRecord: (record: ReadRecord<DataReport>) => Promise<void>;
}

export const run: ActionBody<typeof spec, Ports> = async ({ inputs, context, ports, log }) => {
  // Gather.
  const { contract, files, version, ...source } = await ports.resolveContract();
  const { paths, patterns } = await ports.files.cover(files);
  await ports.assertRecordIsFree({ contract: source.path, files: paths });
  log.info(`Checking ${formatCount(paths.length, "file")} against ${source.path} at ${source.ref.slice(0, 7)}`);

  // Decide.
  const checked: FileFindings[] = [];
  for (const path of paths) {
    const { file, checked: found } = await ports.checkFile(path, contract, (progress) =>
      log.info(`${path}: ${describeProgress(progress)}`),
    );
    const { rows, ...rest } = found;
    checked.push({ file: { ...file, rows }, ...rest });
    log.info(`${path}: ${formatCount(rows, "row")}, ${formatCount(rest.findings.length, "finding")}`);
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
  for (const problem of toProblems(checked)) log.error(problem);
  return {
    outputs: {
      outcome: report.outcome,
      record: inputs.record,
      "data-digest": report.dataDigest,
      findings: String(report.findings.length),
    },
    summary: renderDataReport(report),
    failed: failureOf(report, source.path),
  };
};

function failureOf({ outcome, findings }: DataReport, contract: string): Problem | undefined {
  switch (outcome) {
    case "pass":
      return undefined;
    case "fail":
      return {
        code: "data-contract-broken",
        message: `the data violates its contract ${contract}: ${formatCount(findings.length, "finding")}`,
        fix: "Fix the data; if the contract is wrong, change it in a separate pull request",
      };
    case "error":
      return {
        code: "data-not-judged",
        message: `a file is more than the limits of its contract ${contract} allow, and the others satisfy it`,
        fix: "Make the file smaller, or raise the limit in a separate pull request",
      };
  }
}
