/** What a model is, in one digest. */
import { canonicalJson } from "../../records/canonical-json.ts";
import type { DigestFunction } from "../../records/digest.ts";
import type { FileRecord } from "../../records/fields.ts";

/**
 * Over the sorted paths, sizes and digests of all files: another byte, a file more or less, or another name is another
 * model. The order in which the files are given does not matter.
 *
 * @throws TypeError when a path is there twice: that is a bug of ours
 */
export function computeModelDigest(files: readonly FileRecord[], digestOf: DigestFunction): string {
  const byPath = new Map(files.map((file) => [file.path, file]));
  if (byPath.size !== files.length) throw new TypeError("a model has each file once");
  const sorted = [...byPath.keys()].sort().flatMap((path) => byPath.get(path) ?? []);
  return digestOf(canonicalJson(sorted.map(({ path, bytes, digest }) => ({ path, bytes, digest }))));
}
