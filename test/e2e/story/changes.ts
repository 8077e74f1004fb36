/** The changes that people propose in the story. */
import { type RepositoryFiles, readExample } from "./example-files.ts";

const DATA = "data/visits.csv";
const example = readExample("visits");

/** The rows that were missing, as they should be. */
export function cleanRows(): RepositoryFiles {
  return { [DATA]: example[DATA] ?? "" };
}

/** The same rows as a spreadsheet exported them: a code for "unknown" as a number of visits, an empty cell, a health of 2. */
export function dirtyRows(): RepositoryFiles {
  const lines = (example[DATA] ?? "").split("\n");
  const edit = (line: number, column: number, cell: string): void => {
    lines[line - 1] = (lines[line - 1] ?? "").split(",").with(column, cell).join(",");
  };
  for (const line of [19_105, 19_106, 19_477]) edit(line, 0, "-9");
  edit(19_320, 6, "");
  edit(20_011, 9, "2");
  return { [DATA]: lines.join("\n") };
}

/** Outliers capped: better for most, worse for people in poor health. */
export const cappedVisits = (): RepositoryFiles => withParams({ max_visits: 4 });

/** Free care behaves unlike other plans: better everywhere. */
export const freeCareFeature = (): RepositoryFiles => withParams({ features: [...features(), "free_care"] });

/** The idea of an outside contributor, added to the one above. */
export const coinsuranceInteraction = (): RepositoryFiles =>
  withParams({ features: [...features(), "free_care", "coinsurance_x_diseases"] });

const params = (): { readonly features: readonly string[] } => JSON.parse(example["params.json"] ?? "{}");
const features = (): readonly string[] => params().features;
const withParams = (change: object): RepositoryFiles => ({
  "params.json": `${JSON.stringify({ ...params(), ...change }, null, 2)}\n`,
});
