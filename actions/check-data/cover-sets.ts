/** Which files each set has. No file may be in two: it would be checked twice, and both sets would share its examples. */
import type { WorkspaceFiles } from "../../shared/adapters/files/workspace-files.ts";
import type { PatternWithPaths } from "../../shared/records/covered-patterns.ts";
import { quoteText, throwIfProblems } from "../../shared/text/document/document.ts";
import type { TrustedSet } from "./resolve-trusted-data.ts";

export interface CoveredSet extends TrustedSet {
  readonly paths: readonly string[];
  readonly patterns: readonly PatternWithPaths[];
}

/** @throws ActionError `no-files`, `data-file-in-two-sets` */
export async function coverSets(
  sets: readonly TrustedSet[],
  files: Pick<WorkspaceFiles, "cover">,
): Promise<readonly CoveredSet[]> {
  const covered: CoveredSet[] = [];
  for (const set of sets) covered.push({ ...set, ...(await files.cover(set.files)) });
  const owners = new Map<string, string | undefined>();
  throwIfProblems(
    covered.flatMap(({ name, paths }) =>
      paths.flatMap((path) => {
        const other = owners.get(path);
        if (!owners.has(path)) owners.set(path, name);
        if (other === undefined) return [];
        const message = `${quoteText(path)} is in the set ${other} and in the set ${name}`;
        const fix = "Change the patterns under data.sets so that each file is in one set";
        return [{ code: "data-file-in-two-sets", message, place: { file: path }, fix }];
      }),
    ),
  );
  return covered;
}
