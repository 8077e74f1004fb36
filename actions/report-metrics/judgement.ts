/** The records that the report shows, read as strictly as if a stranger had written them. */
import { mistake } from "../../shared/action/problem.ts";
import type { Files } from "../../shared/adapters/files/files.ts";
import { dataReport } from "../../shared/records/data-report.ts";
import { readRecord } from "../../shared/records/read-record.ts";
import { verdict } from "../../shared/records/verdict.ts";
import type { Judgement } from "../../shared/report/verdict.ts";

/** @throws ActionFailure `verdict-missing` when nothing says what was decided, or every problem of a record */
export async function readJudgement(
  files: Pick<Files, "exists" | "readText">,
  paths: { readonly record: string; readonly "data-report": string },
): Promise<Judgement> {
  const text = async (path: string): Promise<string | undefined> =>
    path !== "" && (await files.exists(path)) ? files.readText(path) : undefined;
  const [judged, checked] = [await text(paths.record), await text(paths["data-report"])];
  const data = checked === undefined ? undefined : readRecord(dataReport, checked, paths["data-report"]);
  if (judged !== undefined) return { verdict: readRecord(verdict, judged, paths.record), data };
  if (data?.outcome === "fail") return { data };
  throw mistake({
    code: "verdict-missing",
    message: "there is no verdict, and no data report that says why",
    place: { file: paths.record },
    fix: "Run gate-metrics before, also when a job before it failed, and hand its record over as an artifact",
  });
}
