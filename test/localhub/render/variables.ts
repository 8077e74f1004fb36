/** Variables and secrets as REST replies carry them. The values of secrets are never shown. */
import type { components } from "@octokit/openapi-types";
import type { NamedValues } from "../world/named-values.ts";
import { timestamp } from "./timestamp.ts";

type Schemas = components["schemas"];

/** @throws Error for a name that is not there: callers list or check first. */
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

function renderTimestamps(settings: NamedValues, name: string) {
  const lifetime = settings.timestamps(name);
  if (lifetime === undefined) throw new Error(`there is no setting "${name}"`);
  return { created_at: timestamp(lifetime.createdAt), updated_at: timestamp(lifetime.updatedAt) };
}
