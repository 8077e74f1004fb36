/** Checks requests and replies against GitHub's description. Validators are compiled on first use, one a body. */
import type { ErrorObject, ValidateFunction } from "ajv";
import { Ajv } from "ajv";
import formatsPlugin from "ajv-formats";
import { type DescribedOperation, description } from "./description.ts";
import type { Schema } from "./description-types.ts";
import { componentsSchema, jsonSchemaOf } from "./json-schema.ts";

export type Violation = ErrorObject;

/** `owner/name`, GitHub's own format. */
const REPOSITORY_NAME = /^[\w.-]+\/[\w.-]+$/;

const addFormats = formatsPlugin as unknown as typeof formatsPlugin.default;

function createAjv(): Ajv {
  // `verbose` keeps the offending value and schema with each error: GitHub's wording quotes them.
  const ajv = new Ajv({ strict: false, allErrors: true, verbose: true });
  addFormats(ajv);
  ajv.addFormat("repo.nwo", REPOSITORY_NAME);
  ajv.addFormat("timestamp", true);
  // In the description a pattern language for links (RFC 6570), which ajv-formats takes too strictly for `{/sha}`.
  ajv.addFormat("uri-template", true);
  ajv.addSchema(componentsSchema(description.components.schemas));
  return ajv;
}

let shared: Ajv | undefined;
const compiled = new Map<string, ValidateFunction>();

function validatorFor(key: string, schema: Schema): ValidateFunction {
  const known = compiled.get(key);
  if (known) return known;
  shared ??= createAjv();
  const validate = shared.compile(jsonSchemaOf(schema));
  compiled.set(key, validate);
  return validate;
}

function violations(key: string, schema: Schema, value: unknown): readonly Violation[] {
  const validate = validatorFor(key, schema);
  return validate(value) ? [] : (validate.errors ?? []);
}

/** What is wrong with a JSON request body; nothing when it fits. */
export function bodyViolations(operation: DescribedOperation, body: unknown): readonly Violation[] {
  const schema = operation.requestBody?.content?.["application/json"]?.schema;
  return schema ? violations(`${operation.id} body`, schema, body) : [];
}

/** What is wrong with the text of a path or query parameter, read as the type the description gives it. */
export function parameterViolations(
  operation: DescribedOperation,
  name: string,
  schema: Schema,
  text: string,
): readonly Violation[] {
  return violations(`${operation.id} parameter ${name}`, schema, coerced(schema, text));
}

/** The schema a JSON reply of that status must fit; `undefined` where the description says nothing of a body. */
export function replySchema(operation: DescribedOperation, status: number): Schema | undefined {
  const content = operation.responses[String(status)]?.content;
  return (content?.["application/json"] ?? Object.values(content ?? {})[0])?.schema;
}

export function replyViolations(operation: DescribedOperation, status: number, body: unknown): readonly Violation[] {
  const schema = replySchema(operation, status);
  return schema ? violations(`${operation.id} ${status}`, schema, body) : [];
}

function coerced(schema: Schema, text: string): unknown {
  if ((schema["type"] === "integer" || schema["type"] === "number") && /^-?\d+$/.test(text)) return Number(text);
  if (schema["type"] === "boolean" && (text === "true" || text === "false")) return text === "true";
  return text;
}
