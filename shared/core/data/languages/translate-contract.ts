/** Which language a contract is written in. */

import { userError } from "../../../problem/problem.ts";
import type { Document } from "../../../text/document/document.ts";
import { translateJsonSchema } from "./json-schema.ts";
import { translateOdcs } from "./odcs.ts";
import { translateTableSchema } from "./table-schema.ts";
import { asList, asText, isMapping, type Mapping, type TranslatedContract } from "./translated-contract.ts";

/**
 * Undefined for a contract in this suite's own form.
 *
 * @throws ActionError `contract-several-tables`, `contract-language-version`
 */
export function translateContract(document: Document): TranslatedContract | undefined {
  const { value } = document;
  if (!isMapping(value)) return undefined;
  if (value["kind"] === "DataContract") {
    requireOne(document, "schema", value["schema"]);
    requireVersion3(document, value);
    return translateOdcs(value);
  }
  if (isJsonSchema(value)) return translateJsonSchema(value);
  if (Array.isArray(value["resources"])) {
    requireOne(document, "resources", value["resources"]);
    return translateTableSchema(value);
  }
  return Array.isArray(value["fields"]) ? translateTableSchema(value) : undefined;
}

const isJsonSchema = (value: Mapping): boolean =>
  isMapping(value["properties"]) ||
  (asText(value["$schema"])?.includes("json-schema.org") === true &&
    value["fields"] === undefined &&
    value["columns"] === undefined);

/** Which table the files have would be a guess. */
function requireOne(document: Document, key: string, tables: unknown): void {
  const count = asList(tables).length;
  if (count < 2) return;
  throw userError({
    code: "contract-several-tables",
    message: `${key} has ${count} tables, and nothing says which of them the files have`,
    place: document.placeOf([key]),
    fix: "Keep each table in a contract of its own",
  });
}

function requireVersion3(document: Document, value: Mapping): void {
  if (asText(value["apiVersion"])?.startsWith("v3.") === true) return;
  throw userError({
    code: "contract-language-version",
    message: "only version 3 of the Open Data Contract Standard is read",
    place: document.placeOf(["apiVersion"]),
    fix: "Write apiVersion: v3.0.2 or newer, with what that version asks",
  });
}
