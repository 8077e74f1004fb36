/** The digest that identifies a model. */
import { type DigestFunction, digestFiles } from "../../records/digest.ts";
import type { FileRecord } from "../../records/fields.ts";

/**
 * Over the sorted paths, sizes and digests of all files: another byte, another name, or one file more or less is another
 * model. The order of the files does not matter.
 *
 * @throws TypeError when a path occurs twice: that is a bug of this suite
 */
export function computeModelDigest(files: readonly FileRecord[], digestOf: DigestFunction): string {
  const byPath = new Map(files.map((file) => [file.path, file]));
  if (byPath.size !== files.length) throw new TypeError("a file of the model occurs twice");
  const sorted = [...byPath.keys()].sort().flatMap((path) => byPath.get(path) ?? []);
  return digestFiles(sorted, digestOf);
}
