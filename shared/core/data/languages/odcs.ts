/** A contract of the Open Data Contract Standard, version 3: its only table, of which each property is a column. */
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
import { takeQuality } from "./odcs-quality.ts";
import {
  asList,
  asMapping,
  asText,
  type Mapping,
  type SkippedCheck,
  type TranslatedContract,
} from "./translated-contract.ts";

const LOGICAL_TYPES: Readonly<Record<string, string>> = {
  string: "string",
  integer: "integer",
  number: "number",
  boolean: "boolean",
  date: "date",
  timestamp: "timestamp",
};

/** Names of types in databases, where there is no logical one. */
const PHYSICAL_TYPES: readonly (readonly [RegExp, string])[] = [
  [/^(?:tiny|small|big|medium)?int(?:eger)?\d*\b|^(?:big|small)?serial\b|^long\b/i, "integer"],
  [/^(?:decimal|numeric|number|float\d*|double|real|money)\b/i, "number"],
  [/^bool(?:ean)?\b/i, "boolean"],
  [/^(?:timestamp|datetime)/i, "timestamp"],
  [/^date\b/i, "date"],
  [/^(?:var)?char|^(?:n|long|medium|tiny)?text|^string\b|^clob\b|^uuid\b/i, "string"],
];

const takeLogicalType: TakeKeyword = (value, draft) => {
  const type = LOGICAL_TYPES[asText(value) ?? ""];
  draft["type"] = type ?? "string";
  return type === undefined ? "values of this type are taken as text" : undefined;
};

const takePhysicalType: TakeKeyword = (value, draft, { logicalType }) => {
  if (logicalType !== undefined) return undefined;
  const type = PHYSICAL_TYPES.find(([name]) => name.test(asText(value) ?? ""))?.[1];
  draft["type"] = type ?? "string";
  return type === undefined ? "values of this type are taken as text" : undefined;
};

/** Java's letters of dates; for texts the names of JSON Schema. */
const takeFormat: TakeKeyword = (value, draft) => {
  const format = asText(value) ?? "";
  if (draft["type"] === "date" || draft["type"] === "timestamp") return takeDateFormat(format, draft);
  if (draft["type"] === "string" && TEXT_FORMATS.includes(format)) {
    draft["format"] = format;
    return undefined;
  }
  return "this format is not checked";
};

const LETTERS: Readonly<Record<string, string>> = {
  yyyy: "%Y",
  yy: "%y",
  MM: "%m",
  M: "%-m",
  dd: "%d",
  d: "%-d",
  HH: "%H",
  mm: "%M",
  ss: "%S",
};

function takeDateFormat(format: string, draft: ColumnDraft): string | undefined {
  if (/^(?:yyyy-MM-dd|yyyy-MM-dd(?:'T'| )HH:mm:ss)$/.test(format)) return undefined;
  const directives = format.match(/'[^']*'|([A-Za-z])\1*|[^A-Za-z']+/g) ?? [];
  const translated = directives.map((part) => (/^[A-Za-z]/.test(part) ? LETTERS[part] : part.replaceAll("'", "")));
  if (translated.includes(undefined) || directives.join("") !== format) return "this form of dates is not known";
  draft["format"] = translated.join("");
  return undefined;
}

/** Of a property's `logicalTypeOptions`. Bounds come before what makes them exclusive. */
export const OPTION_KEYWORDS: KeywordTable = {
  format: checked("`format`", takeFormat),
  minimum: checked("`min`", takeBound("min")),
  maximum: checked("`max`", takeBound("max")),
  exclusiveMinimum: checked("`above`", takeExclusive("above", "min")),
  exclusiveMaximum: checked("`below`", takeExclusive("below", "max")),
  multipleOf: checked("`max-decimals`", takeStep),
  minLength: renamed("min-length"),
  maxLength: renamed("max-length"),
  pattern: renamed("pattern-anywhere"),
  timezone: checked("`offset`", (value, draft) => {
    if (draft["type"] !== "timestamp") return "only timestamps have a zone";
    draft["offset"] = value === true ? "required" : "none";
    return undefined;
  }),
  ...keywords(["precision", "scale", "defaultTimezone"], skipped("it is not checked")),
  ...keywords(["minItems", "maxItems", "uniqueItems"], skipped("a cell is no list")),
  ...keywords(["minProperties", "maxProperties", "required"], skipped("a cell is no object")),
};

