/** How much each pattern covered, as records say it: a pattern that covers less than was meant is seen there. */
import type { CoveredPattern, FileRecord } from "./fields.ts";

export interface PatternWithPaths {
  readonly pattern: string;
  readonly paths: readonly string[];
}

/**
 * @param use what the files are, for example `model`
 * @param files every file that a pattern covers; one that several cover counts for each
 */
export function describePatterns(
  use: string,
  patterns: readonly PatternWithPaths[],
  files: readonly Pick<FileRecord, "path" | "bytes">[],
): CoveredPattern[] {
  const sizes = new Map(files.map(({ path, bytes }) => [path, bytes]));
  return patterns.map(({ pattern, paths }) => ({
    use,
    pattern,
    files: paths.length,
    bytes: paths.reduce((sum, path) => sum + (sizes.get(path) ?? 0), 0),
  }));
}
