/** Which data is trained on: the digest from the data report, verified against the files as they are now. */
import type { WorkspaceFiles } from "../../shared/adapters/files/workspace-files.ts";
import { refused, userError } from "../../shared/problem/problem.ts";
import { dataReport } from "../../shared/records/data-report.ts";
import { readRecord } from "../../shared/records/read-record.ts";
import { formatCount } from "../../shared/report/markdown.ts";

export interface VerifiedData {
  /** `null` when no report was given. */
  readonly digest: string | null;
  readonly paths: readonly string[];
}

/**
 * @throws ActionError `record-…`, `data-not-clean`, `data-changed`
 */
export async function verifyDataDigest(path: string, files: WorkspaceFiles): Promise<VerifiedData> {
  if (path === "") return { digest: null, paths: [] };
  const { record: report } = readRecord(dataReport, await files.readText(path), { file: path, reader: "train-model" });
  if (report.outcome !== "pass") {
    throw refused({
      code: "data-not-clean",
      message:
        report.outcome === "fail"
          ? `the data violates its contract: ${formatCount(report.findings.length, "finding")}`
          : "the data could not be judged",
      place: { file: path },
      fix: "Fix the data, or train without data-report, which the gate may refuse",
    });
  }
  for (const { path: file, digest } of report.files) {
    const now = await files.digestFile(file);
    if (now.digest === digest) continue;
    throw userError({
      code: "data-changed",
      message: `its content differs from the file that ${path} describes`,
      place: { file },
      fix: "Run check-data on the commit that is trained, and fetch large files the same way in both jobs",
    });
  }
  return { digest: report.dataDigest, paths: report.files.map((file) => file.path) };
}
