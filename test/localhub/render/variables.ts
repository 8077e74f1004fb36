/** Variables and secrets in REST replies. The values of secrets are never shown. */
import type { components } from "@octokit/openapi-types";
import type { NamedValues } from "../world/named-values.ts";
import { timestamp } from "./timestamp.ts";

type Schemas = components["schemas"];

/** @throws Error for a missing name: callers list or check first. */
export function renderVariable(variables: NamedValues, name: string) {
  return {
    name,
    value: variables.get(name) ?? "",
    ...renderTimestamps(variables, name),
  } satisfies Schemas["actions-variable"];
}

export function renderSecret(secrets: NamedValues, name: string) {
  return { name, ...renderTimestamps(secrets, name) } satisfies Schemas["actions-secret"];
}

function renderTimestamps(values: NamedValues, name: string) {
  const timestamps = values.timestamps(name);
  if (timestamps === undefined) throw new Error(`there is no variable or secret "${name}"`);
  return { created_at: timestamp(timestamps.createdAt), updated_at: timestamp(timestamps.updatedAt) };
}
