/** The story of check-data: find the contract that counts, hold every file to it, tell where it is broken. */
import { originOf } from "../../shared/action/context.ts";
import type { Problem } from "../../shared/action/problem.ts";
import type { ActionBody } from "../../shared/action/run-action.ts";
import { CsvCheck } from "../../shared/core/data/csv-check.ts";
import type { DataFiles } from "../../shared/core/data/data-files.ts";
import { type FileFindings, problemsOf, reportOf } from "../../shared/core/data/report.ts";
import type { DataReport } from "../../shared/records/data-report.ts";
import { renderDataReport } from "../../shared/report/data-report.ts";
import { count } from "../../shared/report/markdown.ts";
import type { TrustedContract } from "./contract-in-force.ts";
import type { spec } from "./spec.ts";

export interface Ports {
  /** The contract and the files it is about, as a trusted commit has them. */
  readonly inForce: () => Promise<TrustedContract>;
  readonly data: DataFiles;
  readonly writeRecord: (record: DataReport) => Promise<void>;
}

export const run: ActionBody<typeof spec, Ports> = async ({ inputs, context, ports, log }) => {
  // Gather.
  const { contract, files, ...source } = await ports.inForce();
  const paths = await ports.data.list(files);
  log.info(`Holding ${count(paths.length, "file")} to ${source.path} as of ${source.ref.slice(0, 7)}`);

  // Decide.
  const checked: FileFindings[] = [];
  for (const path of paths) {
    const check = new CsvCheck(contract);
    const { damage, ...file } = await ports.data.read(path, (content) => check.push(content));
    if (damage !== undefined) check.stop("readable", damage);
    const { rows, found, notes } = check.end();
    checked.push({ file: { ...file, rows }, found, notes });
    log.info(`${path}: ${count(rows, "row")}, ${count(found.length, "finding")}`);
  }
  const report = reportOf({ contract, source, checked, origin: originOf(context), digest: ports.data.digest });

  // Show.
  await ports.writeRecord(report);
  for (const note of report.notes) log.warn(note);
  for (const problem of problemsOf(checked)) log.error(problem);
  const dirty: Problem = {
    code: "data-contract-broken",
    message: `the data breaks its contract ${source.path}: ${count(report.findings.length, "finding")}`,
    fix: "Mend the data; where the contract is wrong, change it in a pull request of its own",
  };
  return {
    outputs: {
      outcome: report.outcome,
      record: inputs.record,
      "data-digest": report.dataDigest,
      findings: String(report.findings.length),
    },
    summary: renderDataReport(report),
    failed: report.outcome === "pass" ? undefined : dirty,
  };
};
