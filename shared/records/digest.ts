/** Digests of records. Hashing itself is passed in: this folder imports no Node modules. */
import { canonicalJson } from "./canonical-json.ts";
import type { FileRecord, Metric } from "./fields.ts";
import { compareMetricIds } from "./metric-key.ts";
import type { ReadRecord } from "./record-format.ts";

/** `sha256:` and 64 hex digits over the UTF-8 bytes of a text. */
export type DigestFunction = (text: string) => string;

/** The digest that names a record: over the canonical JSON of what was written, whichever version it has. */
export const digestRecord = ({ written }: ReadRecord<unknown>, digestOf: DigestFunction): string =>
  digestOf(canonicalJson(written));

/** The digest over files: over canonical JSON of the path, size and digest of each, in the given order. */
export const digestFiles = (files: readonly FileRecord[], digestOf: DigestFunction): string =>
  digestOf(canonicalJson(files.map(({ path, bytes, digest }) => ({ path, bytes, digest }))));

/** The digest over metrics: their values alone, so that it is the same for records of both versions. */
export function digestMetrics(metrics: readonly Metric[], digestOf: DigestFunction): string {
  const values = metrics.map(({ name, slice, value }) => ({ name, slice, value })).sort(compareMetricIds);
  return digestOf(canonicalJson(values));
}
