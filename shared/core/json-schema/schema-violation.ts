/** What a value lacks, in a sentence, with the rule's place in the schema. */
import type { ErrorObject } from "ajv";
import type { Place } from "../../problem/problem.ts";
import { type Document, type DocumentPath, quoteText } from "../../text/document/document.ts";
import { resolvePointer, resolveReference } from "./resolve-reference.ts";
import type { SchemaObject } from "./visit-schemas.ts";

export interface SchemaViolation {
  /** From the value's root; empty for the value itself. */
  readonly path: DocumentPath;
  /** What follows the path in a sentence: `must be …`. Does not quote the value. */
  readonly message: string;
  /** Of the rule in the schema. */
  readonly rule: Place;
}

/** These come after what is wrong inside them, and add nothing. */
const WRAPPERS: readonly string[] = ["if", "propertyNames"];
const MAX_CHOICES = 10;

/** @param value that was checked */
export function toViolations(
  errors: readonly ErrorObject[],
  value: unknown,
  document: Document,
  root: SchemaObject,
): readonly SchemaViolation[] {
  return errors
    .filter(({ keyword }) => !WRAPPERS.includes(keyword))
    .map((error) => {
      const { path, message } = describeViolation(error, value);
      return { path, message, rule: document.placeOf(resolveReference(root, error.schemaPath).path) };
    });
}

interface Described {
  readonly path: DocumentPath;
  readonly message: string;
}

export function describeViolation(error: ErrorObject, value: unknown): Described {
  const { path: at } = resolvePointer(value, error.instancePath);
  const { path, message } = describe(error, at);
  const { propertyName } = error;
  return propertyName === undefined
    ? { path, message }
    : { path: [...at, propertyName], message: `has a name that ${message}` };
}

/** `ajv` gives each keyword parameters of its own. */
function describe(
  { keyword, params, message = "does not satisfy the schema" }: ErrorObject,
  at: DocumentPath,
): Described {
  switch (keyword) {
    case "required":
    case "dependentRequired":
    case "dependencies":
      return { path: [...at, params["missingProperty"]], message: "is missing" };
    case "additionalProperties":
    case "unevaluatedProperties":
      return {
        path: [...at, params["additionalProperty"] ?? params["unevaluatedProperty"]],
        message: "is not one of the schema",
      };
    case "type":
      return { path: at, message: `must be ${[params["type"]].flat().join(" or ")}` };
    case "enum":
      return { path: at, message: `must be ${formatAllowed(params["allowedValues"])}` };
    case "const":
      return { path: at, message: `must be ${formatJson(params["allowedValue"])}` };
    case "pattern":
      return { path: at, message: `must match ${quoteText(params["pattern"])}` };
    case "format":
      return { path: at, message: `must be in the format ${quoteText(params["format"])}` };
    case "anyOf":
      return { path: at, message: "must satisfy one of the alternatives" };
    case "oneOf":
      return { path: at, message: `must satisfy exactly one of the alternatives, not ${countOf(params)}` };
    case "false schema":
    case "not":
      return { path: at, message: "is what the schema does not allow" };
    default:
      return { path: at, message: plain(message) };
  }
}

const plain = (message: string): string => message.replace("must NOT", "must not");

const countOf = ({ passingSchemas }: Readonly<Record<string, unknown>>): string =>
  Array.isArray(passingSchemas) ? "several" : "none";

function formatAllowed(values: readonly unknown[]): string {
  const shown = values.slice(0, MAX_CHOICES).map(formatJson);
  const last = values.length > MAX_CHOICES ? `one of ${values.length - MAX_CHOICES} others` : shown.pop();
  return shown.length === 0 ? `${last}` : `${shown.join(", ")} or ${last}`;
}

function formatJson(value: unknown): string {
  if (typeof value === "string") return quoteText(value);
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