const PROSE = ["description", "businessName", "tags", "customProperties", "authoritativeDefinitions", "examples", "id"];

/** Of a property. `required` is about nulls: a column that is listed must be there. */
export const PROPERTY_KEYWORDS: KeywordTable = {
  logicalType: checked("`type`", takeLogicalType),
  physicalType: checked("`type`", takePhysicalType),
  required: checked("`nullable`", (value, draft) => {
    draft["nullable"] = value !== true;
    return undefined;
  }),
  unique: renamed("unique"),
  ...keywords(
    ["name", "physicalName", "logicalTypeOptions", "quality", "primaryKey"],
    checked("", () => undefined),
  ),
  ...keywords([...PROSE, "primaryKeyPosition", "partitioned", "partitionKeyPosition"], DOCUMENTATION),
  ...keywords(["classification", "encryptedName", "criticalDataElement", "dataGranularityDescription"], DOCUMENTATION),
  ...keywords(["transformSourceObjects", "transformLogic", "transformDescription"], DOCUMENTATION),
  relationships: skipped("keys of other tables are not compared"),
  ...keywords(["items", "properties"], skipped("a cell is neither a list nor an object")),
};

/** Of the table. */
export const TABLE_KEYWORDS: KeywordTable = {
  ...keywords(
    ["properties", "quality"],
    checked("", () => undefined),
  ),
  ...keywords([...PROSE, "name", "physicalName", "physicalType", "logicalType"], DOCUMENTATION),
  ...keywords(["dataGranularityDescription"], DOCUMENTATION),
  relationships: skipped("keys of other tables are not compared"),
};

export function translateOdcs(document: Mapping): TranslatedContract {
  const table = asMapping(asList(document["schema"])[0]);
  const contract: ColumnDraft = { version: 1, "unexpected-columns": "allow" };
  const ofTable = applyKeywords(TABLE_KEYWORDS, table, contract, { column: null });
  const properties = asList(table["properties"]).map(asMapping);
  const columns = properties.map(translateProperty);
  const primary = properties.flatMap((property, at) => (property["primaryKey"] === true ? [columns[at]?.draft] : []));
  const names = primary.map((draft) => draft?.["name"]);
  for (const draft of primary) {
    if (draft === undefined) continue;
    draft["nullable"] = false;
    if (primary.length === 1) draft["unique"] = true;
  }
  const unique: unknown[] = names.length > 1 ? [names] : [];
  const target = { contract, unique };
  const ofQuality = asList(table["quality"]).flatMap((rule) => takeQuality(asMapping(rule), target, undefined));
  const ofColumns = properties.flatMap((property, at) => {
    const draft = columns[at]?.draft;
    return asList(property["quality"]).flatMap((rule) => takeQuality(asMapping(rule), target, draft));
  });
  const sla = asList(document["slaProperties"]).length > 0 ? [SLA] : [];
  return {
    language: "odcs",
    version: asText(document["apiVersion"]),
    contract: { ...contract, unique, columns: columns.map(({ draft }) => draft) },
    toOriginal: ([first, at]) =>
      first === "columns" && typeof at === "number" ? ["schema", 0, "properties", at] : ["schema", 0],
    skipped: [...sla, ...ofTable, ...ofQuality, ...columns.flatMap(({ skips }) => skips), ...ofColumns],
  };
}

const SLA: SkippedCheck = { check: "slaProperties", column: null, reason: "service levels are not checked" };

function translateProperty(property: Mapping) {
  const name = asText(property["physicalName"]) ?? property["name"];
  const column = typeof name === "string" ? name : "";
  // Nulls are allowed unless a property says otherwise.
  const draft: ColumnDraft = { name, type: "string", nullable: true };
  const skips = [
    ...applyKeywords(PROPERTY_KEYWORDS, property, draft, { column }),
    ...applyKeywords(OPTION_KEYWORDS, asMapping(property["logicalTypeOptions"]), draft, {
      column,
      at: "logicalTypeOptions.",
    }),
  ];
  return { draft, skips };
}
