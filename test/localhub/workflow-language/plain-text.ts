import type { Json } from "./values.ts";

/**
 * The text of a YAML scalar where a file wants text: GitHub turns `1.10` into `1.1`, `true` into `true`, nothing into
 * the empty text. Lists and mappings never stand where text is wanted once GitHub's parser has accepted the file.
 */
export function plainText(value: Json | undefined): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "object") throw new Error(`Expected a plain value, found ${JSON.stringify(value)}`);
  return String(value);
}
