/** Patterns of metric files, where a `dvc.yaml` stands for the files that it lists. */
import { isDvcFile, listDvcMetricFiles } from "../../core/metrics/dvc-files.ts";
import type { WorkspaceFiles } from "./workspace-files.ts";

/** One that is not there stays, and is found missing. @throws ActionError as `listDvcMetricFiles` */
export async function followDvc(
  files: Pick<WorkspaceFiles, "exists" | "readText">,
  patterns: readonly string[],
): Promise<readonly string[]> {
  const followed = await Promise.all(
    patterns.map(async (pattern) =>
      isDvcFile(pattern) && (await files.exists(pattern))
        ? listDvcMetricFiles(await files.readText(pattern), pattern)
        : [pattern],
    ),
  );
  return followed.flat();
}
