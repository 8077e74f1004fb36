/** Checks requests and replies against GitHub's description. Validators are compiled on first use, one per body. */
import type { ValidateFunction } from "ajv";
import { Ajv } from "ajv";
import formatsPlugin from "ajv-formats";
import { type DescribedOperation, description } from "./description.ts";
import type { Schema } from "./description-types.ts";
import { isKnownDeviation } from "./deviations.ts";
import { componentsSchema, jsonSchemaOf } from "./json-schema.ts";
import type { Violation } from "./violation.ts";

/** `owner/name`, GitHub's own format. */
const REPOSITORY_NAME = /^[\w.-]+\/[\w.-]+$/;

const addFormats = formatsPlugin as unknown as typeof formatsPlugin.default;

function createAjv(): Ajv {
  // `verbose` adds the invalid value and its schema to each error: GitHub's messages quote them.
  // The other options make compiling four times as fast, which matters: most validators run only a few times.
  const ajv = new Ajv({
    strict: false,
    allErrors: true,
    verbose: true,
    inlineRefs: false,
    validateSchema: false,
    code: { optimize: false },
  });
  addFormats(ajv);
  ajv.addFormat("repo.nwo", REPOSITORY_NAME);
  ajv.addFormat("timestamp", true);
  // In the description a template for links (RFC 6570), which ajv-formats checks too strictly: it rejects `{/sha}`.
  ajv.addFormat("uri-template", true);
  // The description requires it for commits, where GitHub sends whatever they contain: `a@b`, `root@(none)`, nothing.
  ajv.addFormat("email", true);
  ajv.addSchema(componentsSchema(description.components.schemas));
  return ajv;
}

let shared: Ajv | undefined;
const compiled = new Map<string, ValidateFunction>();

function validatorFor(key: string, schema: Schema): ValidateFunction {
  const cached = compiled.get(key);
  if (cached) return cached;
  shared ??= createAjv();
  const validate = shared.compile(jsonSchemaOf(schema));
  compiled.set(key, validate);
  return validate;
}

function violations(key: string, schema: Schema, value: unknown): readonly Violation[] {
  const validate = validatorFor(key, schema);
  return validate(value) ? [] : (validate.errors ?? []);
}

/** What is wrong with a JSON request body; empty when it fits. */
export function bodyViolations(operation: DescribedOperation, body: unknown): readonly Violation[] {
  const schema = operation.requestBody?.content?.["application/json"]?.schema;
  const found = schema ? violations(`${operation.id} body`, schema, body) : [];
  return found.filter((violation) => !isKnownDeviation("request", operation.id, violation));
}

/** What is wrong with a path or query parameter, parsed as its type in the description. */
export function parameterViolations(
  operation: DescribedOperation,
  name: string,
  schema: Schema,
  text: string,
): readonly Violation[] {
  return violations(`${operation.id} parameter ${name}`, schema, coerced(schema, text)).filter(
    (violation) => !isKnownDeviation("request", operation.id, { ...violation, instancePath: `?${name}` }),
  );
}

/** The schemas for a JSON reply of that status, one per media type; empty when the description has no body. */
export function replySchemas(operation: DescribedOperation, status: number): readonly Schema[] {
  const content = operation.responses[String(status)]?.content ?? {};
  const { "application/json": usual, ...others } = content;
  return [usual, ...Object.values(others)].flatMap((media) => (media?.schema ? [media.schema] : []));
}

/** What is wrong with a JSON reply; empty when it fits the schema of any media type. */
export function replyViolations(operation: DescribedOperation, status: number, body: unknown): readonly Violation[] {
  const found = replySchemas(operation, status).map((schema, index) =>
    violations(`${operation.id} ${status} ${index}`, schema, body).filter(
      (violation) => !isKnownDeviation("reply", operation.id, violation),
    ),
  );
  return found.some((each) => each.length === 0) ? [] : (found[0] ?? []);
}

function coerced(schema: Schema, text: string): unknown {
  if ((schema["type"] === "integer" || schema["type"] === "number") && /^-?\d+$/.test(text)) return Number(text);
  if (schema["type"] === "boolean" && (text === "true" || text === "false")) return text === "true";
  return text;
}
