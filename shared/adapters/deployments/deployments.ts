/** Deployments and their statuses. A deployment is found again by the plan's digest in its payload. */
import * as z from "zod";
import type { Deployments, NewDeployment } from "../../core/promotion/deployments.ts";
import type { GitHub, Json } from "../github/github.ts";
import { parseResponse } from "../github/parse-response.ts";

/** Tells our deployments from those that GitHub creates for a job with an environment. */
const TASK = "mlops:promote";
/** GitHub docs, "Create a deployment status". */
const MAX_DESCRIPTION_LENGTH = 140;

const deployment = z.object({ id: z.int(), payload: z.unknown() });
const status = z.object({ state: z.string() });

export function createDeployments(github: GitHub): Deployments {
  async function find({ key, environment, commit }: NewDeployment): Promise<Json | undefined> {
    const route = "GET /repos/{owner}/{repo}/deployments";
    const all = await github.readAll(route, { sha: commit, environment, task: TASK });
    return all.find((item) => readPlanKey(parseResponse(deployment, item, "a deployment").payload) === key);
  }

  async function findSuccess(id: number): Promise<Json | undefined> {
    const route = "GET /repos/{owner}/{repo}/deployments/{deployment_id}/statuses";
    const all = await github.readAll(route, { deployment_id: id });
    return all.find((item) => parseResponse(status, item, "a deployment's status").state === "success");
  }

  return {
    async record(newDeployment) {
      const { key, environment, commit, details, logUrl } = newDeployment;
      const description = newDeployment.description.slice(0, MAX_DESCRIPTION_LENGTH);
      const recorded =
        (await find(newDeployment)) ??
        (await github.create({
          send: {
            route: "POST /repos/{owner}/{repo}/deployments",
            params: {
              ref: commit,
              environment,
              task: TASK,
              description,
              payload: { plan: key, ...details },
              // By default GitHub would merge the default branch into the commit, and require its checks to pass.
              auto_merge: false,
              required_contexts: [],
            },
          },
          find: () => find(newDeployment),
        }));
      const { id } = parseResponse(deployment, recorded, "a deployment");
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

/** GitHub returns a payload as it was sent, or as text. */
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
