/** Writes the findings in the forms that other tools read. */
import type { FindingProblem } from "../../shared/core/data/build-data-report.ts";
import type { DataReport } from "../../shared/records/data-report.ts";
import type { DigestFunction } from "../../shared/records/digest.ts";
import { renderDataJunit } from "../../shared/report/data-junit.ts";
import { renderDataSarif } from "../../shared/report/data-sarif.ts";

interface Writing {
  readonly writeText: (path: string, text: string) => Promise<void>;
  readonly digestOf: DigestFunction;
}

/** @param paths empty: that form is not wanted. @returns what was written, as the record names it */
export async function writeForms(
  { files }: DataReport,
  found: readonly FindingProblem[],
  paths: { readonly sarif: string; readonly junit: string },
  { writeText, digestOf }: Writing,
): Promise<NonNullable<DataReport["written"]>> {
  const forms = [
    { use: "sarif", path: paths.sarif, render: () => renderDataSarif(found) },
    { use: "junit", path: paths.junit, render: () => renderDataJunit(files, found) },
  ] as const;
  const written: NonNullable<DataReport["written"]> = [];
  for (const { use, path, render } of forms) {
    if (path === "") continue;
    const text = render();
    await writeText(path, text);
    written.push({ use, path, digest: digestOf(text) });
  }
  return written;
}
