/** GitHub's description, read once, with its operations by id. */
import { readFileSync } from "node:fs";
import type {
  Components,
  DescribedBody,
  Description,
  Method,
  Operation,
  Parameter,
  Reference,
} from "./description-types.ts";
import { METHODS } from "./description-types.ts";

export interface DescribedOperation {
  readonly id: string;
  readonly method: Method;
  /** With `{placeholders}`, in GitHub's notation: `/repos/{owner}/{repo}/git/ref/{ref}`. */
  readonly path: string;
  readonly parameters: readonly Parameter[];
  readonly requestBody: Operation["requestBody"];
  /** By status. */
  readonly responses: Readonly<Record<string, DescribedBody>>;
  /** The `documentation_url` of this operation's errors. */
  readonly documentation: string;
  /** Whether it notifies people, and so counts towards GitHub's limits on creating content. */
  readonly notifies: boolean;
}

export const description: Description = JSON.parse(
  readFileSync(new URL("description.json", import.meta.url), "utf8"),
) as Description;

/** Every operation of the description, by GitHub's id. */
export const operations: ReadonlyMap<string, DescribedOperation> = new Map(
  Object.entries(description.paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item[method];
      return operation ? [[operation.operationId, described(path, method, operation)] as const] : [];
    }),
  ),
);

/** @throws Error when GitHub has no such operation or `operations.ts` does not list it. */
export function operationById(id: string): DescribedOperation {
  const operation = operations.get(id);
  if (!operation) throw new Error(`no operation "${id}" in openapi/description.json: add it to openapi/operations.ts`);
  return operation;
}

function described(path: string, method: Method, operation: Operation): DescribedOperation {
  return {
    id: operation.operationId,
    method,
    path,
    parameters: (operation.parameters ?? []).map((parameter) => followed("parameters", parameter)),
    requestBody: operation.requestBody,
    responses: Object.fromEntries(
      Object.entries(operation.responses).map(([status, response]) => [status, followed("responses", response)]),
    ),
    documentation: operation.externalDocs?.url ?? "https://docs.github.com/rest",
    notifies: operation["x-notifies"] === true,
  };
}

function followed<Kind extends "parameters" | "responses">(
  kind: Kind,
  value: Components[Kind][string] | Reference,
): Components[Kind][string] {
  if (!("$ref" in value)) return value;
  const name = value.$ref.split("/").at(-1) ?? "";
  const found = (description.components[kind] as Readonly<Record<string, Components[Kind][string]>>)[name];
  if (!found) throw new Error(`${value.$ref} does not exist in openapi/description.json`);
  return found;
}
