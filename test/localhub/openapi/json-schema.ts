/**
 * Turns OpenAPI 3.0 schemas into JSON Schema for Ajv: `nullable` becomes a union with null, references to components
 * become references into one registered schema, and formats that only describe bytes in transit are removed.
 */
import type { Schema } from "./description-types.ts";

/** The `$id` under which `validators.ts` registers all components. */
const COMPONENTS_ID = "github";

const NAME_MAPS = new Set(["properties", "patternProperties"]);
const DATA = new Set(["enum", "default", "const", "required"]);

export function jsonSchemaOf(schema: Schema): Schema {
  const converted: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(schema)) {
    if (key === "nullable" || key === "deprecated" || key === "readOnly") continue;
    if (key === "format" && value === "binary") continue;
    if (key === "$ref") converted[key] = String(value).replace("#/components/schemas/", `${COMPONENTS_ID}#/schemas/`);
    else if (DATA.has(key)) converted[key] = value;
    else if (NAME_MAPS.has(key)) converted[key] = convertedMap(value as Readonly<Record<string, Schema>>);
    else converted[key] = convertedValue(value);
  }
  return schema["nullable"] === true ? orNull(converted) : converted;
}

/** All of `components.schemas` as one schema for the references of others. */
export function componentsSchema(schemas: Readonly<Record<string, Schema>>): Schema {
  return { $id: COMPONENTS_ID, schemas: convertedMap(schemas) };
}

function convertedValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(convertedValue);
  return typeof value === "object" && value !== null ? jsonSchemaOf(value as Schema) : value;
}

function convertedMap(schemas: Readonly<Record<string, Schema>>): Record<string, Schema> {
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, jsonSchemaOf(schema)]));
}

function orNull(schema: Record<string, unknown>): Schema {
  if (typeof schema["type"] !== "string") return { anyOf: [{ type: "null" }, schema] };
  const values = schema["enum"];
  return {
    ...schema,
    type: [schema["type"], "null"],
    ...(Array.isArray(values) && !values.includes(null) && { enum: [...values, null] }),
  };
}
