/** A JSON value: what contexts, inputs and outputs are made of. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * A value as written in a workflow or action file: JSON in which any string may contain `${{ expressions }}`.
 * A string that is one whole expression may evaluate to any value, not only to a string.
 */
export type Template = Json;

/** A mapping, not a list and not `null`. */
export function isMapping(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/**
 * A mapping of mappings with each of them changed. An entry that is not a mapping (`secret:` with nothing after it)
 * counts as an empty one.
 */
export function mapMappings<T>(
  value: Json | undefined,
  change: (entry: { readonly [key: string]: Json }) => T,
): Readonly<Record<string, T>> {
  if (!isMapping(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, change(isMapping(entry) ? entry : {})]));
}
