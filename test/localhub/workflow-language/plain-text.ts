import type { Json } from "./values.ts";

/**
 * The text of a YAML scalar where a file expects text: GitHub reads `1.10` as `1.1`, `true` as `true`, nothing as the
 * empty text. Once GitHub's parser has accepted a file, it has no list or mapping where text is expected.
 */
export function plainText(value: Json | undefined): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "object") throw new Error(`Expected a plain value, found ${JSON.stringify(value)}`);
  return String(value);
}
