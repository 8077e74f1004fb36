/** The records that the report shows, checked as strictly as if an untrusted user had written them. */
import { textOfArtifactName } from "../../shared/adapters/artifacts/artifact-name.ts";
import type { WorkspaceFiles } from "../../shared/adapters/files/workspace-files.ts";
import type { ReportRecords } from "../../shared/core/gate/assert-consistent.ts";
import type { FailedJob } from "../../shared/core/training/failed-job.ts";
import { ActionError, type Problem, userError } from "../../shared/problem/problem.ts";
import { type DataReport, dataReport } from "../../shared/records/data-report.ts";
import { readRecord } from "../../shared/records/read-record.ts";
import { verdictRecord } from "../../shared/records/verdict.ts";
import { DEFAULT_KEY } from "./result-key.ts";

export interface ReportedResult {
  /** Names its section of the comment. */
  readonly key: string;
  readonly records: ReportRecords;
  /** Why there are no records. */
  readonly failedJob?: FailedJob;
  /** Name of the artifact of model-diff that its verdict is from. */
  readonly diffArtifact?: string | undefined;
}

interface ResultPaths {
  /** Paths or globs. */
  readonly record: readonly string[];
  readonly "data-report": readonly string[];
  readonly key: string;
}

/** Ten thousand metrics with their rules are below this. What is wrong in more would take longer to explain than anybody waits. */
const MAX_RECORD_BYTES = 8 * 1024 * 1024;
/** A fork could upload any number, and each is a section. */
const MAX_RESULTS = 20;

/**
 * One result for each verdict, with the data report of its model. Without one, a result that has only the data report, or
 * nothing.
 *
 * @param event that started this run: on `workflow_run`, another release may have written the records
 * @throws ActionError `too-many-verdicts`, or every problem of a record
 */
export async function readResults(
  files: Pick<WorkspaceFiles, "readText" | "list">,
  { record, "data-report": dataPatterns, key }: ResultPaths,
  event: string,
): Promise<readonly ReportedResult[]> {
  const source = (file: string) => ({ file, reader: "report-metrics", onDefaultBranch: event === "workflow_run" });
  const reports: DataReport[] = [];
  for (const path of await listFew(files, dataPatterns, "data-report"))
    reports.push(readRecord(dataReport, await files.readText(path, MAX_RECORD_BYTES), source(path)).record);
  const paths = await listFew(files, record, "record");
  const results: ReportedResult[] = [];
  for (const path of paths) {
    const verdict = readRecord(verdictRecord, await files.readText(path, MAX_RECORD_BYTES), source(path)).record;
    const data =
      reports.find(({ model }) => model === verdict.model) ?? reports.find(({ model }) => model === undefined);
    results.push({
      ...nameResult(path, key, { model: verdict.model, count: paths.length }),
      records: { verdict, data },
    });
  }
  const unjudged = reports.filter((data) => !results.some(({ records }) => records.data === data));
  results.push(...unjudged.map((data) => ({ key: data.model ?? key, records: { data } })));
  return results.length === 0 ? [{ key, records: {} }] : withOwnKeys(results);
}

/** Two of one name would hide each other. */
const withOwnKeys = (results: readonly ReportedResult[]): readonly ReportedResult[] =>
  results.map((result, index) => {
    const before = results.slice(0, index).filter(({ key }) => key === result.key).length;
    return before === 0 ? result : { ...result, key: `${result.key} (${before + 1})` };
  });

/** @throws ActionError `too-many-verdicts` */
async function listFew(
  files: Pick<WorkspaceFiles, "list">,
  patterns: readonly string[],
  input: "record" | "data-report",
): Promise<readonly string[]> {
  const paths = await listExisting(files, patterns);
  if (paths.length <= MAX_RESULTS) return paths;
  throw userError({
    code: "too-many-verdicts",
    message: `there are ${paths.length} ${input === "record" ? "verdicts" : "data reports"}, and one comment shows at most ${MAX_RESULTS}`,
    fix: `Name fewer of them with the input "${input}"`,
  });
}

/** A verdict that is missing is told by the report: that is what it is for. */
async function listExisting(
  files: Pick<WorkspaceFiles, "list">,
  patterns: readonly string[],
): Promise<readonly string[]> {
  const found = [];
  for (const pattern of patterns) {
    try {
      found.push(...(await files.list([pattern])));
    } catch (error) {
      if (!(error instanceof ActionError) || error.problems[0]?.code !== "no-files") throw error;
    }
  }
  return [...new Set(found)];
}

/** What model-diff, then its workflow's file, put before a result's key. */
const DIFF_ARTIFACT = /^model-diff (?:[^ ]+\.ya?ml )?/;

/**
 * An artifact is a folder, under its own name: that of a result of model-diff has the result's key in it. One of several models
 * is a key of its own.
 */
function nameResult(
  path: string,
  key: string,
  { model, count }: { readonly model: string | undefined; readonly count: number },
): Pick<ReportedResult, "key" | "diffArtifact"> {
  const folder = path.split("/").at(-2) ?? "";
  if (DIFF_ARTIFACT.test(folder))
    return { key: textOfArtifactName(folder.replace(DIFF_ARTIFACT, "")), diffArtifact: folder };
  if (model !== undefined) return { key: key === DEFAULT_KEY ? model : `${key} (${model})` };
  return { key: count === 1 || folder === "" ? key : `${key} (${folder})` };
}

/** The problem when nothing was decided. Data that breaks its contract is a decision. */
export function missingVerdictProblem(
  results: readonly ReportedResult[],
  record: readonly string[],
): Problem | undefined {
  if (results.some(({ records: { verdict, data } }) => verdict !== undefined || data?.outcome === "fail"))
    return undefined;
  return {
    code: "verdict-missing",
    message: "there is no verdict",
    place: { file: record[0] ?? "" },
    fix: "See which job failed before; run gate-metrics even then, and pass its record on as an artifact",
  };
}
