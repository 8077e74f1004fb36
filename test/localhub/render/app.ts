/** GitHub Apps in REST replies (`app`, `performed_via_github_app`). */
import type { components } from "@octokit/openapi-types";
import type { App } from "../world/identity.ts";
import type { World } from "../world/world.ts";
import { renderAccount } from "./account.ts";
import { nodeId } from "./node-id.ts";
import { timestamp } from "./timestamp.ts";
import { pageUrl } from "./urls.ts";

export function renderApp(world: World, app: App) {
  const html = pageUrl(world, `apps/${app.slug}`);
  return {
    id: app.id,
    client_id: `Iv1.${app.id.toString(16).padStart(16, "0")}`,
    slug: app.slug,
    node_id: nodeId("app", app.id),
    owner: renderAccount(world, app.owner),
    name: app.name,
    description: "",
    external_url: html,
    html_url: html,
    created_at: timestamp(app.createdAt),
    updated_at: timestamp(app.createdAt),
    permissions: { ...app.permissions },
    events: [],
  } satisfies components["schemas"]["integration"];
}
