/** A JSON Schema of one row as a contract: each property is a column. */
import type { DocumentPath } from "../../../text/document/document.ts";
import { TEXT_FORMATS } from "../text-formats.ts";
import { takeBound, takeExclusive, takeStep } from "./bounds.ts";
import {
  applyKeywords,
  type ColumnDraft,
  checked,
  DOCUMENTATION,
  type KeywordTable,
  keywords,
  renamed,
  skipped,
  type TakeKeyword,
} from "./keyword.ts";
import { asList, asMapping, asText, isMapping, type Mapping, type TranslatedContract } from "./translated-contract.ts";

const SEVERAL = "conditions on several columns or forms of a row are not checked";

const takeEnum: TakeKeyword = (value, draft) => {
  const values = asList(value).filter((each) => each !== null);
  if (asList(value).includes(null)) draft["nullable"] = true;
  if (values.length === 0) return "no value is allowed";
  if (values.some((each) => typeof each === "object")) return "values that are lists or objects cannot stand in a cell";
  draft["enum"] = values;
  return undefined;
};

const takeFormat: TakeKeyword = (value, draft) => {
  const format = asText(value);
  if (draft["type"] !== "string" || format === undefined) return "only texts have a format";
  if (format === "date") draft["type"] = "date";
  else if (format === "date-time") Object.assign(draft, { type: "timestamp", offset: "required" });
  else if (TEXT_FORMATS.includes(format)) draft["format"] = format;
  else return "this format is not checked";
  return undefined;
};

/** Of a property. The type comes first, and a format may change it. */
export const PROPERTY_KEYWORDS: KeywordTable = {
  type: checked("`type`, `nullable`", (value, draft) => takeType([value].flat(), draft)),
  format: checked("`type`, `offset`, `format`", takeFormat),
  enum: checked("`enum`", takeEnum),
  const: checked("`enum`", (value, draft, all) => takeEnum([value], draft, all)),
  minimum: checked("`min`", takeBound("min")),
  maximum: checked("`max`", takeBound("max")),
  exclusiveMinimum: checked("`above`", takeExclusive("above", "min")),
  exclusiveMaximum: checked("`below`", takeExclusive("below", "max")),
  multipleOf: checked("`max-decimals`", takeStep),
  minLength: renamed("min-length"),
  maxLength: renamed("max-length"),
  pattern: renamed("pattern-anywhere"),
  ...keywords(
    ["title", "description", "default", "examples", "$comment", "deprecated", "readOnly", "writeOnly"],
    DOCUMENTATION,
  ),
  ...keywords(["$ref", "allOf", "anyOf", "oneOf", "not", "if", "then", "else"], skipped(SEVERAL)),
  ...keywords(
    ["items", "prefixItems", "contains", "minItems", "maxItems", "uniqueItems"],
    skipped("a cell is no list"),
  ),
  ...keywords(["properties", "required", "additionalProperties"], skipped("a cell is no object")),
};

/** Of the schema itself. */
export const SCHEMA_KEYWORDS: KeywordTable = {
  additionalProperties: checked("`unexpected-columns`", (value, draft) => {
    draft["unexpected-columns"] = value === false ? "fail" : "allow";
    return typeof value === "boolean" ? undefined : "what further columns contain is not checked";
  }),
  ...keywords(
    ["$schema", "$id", "$comment", "title", "description", "examples", "type", "$defs", "definitions"],
    DOCUMENTATION,
  ),
  ...keywords(
    ["properties", "required"],
    checked("`columns`", () => undefined),
  ),
  ...keywords(
    ["allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentRequired", "dependentSchemas", "dependencies"],
    skipped(SEVERAL),
  ),
  ...keywords(
    ["patternProperties", "propertyNames", "minProperties", "maxProperties", "unevaluatedProperties"],
    skipped("columns are listed one by one"),
  ),
};

/** `null` beside one type makes a column nullable; of several other types no cell can say which it has. */
function takeType(types: readonly unknown[], draft: ColumnDraft): string | undefined {
  const [type, ...others] = types.filter((each) => each !== "null");
  if (types.includes("null")) draft["nullable"] = true;
  const simple = type === "integer" || type === "number" || type === "string" || type === "boolean";
  if (!simple || others.length > 0) return "only one of integer, number, string and boolean can be told in a cell";
  draft["type"] = type;
  // 1.0 is an integer in JSON.
  if (type === "integer") draft["decimal-integers"] = true;
  return undefined;
}

export function translateJsonSchema(schema: Mapping): TranslatedContract {
  const required = asList(schema["required"]);
  const contract: ColumnDraft = { version: 1, "unexpected-columns": "allow" };
  const ofSchema = applyKeywords(SCHEMA_KEYWORDS, schema, contract, { column: null });
  const properties = Object.entries(asMapping(schema["properties"]));
  const columns = properties.map(([name, property]) => {
    const { path, resolved } = resolve(schema, property, ["properties", name]);
    const isRequired = required.includes(name);
    // A property that may be absent is an empty cell.
    const draft: ColumnDraft = { name, type: "string", required: isRequired, nullable: !isRequired };
    const skips = applyKeywords(PROPERTY_KEYWORDS, resolved, draft, { column: name });
    return { draft, skips, path };
  });
  return {
    language: "json-schema",
    version: asText(schema["$schema"]),
    contract: { ...contract, columns: columns.map(({ draft }) => draft) },
    toOriginal: ([first, at]) => (first === "columns" && typeof at === "number" ? (columns[at]?.path ?? []) : []),
    skipped: [...ofSchema, ...columns.flatMap(({ skips }) => skips)],
  };
}

/** Follows `$ref` within the schema, as far as nothing stands beside it. */
function resolve(
  schema: Mapping,
  property: unknown,
  path: DocumentPath,
  depth = 0,
): { readonly path: DocumentPath; readonly resolved: Mapping } {
  const resolved = asMapping(property);
  const reference = asText(resolved["$ref"]);
  const steps = /^#\/((?:\$defs|definitions)\/[^/%~]+)$/.exec(reference ?? "")?.[1]?.split("/");
  if (steps === undefined || Object.keys(resolved).length > 1 || depth > MAX_REFERENCES) return { path, resolved };
  const [group = "", name = ""] = steps;
  const target = asMapping(schema[group])[name];
  return isMapping(target) ? resolve(schema, target, steps, depth + 1) : { path, resolved };
}

/** More is a circle. */
const MAX_REFERENCES = 10;
