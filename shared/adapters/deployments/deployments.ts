/** Deployments and their statuses; found again by the plan's digest in their payload. */
import * as z from "zod";
import type { Deployments, NewDeployment } from "../../core/promotion/deployments.ts";
import type { GitHub, Json } from "../github/github.ts";
import { parseResponse } from "../github/parse-response.ts";

/** Apart from the deployments that GitHub makes for a job with an environment. */
const TASK = "mlops:promote";
/** GitHub docs, "Create a deployment status". */
const MAX_DESCRIPTION_LENGTH = 140;

const deployment = z.object({ id: z.int(), payload: z.unknown() });
const status = z.object({ state: z.string() });

export function createDeployments(github: GitHub): Deployments {
  async function find({ key, environment, commit }: NewDeployment): Promise<Json | undefined> {
    const route = "GET /repos/{owner}/{repo}/deployments";
    const all = await github.readAll(route, { sha: commit, environment, task: TASK });
    return all.find((one) => readPlanKey(parseResponse(deployment, one, "a deployment").payload) === key);
  }

  async function findSuccess(id: number): Promise<Json | undefined> {
    const route = "GET /repos/{owner}/{repo}/deployments/{deployment_id}/statuses";
    const all = await github.readAll(route, { deployment_id: id });
    return all.find((one) => parseResponse(status, one, "a deployment's status").state === "success");
  }

  return {
    async record(wanted) {
      const { key, environment, commit, details, logUrl } = wanted;
      const description = wanted.description.slice(0, MAX_DESCRIPTION_LENGTH);
      const made =
        (await find(wanted)) ??
        (await github.create({
          send: {
            route: "POST /repos/{owner}/{repo}/deployments",
            params: {
              ref: commit,
              environment,
              task: TASK,
              description,
              payload: { plan: key, ...details },
              // Unless told otherwise GitHub would merge the default branch into the commit, and ask for its checks.
              auto_merge: false,
              required_contexts: [],
            },
          },
          find: () => find(wanted),
        }));
      const { id } = parseResponse(deployment, made, "a deployment");
      if ((await findSuccess(id)) !== undefined) return;
      await github.create({
        send: {
          route: "POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses",
          params: { deployment_id: id, state: "success", description, log_url: logUrl, environment },
        },
        find: () => findSuccess(id),
      });
    },
  };
}

/** GitHub gives a payload back as it was given, or as text. */
function readPlanKey(payload: unknown): unknown {
  if (typeof payload === "string") {
    try {
      return readPlanKey(JSON.parse(payload));
    } catch {
      return undefined;
    }
  }
  return typeof payload === "object" && payload !== null && "plan" in payload ? payload.plan : undefined;
}
