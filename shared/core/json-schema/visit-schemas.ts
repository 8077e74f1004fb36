/** The schemas inside a JSON Schema, as the keywords of the standard nest them. Constants and examples are none. */
import type { DocumentPath } from "../../text/document/document.ts";

export type SchemaObject = Readonly<Record<string, unknown>>;

export interface Subschema {
  readonly path: DocumentPath;
  readonly schema: SchemaObject;
}

interface ChildSchema extends Subschema {
  /** Which it is the value of, or in the value of. */
  readonly keyword: string;
}

/** Keywords that contain schemas, by what their value is; `items` and `dependencies` differ between drafts. */
const ONE = "additionalItems additionalProperties contains contentSchema else if items not propertyNames then";
const UNEVALUATED = "unevaluatedItems unevaluatedProperties";
const IN_LIST = "allOf anyOf items oneOf prefixItems";
const BY_NAME = "$defs definitions dependencies dependentSchemas patternProperties properties";

const isOneOf = (words: string) => {
  const known = new Set(words.split(" "));
  return (keyword: string): boolean => known.has(keyword);
};
const isOne = isOneOf(`${ONE} ${UNEVALUATED}`);
const isList = isOneOf(IN_LIST);
const isByName = isOneOf(BY_NAME);

export const hasSchemas = (keyword: string): boolean => isOne(keyword) || isList(keyword) || isByName(keyword);

export const isObject = (value: unknown): value is SchemaObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The schemas directly in this one. `true` and `false`, which are schemas as well, have nothing in them and are left out. */
export function* childrenOf({ schema, path }: Subschema): Generator<ChildSchema> {
  for (const [keyword, value] of Object.entries(schema)) {
    const at = [...path, keyword];
    if (isOne(keyword) && isObject(value)) yield { keyword, path: at, schema: value };
    const inner: readonly (readonly [string | number, unknown])[] =
      isList(keyword) && Array.isArray(value)
        ? [...value.entries()]
        : isByName(keyword) && isObject(value)
          ? Object.entries(value)
          : [];
    for (const [name, child] of inner) if (isObject(child)) yield { keyword, path: [...at, name], schema: child };
  }
}

/** The schema itself and all in it, outer ones first. */
export function* visitSchemas(at: Subschema): Generator<Subschema> {
  yield at;
  for (const child of childrenOf(at)) yield* visitSchemas(child);
}

/** How many keys, and schemas in lists, there are: what it costs to compile. Texts and numbers of a list are no parts. */
export function countParts(value: unknown): number {
  if (typeof value !== "object" || value === null) return typeof value === "boolean" ? 1 : 0;
  const inner = Object.values(value);
  return inner.reduce<number>((sum, each) => sum + countParts(each), Array.isArray(value) ? 1 : inner.length);
}
