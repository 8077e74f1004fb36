/** The records that the report shows, checked as strictly as if an untrusted user had written them. */
import type { WorkspaceFiles } from "../../shared/adapters/files/workspace-files.ts";
import type { ReportRecords } from "../../shared/core/gate/assert-consistent.ts";
import type { Problem } from "../../shared/problem/problem.ts";
import { dataReport } from "../../shared/records/data-report.ts";
import { readRecord } from "../../shared/records/read-record.ts";
import { verdictRecord } from "../../shared/records/verdict.ts";

/**
 * A record whose file does not exist is `undefined`.
 *
 * @param event that started this run: on `workflow_run`, another release may have written the records
 * @throws ActionError with every problem of a record
 */
export async function readReportRecords(
  files: Pick<WorkspaceFiles, "exists" | "readText">,
  paths: { readonly record: string; readonly "data-report": string },
  event: string,
): Promise<ReportRecords> {
  const source = (file: string) => ({ file, reader: "report-metrics", onDefaultBranch: event === "workflow_run" });
  const text = async (path: string): Promise<string | undefined> =>
    path !== "" && (await files.exists(path)) ? files.readText(path) : undefined;
  const [verdictText, dataText] = [await text(paths.record), await text(paths["data-report"])];
  return {
    verdict:
      verdictText === undefined ? undefined : readRecord(verdictRecord, verdictText, source(paths.record)).record,
    data: dataText === undefined ? undefined : readRecord(dataReport, dataText, source(paths["data-report"])).record,
  };
}

/** The problem when nothing was decided. Data that breaks its contract is a decision. */
export function missingVerdictProblem({ verdict, data }: ReportRecords, record: string): Problem | undefined {
  if (verdict !== undefined || data?.outcome === "fail") return undefined;
  return {
    code: "verdict-missing",
    message: "there is no verdict",
    place: { file: record },
    fix: "See which job failed before; run gate-metrics even then, and pass its record on as an artifact",
  };
}
