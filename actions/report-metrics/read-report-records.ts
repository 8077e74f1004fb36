/** The records that the report shows, read as strictly as if a stranger had written them. */

import type { WorkspaceFiles } from "../../shared/adapters/files/workspace-files.ts";
import type { Problem } from "../../shared/problem/problem.ts";
import { dataReport } from "../../shared/records/data-report.ts";
import { readRecord } from "../../shared/records/read-record.ts";
import { verdict } from "../../shared/records/verdict.ts";
import type { ReportRecords } from "../../shared/report/verdict.ts";

/** What there is of the two. @throws ActionError with every problem of a record */
export async function readReportRecords(
  files: Pick<WorkspaceFiles, "exists" | "readText">,
  paths: { readonly record: string; readonly "data-report": string },
): Promise<ReportRecords> {
  const text = async (path: string): Promise<string | undefined> =>
    path !== "" && (await files.exists(path)) ? files.readText(path) : undefined;
  const [judged, checked] = [await text(paths.record), await text(paths["data-report"])];
  return {
    verdict: judged === undefined ? undefined : readRecord(verdict, judged, paths.record),
    data: checked === undefined ? undefined : readRecord(dataReport, checked, paths["data-report"]),
  };
}

/** What to end with where nothing was decided; data that breaks its contract was decided about. */
export function missingVerdictProblem({ verdict, data }: ReportRecords, record: string): Problem | undefined {
  if (verdict !== undefined || data?.outcome === "fail") return undefined;
  return {
    code: "verdict-missing",
    message: "there is no verdict",
    place: { file: record },
    fix: "See which job failed before; run gate-metrics also then, and hand its record over as an artifact",
  };
}
