/** Reads a request's parameters and body, and validates them against GitHub's description. */
import type { DescribedOperation } from "../../openapi/description.ts";
import { bodyViolations, parameterViolations } from "../../openapi/validators.ts";
import { invalidRequestMessage } from "../../openapi/violation-messages.ts";
import { notFound } from "../../world/api-error.ts";
import { RestApiError } from "../http/errors.ts";
import type { HttpRequest } from "../http/http-messages.ts";
import type { Match } from "../http/matcher.ts";

export type Query = Readonly<Record<string, string | undefined>>;
export type Body = Readonly<Record<string, unknown>>;

/** @throws ApiError 404 when an id in the path does not have the format of the description. */
export function checkPath({ operation, path }: Match): void {
  for (const { name, schema, ...parameter } of operation.parameters) {
    if (parameter.in !== "path" || !schema || path[name] === undefined) continue;
    if (parameterViolations(operation, name, schema, path[name]).length > 0) throw notFound();
  }
}

/** The query with the description's defaults filled in. @throws RestApiError 422 for values GitHub does not accept. */
export function parseQuery(operation: DescribedOperation, parameters: URLSearchParams): Query {
  const query: Record<string, string | undefined> = Object.fromEntries(parameters);
  for (const { name, schema, ...parameter } of operation.parameters) {
    if (parameter.in !== "query") continue;
    const value = parameters.get(name) ?? undefined;
    const defaultValue = schema?.["default"];
    if (value === undefined && defaultValue !== undefined) query[name] = String(defaultValue);
    if (value === undefined && parameter.required)
      throw new RestApiError(422, `Invalid request.\n\n"${name}" wasn't supplied.`);
    // Page numbers out of range are not an error: pagination clamps them.
    if (value === undefined || !schema || name === "page" || name === "per_page") continue;
    const violations = parameterViolations(operation, name, schema, value);
    if (violations.length > 0) {
      const message = invalidRequestMessage(violations).replace("\n\n", `\n\nFor 'properties/${name}', `);
      throw new RestApiError(422, message);
    }
  }
  return query;
}

/**
 * The JSON body. @throws RestApiError 400 for text that is not a JSON object, 422 for one that breaks the description.
 */
export function parseBody(operation: DescribedOperation, incoming: HttpRequest): Body {
  if (operation.requestBody?.content?.["application/json"] === undefined) return {};
  const text = incoming.bytes.toString("utf8");
  const body = text.trim() === "" ? {} : parsed(text);
  // An operation with an optional body accepts no body as an empty one.
  if (text.trim() !== "" || operation.requestBody.required) {
    const violations = bodyViolations(operation, body);
    if (violations.length > 0) throw new RestApiError(422, invalidRequestMessage(violations));
  }
  if (typeof body !== "object" || body === null) return {};
  return body as Body;
}

function parsed(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new RestApiError(400, "Problems parsing JSON");
  }
  // GitHub docs, "Client errors": a JSON value of the wrong type.
  if (typeof value !== "object" || value === null) throw new RestApiError(400, "Body should be a JSON object");
  return value;
}
