/** A Table Schema of Frictionless, version 1 or 2, alone or as the only resource of a data package. */
import type { DocumentPath } from "../../../text/document/document.ts";
import { takeBound } from "./bounds.ts";
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
import { asList, asMapping, asText, type Mapping, type TranslatedContract } from "./translated-contract.ts";

const TYPES: Readonly<Record<string, string>> = {
  string: "string",
  any: "string",
  number: "number",
  integer: "integer",
  year: "integer",
  boolean: "boolean",
  date: "date",
  datetime: "timestamp",
};

const takeType: TakeKeyword = (value, draft) => {
  const type = TYPES[asText(value) ?? ""];
  draft["type"] = type ?? "string";
  return type === undefined ? "values of this type are taken as text" : undefined;
};

/** Text formats, and those of `strptime` for dates and timestamps. */
const takeFormat: TakeKeyword = (value, draft) => {
  const format = asText(value) ?? "";
  if (format === "default") return undefined;
  if (draft["type"] === "date" || draft["type"] === "timestamp") {
    if (!format.startsWith("%")) return "a date is not guessed";
    draft["format"] = format;
    return undefined;
  }
  if (draft["type"] !== "string" || !["email", "uri", "uuid"].includes(format)) return "this format is not checked";
  draft["format"] = format;
  return undefined;
};

const take =
  (key: string, value: (given: unknown) => unknown = (given) => given): TakeKeyword =>
  (given, draft) => {
    draft[key] = value(given);
    return undefined;
  };

export const CONSTRAINT_KEYWORDS: KeywordTable = {
  required: checked(
    "`nullable`",
    take("nullable", (value) => value !== true),
  ),
  unique: renamed("unique"),
  minimum: checked("`min`", takeBound("min")),
  maximum: checked("`max`", takeBound("max")),
  exclusiveMinimum: checked("`above`", takeBound("above")),
  exclusiveMaximum: checked("`below`", takeBound("below")),
  minLength: renamed("min-length"),
  maxLength: renamed("max-length"),
  pattern: renamed("pattern"),
  enum: renamed("enum"),
  jsonSchema: skipped("a cell is no object"),
};

export const FIELD_KEYWORDS: KeywordTable = {
  type: checked("`type`", takeType),
  format: checked("`format`", takeFormat),
  missingValues: checked("`null-values`", take("null-values", missingValuesOf)),
  trueValues: renamed("true-values"),
  falseValues: renamed("false-values"),
  decimalChar: renamed("decimal"),
  groupChar: renamed("thousands"),
  bareNumber: checked("", (value) => (value === true ? undefined : "units around numbers are not read")),
  ...keywords(
    ["name", "constraints"],
    checked("", () => undefined),
  ),
  ...keywords(["title", "description", "example", "rdfType"], DOCUMENTATION),
  ...keywords(["categories", "categoriesOrdered", "itemType", "delimiter"], skipped("it is not checked")),
};

export const SCHEMA_KEYWORDS: KeywordTable = {
  missingValues: checked("`csv.null-values`", () => undefined),
  primaryKey: checked("`unique`, `nullable`", () => undefined),
  uniqueKeys: checked("`unique`", () => undefined),
  fields: checked("`columns`", () => undefined),
  fieldsMatch: checked("`unexpected-columns`, `required`", (value, draft) => {
    const match = asText([value].flat()[0]);
    draft["unexpected-columns"] = match === "subset" || match === "partial" ? "allow" : "fail";
    return undefined;
  }),
  foreignKeys: skipped("keys of other files are not compared"),
  ...keywords(["$schema", "name", "title", "description", "resources"], DOCUMENTATION),
};

/** Of a resource's `dialect`. */
export const DIALECT_KEYWORDS: KeywordTable = {
  delimiter: renamed("delimiter"),
  quoteChar: renamed("quote"),
  header: renamed("header"),
  commentChar: renamed("comment"),
  escapeChar: checked("`csv.escape`", (value, draft) => {
    if (value !== "\\") return "only a backslash can escape";
    draft["escape"] = "backslash";
    return undefined;
  }),
  nullSequence: checked(
    "`csv.null-values`",
    take("null-values", (value) => [value]),
  ),
  skipInitialSpace: checked("`csv.trim`", take("trim")),
  ...keywords(["doubleQuote", "lineTerminator", "csvddfVersion", "type"], DOCUMENTATION),
};

/** Since version 2 a missing value may have a label. */
function missingValuesOf(value: unknown): readonly unknown[] {
  return asList(value).map((each) => (typeof each === "string" ? each : asMapping(each)["value"]));
}

/** Names of columns: one, or a list. */
const namesOf = (value: unknown): readonly unknown[] => [value].flat();

export function translateTableSchema(document: Mapping): TranslatedContract {
  const inPackage = document["fields"] === undefined;
  const resource = inPackage ? asMapping(asList(document["resources"])[0]) : {};
  const schema = inPackage ? asMapping(resource["schema"]) : document;
  const prefix: DocumentPath = inPackage ? ["resources", 0, "schema"] : [];
  const contract: ColumnDraft = { version: 1 };
  const csv: ColumnDraft = { "null-values": missingValuesOf(schema["missingValues"] ?? [""]), "quoted-null": true };
  const ofDialect = applyKeywords(DIALECT_KEYWORDS, asMapping(resource["dialect"]), csv, {
    column: null,
    at: "dialect.",
  });
  const ofSchema = applyKeywords(SCHEMA_KEYWORDS, schema, contract, { column: null });
  const primary = schema["primaryKey"] === undefined ? [] : namesOf(schema["primaryKey"]);
  const keys = [primary, ...asList(schema["uniqueKeys"]).map(namesOf)].filter(({ length }) => length > 0);
  const single = new Set(keys.flatMap((names) => (names.length === 1 ? names : [])));
  const match = asText(namesOf(schema["fieldsMatch"])[0]);
  const fields = asList(schema["fields"]).map((field) => {
    const part = asMapping(field);
    const column = asText(part["name"]) ?? "";
    const draft: ColumnDraft = { name: part["name"], type: "string", nullable: true };
    draft["required"] = match !== "superset" && match !== "partial";
    const skips = [
      ...applyKeywords(FIELD_KEYWORDS, part, draft, { column }),
      ...applyKeywords(CONSTRAINT_KEYWORDS, asMapping(part["constraints"]), draft, { column, at: "constraints." }),
    ];
    if (primary.includes(column)) draft["nullable"] = false;
    if (single.has(column)) draft["unique"] = true;
    return { draft, skips };
  });
  return {
    language: "table-schema",
    version: asText(schema["$schema"]) ?? asText(document["$schema"]),
    contract: {
      ...contract,
      csv,
      unique: keys.filter(({ length }) => length > 1),
      columns: fields.map(({ draft }) => draft),
    },
    toOriginal: ([first, at]) => (first === "columns" && typeof at === "number" ? [...prefix, "fields", at] : prefix),
    skipped: [...ofDialect, ...ofSchema, ...fields.flatMap(({ skips }) => skips)],
  };
}
