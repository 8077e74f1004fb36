/** Reads back which promotions GitHub shows as deployments, and in which state. */
import * as z from "zod";
import type { DeploymentHistory, ListedDeployment } from "../../core/promotion/deployments.ts";
import type { GitHub } from "../github/github.ts";
import { parseResponse } from "../github/parse-response.ts";
import { readPayload, TASK } from "./deployments.ts";

const deployment = z.object({
  id: z.int().positive(),
  environment: z.string(),
  sha: z.string(),
  created_at: z.iso.datetime({ offset: true }),
  payload: z.unknown(),
});
const deployments = z.array(deployment);
const details = z.object({ plan: z.string(), model: z.string(), version: z.string() });
const statuses = z.array(z.object({ state: z.string() }));

const PER_PAGE = 100;
/** Older ones are looked for by their commit. */
const MAX_PAGES = 3;

export function createDeploymentHistory({ rest, repository, find }: GitHub): DeploymentHistory {
  return {
    async list(commit) {
      const found: ListedDeployment[] = [];
      for (let page = 1; page <= MAX_PAGES; page++) {
        const query = {
          ...repository,
          task: TASK,
          ...(commit !== undefined && { sha: commit }),
          per_page: PER_PAGE,
          page,
        };
        const { data } = await rest.repos.listDeployments(query);
        const listed = parseResponse(deployments, data, "the deployments");
        for (const { id, environment, sha, created_at: createdAt, payload } of listed) {
          // Whoever may deploy can use the task as well: what names no plan is not one of ours.
          const known = details.safeParse(readPayload(payload)).data;
          if (known !== undefined) found.push({ id, ...known, environment, commit: sha, createdAt });
        }
        if (listed.length < PER_PAGE) break;
      }
      return found;
    },

    async find(id) {
      const found = await find(() => rest.repos.getDeployment({ ...repository, deployment_id: id }));
      if (found === undefined) return undefined;
      const { environment, sha: commit, created_at: createdAt } = parseResponse(deployment, found, `deployment ${id}`);
      return { id, environment, commit, createdAt };
    },

    async stateOf(id) {
      const { data } = await rest.repos.listDeploymentStatuses({ ...repository, deployment_id: id, per_page: 1 });
      // GitHub lists the newest first.
      return parseResponse(statuses, data, `the statuses of deployment ${id}`)[0]?.state ?? null;
    },
  };
}
