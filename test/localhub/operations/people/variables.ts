/** Variables and secrets of a repository or an environment. Names are kept in upper case: GitHub compares without case. */
import { invalid, notFound, Refusal } from "../../world/refusal.ts";
import type { Settings } from "../../world/settings.ts";

/** GitHub docs, "Naming conventions for configuration variables". */
const NAME = /^[A-Z_][A-Z0-9_]*$/;
const RESERVED_PREFIX = "GITHUB_";
/** GitHub docs, "Limits for configuration variables". Bytes. */
const LARGEST_VALUE = 48 * 1024;
const MOST_VARIABLES = 500;

/** @throws Refusal 409 when there is one of that name, 422 for a name or value GitHub does not take. */
export function createVariable(variables: Settings, name: string, value: string): void {
  const key = checkedName(name);
  if (variables.has(key)) throw new Refusal(409, "Already exists - Variable already exists");
  if (variables.size >= MOST_VARIABLES) throw invalid(`Variables are limited to ${MOST_VARIABLES}`);
  variables.set(key, checkedValue(value));
}

/** Changes the value, the name or both. @throws Refusal 404 when there is none, 409 when the new name is taken, 422. */
export function updateVariable(
  variables: Settings,
  name: string,
  change: { readonly name?: string | undefined; readonly value?: string | undefined },
): void {
  const key = existingName(variables, name);
  const target = change.name === undefined ? key : checkedName(change.name);
  if (target !== key && variables.has(target)) throw new Refusal(409, "Already exists - Variable already exists");
  const value = checkedValue(change.value ?? variables.get(key) ?? "");
  if (target !== key) variables.delete(key);
  variables.set(target, value);
}

/** @throws Refusal 404 when there is none. */
export function deleteVariable(variables: Settings, name: string): void {
  variables.delete(existingName(variables, name));
}

/** The name as it is kept. @throws Refusal 404 when there is none. */
export function existingName(variables: Settings, name: string): string {
  const key = name.toUpperCase();
  if (!variables.has(key)) throw notFound();
  return key;
}

/** Sets a secret as an administrator would in the settings. @throws Refusal 422 for a name GitHub does not take. */
export function setSecret(secrets: Settings, name: string, value: string): void {
  secrets.set(checkedName(name), value);
}

function checkedName(name: string): string {
  const key = name.toUpperCase();
  if (!NAME.test(key))
    throw invalid("Variable name can only contain alphanumeric characters ([a-z], [A-Z], [0-9]) or underscores (_)");
  if (key.startsWith(RESERVED_PREFIX)) throw invalid(`Variable name must not start with ${RESERVED_PREFIX}`);
  return key;
}

function checkedValue(value: string): string {
  if (Buffer.byteLength(value) > LARGEST_VALUE) throw invalid(`Variable value is limited to ${LARGEST_VALUE} bytes`);
  return value;
}
