/** Variables and secrets of a repository or an environment. Names are stored in upper case: GitHub ignores case. */
import { ApiError, notFound, unprocessable } from "../../world/api-error.ts";
import type { NamedValues } from "../../world/named-values.ts";

/** GitHub docs, "Naming conventions for configuration variables". */
const NAME = /^[A-Z_][A-Z0-9_]*$/;
const RESERVED_PREFIX = "GITHUB_";
/** GitHub docs, "Limits for configuration variables". Bytes. */
const MAX_VALUE_BYTES = 48 * 1024;
const MAX_VARIABLES = 500;

/** @throws ApiError 409 when there is one of that name, 422 for a name or value GitHub does not accept. */
export function createVariable(variables: NamedValues, name: string, value: string): void {
  const key = checkedName(name);
  if (variables.has(key)) throw new ApiError(409, "Already exists - Variable already exists");
  if (variables.size >= MAX_VARIABLES) throw unprocessable(`Variables are limited to ${MAX_VARIABLES}`);
  variables.set(key, checkedValue(value));
}

/**
 * Changes the value, the name or both. @throws ApiError 404 when there is none, 409 when the new name is taken, 422 as
 * {@link createVariable}.
 */
export function updateVariable(
  variables: NamedValues,
  name: string,
  change: { readonly name?: string | undefined; readonly value?: string | undefined },
): void {
  const key = existingName(variables, name);
  const target = change.name === undefined ? key : checkedName(change.name);
  if (target !== key && variables.has(target)) throw new ApiError(409, "Already exists - Variable already exists");
  const value = checkedValue(change.value ?? variables.get(key) ?? "");
  if (target !== key) variables.delete(key);
  variables.set(target, value);
}

/** @throws ApiError 404 when there is none. */
export function deleteVariable(variables: NamedValues, name: string): void {
  variables.delete(existingName(variables, name));
}

/** The name as it is stored. @throws ApiError 404 when there is none. */
export function existingName(variables: NamedValues, name: string): string {
  const key = name.toUpperCase();
  if (!variables.has(key)) throw notFound();
  return key;
}

/** Sets a secret as an administrator would in the settings. @throws ApiError 422 for a name GitHub does not accept. */
export function setSecret(secrets: NamedValues, name: string, value: string): void {
  secrets.set(checkedName(name), value);
}

function checkedName(name: string): string {
  const key = name.toUpperCase();
  if (!NAME.test(key))
    throw unprocessable(
      "Variable name can only contain alphanumeric characters ([a-z], [A-Z], [0-9]) or underscores (_)",
    );
  if (key.startsWith(RESERVED_PREFIX)) throw unprocessable(`Variable name must not start with ${RESERVED_PREFIX}`);
  return key;
}

function checkedValue(value: string): string {
  if (Buffer.byteLength(value) > MAX_VALUE_BYTES)
    throw unprocessable(`Variable value is limited to ${MAX_VALUE_BYTES} bytes`);
  return value;
}
