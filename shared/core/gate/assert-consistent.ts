/**
 * Whether a report's records are from the run, and about the commit, that they are reported for. They come from an artifact,
 * which a run that an untrusted user has started may have written.
 */
import { type Problem, refused } from "../../problem/problem.ts";
import type { DataReport } from "../../records/data-report.ts";
import { isSameRepository } from "../../records/repository-name.ts";
import type { Verdict } from "../../records/verdict.ts";

/** The records that a report shows. Without a verdict, a merge is never recommended. */
export interface ReportRecords {
  readonly verdict?: Verdict | undefined;
  readonly data?: DataReport | undefined;
}

/**
 * `run` is the judging run and `head` the commit it is about, as GitHub says them.
 *
 * @throws ActionError for the first contradiction
 */
export function assertConsistent(
  { verdict, data }: ReportRecords,
  repository: string,
  { run, head }: { readonly run: number; readonly head: string },
): void {
  for (const { schema, origin } of [verdict, data].filter((record) => record !== undefined)) {
    if (!isSameRepository(origin.repository, repository)) {
      const message = `the record ${schema} is from the repository ${origin.repository}, not from ${repository}`;
      throw inconsistentRecord("record-foreign", message);
    }
    if (origin.run !== run)
      throw inconsistentRecord("record-foreign", `the record ${schema} is from run ${origin.run}, not from run ${run}`);
  }
  if (verdict === undefined) return;
  if (verdict.head !== head) {
    throw inconsistentRecord(
      "verdict-other-commit",
      `the verdict is about commit ${verdict.head.slice(0, 7)}, but the run is about ${head.slice(0, 7)}`,
    );
  }
}

const inconsistentRecord = (code: string, message: string) =>
  refused({
    code,
    message,
    fix: "Pass the records from the artifact of the judging run, unchanged",
  } satisfies Problem);
