/** What a value lacks, in a sentence, with the rule's place in the schema. */
import type { ErrorObject } from "ajv";
import type { Place } from "../../problem/problem.ts";
import {
  type Document,
  type DocumentPath,
  formatChoices,
  formatPath,
  quoteText,
} from "../../text/document/document.ts";

export interface SchemaViolation {
  /** From the value's root, for example `owner`; empty for the value itself. */
  readonly path: string;
  /** What follows the path in a sentence: `must be …`. Does not quote the value. */
  readonly message: string;
  /** Of the rule in the schema. */
  readonly rule: Place;
}

export function toViolation(error: ErrorObject, document: Document): SchemaViolation {
  const at = parsePointer(error.instancePath);
  const { path, message } = describe(error, at);
  return { path: formatPath(path), message, rule: document.placeOf(parsePointer(error.schemaPath.replace(/^#/, ""))) };
}

/** `ajv` gives each keyword parameters of its own. */
function describe(
  { keyword, params, message = "does not satisfy the schema" }: ErrorObject,
  at: DocumentPath,
): { readonly path: DocumentPath; readonly message: string } {
  const { missingProperty, additionalProperty, unevaluatedProperty, allowedValues, allowedValue } = params;
  const { pattern, format } = params;
  switch (keyword) {
    case "required":
    case "dependentRequired":
      return { path: [...at, missingProperty], message: "is missing" };
    case "additionalProperties":
    case "unevaluatedProperties":
      return { path: [...at, additionalProperty ?? unevaluatedProperty], message: "is not one of the schema" };
    case "enum":
      return { path: at, message: `must be ${formatChoices(allowedValues)}` };
    case "const":
      return { path: at, message: `must be ${quoteText(String(allowedValue))}` };
    case "pattern":
      return { path: at, message: `must match ${quoteText(pattern)}` };
    case "format":
      return { path: at, message: `must be in the format ${quoteText(format)}` };
    default:
      return { path: at, message };
  }
}

/** A JSON Pointer (RFC 6901); keys in `ajv`'s own pointers are also URI-encoded. */
function parsePointer(pointer: string): DocumentPath {
  return pointer
    .split("/")
    .slice(1)
    .map((part) => decodePart(part).replaceAll("~1", "/").replaceAll("~0", "~"))
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
