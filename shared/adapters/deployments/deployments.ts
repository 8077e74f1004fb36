/** Deployments and their statuses. A deployment is found again by the plan's digest in its payload. */
import * as z from "zod";
import type { Deployments, NewDeployment } from "../../core/promotion/deployments.ts";
import type { GitHub } from "../github/github.ts";
import { parseResponse } from "../github/parse-response.ts";

/** Tells our deployments from those that GitHub creates for a job with an environment. */
const TASK = "mlops:promote";
/** GitHub docs, "Create a deployment status". */
const MAX_DESCRIPTION_LENGTH = 140;

const deployment = z.object({ id: z.int().positive(), payload: z.unknown() });
const status = z.object({ state: z.string() });

type RecordedDeployment = z.infer<typeof deployment>;

export function createDeployments({ rest, repository, readAll, writeOnce }: GitHub): Deployments {
  const parseDeployment = (data: unknown): RecordedDeployment => parseResponse(deployment, data, "a deployment");

  // Not by environment: GitHub may know it by its name in another case, and the key alone tells which one it is.
  async function find({ key, commit }: NewDeployment): Promise<RecordedDeployment | undefined> {
    const ours = { ...repository, sha: commit, task: TASK };
    const all = (await readAll(rest.repos.listDeployments, ours)).map(parseDeployment);
    return all.find(({ payload }) => readPlanKey(payload) === key);
  }

  async function hasSucceeded(id: number): Promise<true | undefined> {
    const all = await readAll(rest.repos.listDeploymentStatuses, { ...repository, deployment_id: id });
    return all.some((item) => parseResponse(status, item, "a deployment's status").state === "success") || undefined;
  }

  return {
    async record(newDeployment) {
      const { key, environment, commit, details, logUrl } = newDeployment;
      const description = newDeployment.description.slice(0, MAX_DESCRIPTION_LENGTH);
      const request = {
        ...repository,
        ref: commit,
        environment,
        task: TASK,
        description,
        payload: { plan: key, ...details },
        // By default GitHub would merge the default branch into the commit, and require its checks to pass.
        auto_merge: false,
        required_contexts: [],
      };
      const { id } =
        (await find(newDeployment)) ??
        (await writeOnce({
          send: async () => parseDeployment((await rest.repos.createDeployment(request)).data),
          find: () => find(newDeployment),
          confirm: true,
        }));
      if (await hasSucceeded(id)) return;
      const success = { state: "success", description, log_url: logUrl, environment } as const;
      await writeOnce({
        send: async () => {
          await rest.repos.createDeploymentStatus({ ...repository, deployment_id: id, ...success });
          return true as const;
        },
        find: () => hasSucceeded(id),
        confirm: true,
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
