/** Variables and secrets as REST replies carry them. The values of secrets are never shown. */
import type { components } from "@octokit/openapi-types";
import type { Settings } from "../world/settings.ts";
import { timestamp } from "./timestamp.ts";

type Schemas = components["schemas"];

/** @throws Error for a name that is not there: callers list or check first. */
export function renderVariable(variables: Settings, name: string) {
  return {
    name,
    value: variables.get(name) ?? "",
    ...renderLifetime(variables, name),
  } satisfies Schemas["actions-variable"];
}

export function renderSecret(secrets: Settings, name: string) {
  return { name, ...renderLifetime(secrets, name) } satisfies Schemas["actions-secret"];
}

function renderLifetime(settings: Settings, name: string) {
  const lifetime = settings.lifetime(name);
  if (lifetime === undefined) throw new Error(`there is no setting "${name}"`);
  return { created_at: timestamp(lifetime.createdAt), updated_at: timestamp(lifetime.updatedAt) };
}
