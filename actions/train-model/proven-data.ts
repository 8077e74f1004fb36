/** Which data is trained on: what the report says, proven by looking at the files again. */
import { mistake, refusal } from "../../shared/action/problem.ts";
import type { Files } from "../../shared/adapters/files/files.ts";
import { dataReport } from "../../shared/records/data-report.ts";
import { readRecord } from "../../shared/records/read-record.ts";

/**
 * @returns the data digest; `null` when no report was given
 * @throws ActionFailure `record-…`, `data-not-clean`, `data-changed`
 */
export async function provenData(path: string, files: Files): Promise<string | null> {
  if (path === "") return null;
  const report = readRecord(dataReport, await files.readText(path), path);
  if (report.outcome !== "pass") {
    throw refusal({
      code: "data-not-clean",
      message: `the data breaks its contract: ${report.findings.length} kinds of findings`,
      place: { file: path },
      fix: "Mend the data; or train without data-report, which the gate may refuse",
    });
  }
  for (const { path: file, digest } of report.files) {
    const now = await files.describe(file);
    if (now.digest === digest) continue;
    throw mistake({
      code: "data-changed",
      message: `it is not the file that ${path} is about: its content differs`,
      place: { file },
      fix: "Run check-data on the commit that is trained, and fetch large files in both jobs alike",
    });
  }
  return report.dataDigest;
}
