/** What check-data found: in which files, by which contracts, with what outcome. Contains no cell values. */
import { DATA_REPORT_1, type DataReport1, dataReport1 } from "./data-report-1.ts";
import { DATA_REPORT_2, type DataReport2, dataReport2 } from "./data-report-2.ts";
import { cannotHold } from "./in-version.ts";
import type { RecordFormat } from "./record-format.ts";

export type DataReport = DataReport2;
export type Finding = DataReport["findings"][number];
export const DATA_REPORT = DATA_REPORT_2;

export const dataReport: RecordFormat<DataReport1, DataReport> = {
  kind: "data-report",
  writer: "check-data",
  schemas: { 1: dataReport1, 2: dataReport2 },
  upgrade({ schema: _, outcome, files, dataDigest, contract, ...record }) {
    return { schema: DATA_REPORT_2, outcome, files, dataDigest, contracts: [contract], ...record };
  },
  /** Version 1 knows neither an error nor a warning: the one is a fail, the other a note. */
  downgrade({ schema: _, outcome, files, dataDigest, contracts, findings, notes, ...record }) {
    if (contracts.length > 1) {
      const paths = contracts.map(({ path }) => path);
      throw cannotHold("data-report", "contracts", paths);
    }
    return {
      schema: DATA_REPORT_1,
      outcome: outcome === "pass" ? "pass" : "fail",
      files: files.map(({ path, bytes, digest, rows }) => ({ path, bytes, digest, rows })),
      dataDigest,
      contract: contracts[0],
      checks: record.checks,
      findings: findings
        .filter(({ severity }) => severity !== "warn")
        .map(({ check, file, column, line, count, message }) => ({ check, file, column, line, count, message })),
      notes: [...notes, ...findings.flatMap(warningNote), ...errorNotes(outcome, record.problems)],
      origin: record.origin,
    };
  },
};

const warningNote = ({ severity, file, line, message }: Finding): readonly string[] =>
  severity === "warn" ? [`Warning: ${file}${line === null ? "" : `:${line}`}: ${message}`] : [];

function errorNotes(outcome: DataReport["outcome"], problems: DataReport["problems"]): readonly string[] {
  if (outcome !== "error") return [];
  const reasons = (problems ?? []).map(({ message }) => message);
  return [`The data could not be judged${reasons.length === 0 ? "" : `: ${reasons.join("; ")}`}.`];
}
