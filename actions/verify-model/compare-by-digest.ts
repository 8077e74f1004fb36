/** For a version that only says the digest of its files together, as those of version 1 do. */
import type { FoundEntry } from "../../shared/core/registry/bytes/compare-files.ts";
import { computeModelDigest } from "../../shared/core/registry/model-digest.ts";
import type { Problem } from "../../shared/problem/problem.ts";
import type { DigestFunction } from "../../shared/records/digest.ts";

export function compareByDigest(
  expected: string,
  found: readonly FoundEntry[],
  digestOf: DigestFunction,
): readonly Problem[] {
  const others = found.filter((entry) => entry.kind === "other");
  if (others.length > 0) {
    return others.map(({ path, what }) => ({
      code: "model-file-not-plain",
      message: `${JSON.stringify(path)} is ${what}`,
      fix: "Put the file itself there, or remove it",
    }));
  }
  const files = found.filter((entry) => entry.kind === "file");
  const digest = computeModelDigest(files, digestOf);
  if (files.length > 0 && digest === expected) return [];
  return [
    {
      code: "model-digest-differs",
      message: `${files.length} files have together the digest ${digest}, and the version has ${expected}; which file it is, a version of this age does not say`,
      fix: "Deploy nothing of it; put exactly the registered files there, with their paths as they were trained",
    },
  ];
}
