/** Digests of records. Hashing itself is passed in: this folder imports no Node modules. */
import { canonicalJson } from "./canonical-json.ts";
import type { FileRecord } from "./fields.ts";

/** `sha256:` and 64 hex digits over the UTF-8 bytes of a text. */
export type DigestFunction = (text: string) => string;

/** The digest that names a record: over its canonical JSON, so that layout and order of keys do not matter. */
export const digestRecord = (record: unknown, digestOf: DigestFunction): string => digestOf(canonicalJson(record));

/** The digest over files: over canonical JSON of the path, size and digest of each, in the given order. */
export const digestFiles = (files: readonly FileRecord[], digestOf: DigestFunction): string =>
  digestOf(canonicalJson(files.map(({ path, bytes, digest }) => ({ path, bytes, digest }))));
