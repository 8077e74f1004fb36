/** Labels in REST replies. */
import type { components } from "@octokit/openapi-types";
import type { Label } from "../world/issues.ts";
import type { Repository } from "../world/repository.ts";
import type { World } from "../world/world.ts";
import { nodeId } from "./node-id.ts";
import { repositoryApiUrl } from "./urls.ts";

export function renderLabel(world: World, repository: Repository, label: Label) {
  return {
    id: label.id,
    node_id: nodeId("label", label.id, repository.id),
    url: repositoryApiUrl(world, repository, `labels/${encodeURIComponent(label.name)}`),
    name: label.name,
    color: label.color,
    default: label.default,
    description: label.description,
  } satisfies components["schemas"]["label"];
}
