/** Deployments and their statuses. A deployment is found again by the plan's digest in its payload. */
import * as z from "zod";
import type { Deployments, NewDeployment } from "../../core/promotion/deployments.ts";
import type { DeploymentEnd } from "../../core/promotion/next-promotion-step.ts";
import { type GitHub, GitHubError } from "../github/github.ts";
import { parseResponse } from "../github/parse-response.ts";
import { type DeployingRun, findOwnDeployment } from "./own-deployment.ts";

/** Tells our deployments from those that GitHub creates for a job with an environment. */
export const TASK = "mlops:promote";
/** GitHub docs, "Create a deployment status". */
const MAX_DESCRIPTION_LENGTH = 140;

const deployment = z.object({ id: z.int().positive(), payload: z.unknown() });
const listed = z.array(deployment.extend({ task: z.string(), sha: z.string(), environment: z.string() }));
const status = z.object({ state: z.string() });

type RecordedDeployment = z.infer<typeof deployment>;

/** @param run the one that deploys: GitHub may have made a deployment for its job, which is adopted */
export function createDeployments(github: GitHub, run?: DeployingRun): Deployments {
  const { rest, repository, readAll, writeOnce } = github;
  const parseDeployment = (data: unknown): RecordedDeployment => parseResponse(deployment, data, "a deployment");

  // Not by environment: GitHub may know it by its name in another case, and the key alone tells which one it is.
  async function find({ key, commit, id }: NewDeployment): Promise<Pick<RecordedDeployment, "id"> | undefined> {
    if (id !== undefined) return { id };
    const ours = { ...repository, sha: commit, task: TASK };
    const all = (await readAll(rest.repos.listDeployments, ours)).map(parseDeployment);
    return all.find(({ payload }) => readPlanKey(payload) === key);
  }

  async function hasStatus(id: number, state: DeploymentState): Promise<true | undefined> {
    const all = await readAll(rest.repos.listDeploymentStatuses, { ...repository, deployment_id: id });
    return all.some((item) => parseResponse(status, item, "a deployment's status").state === state) || undefined;
  }

  async function create(newDeployment: NewDeployment): Promise<Pick<RecordedDeployment, "id">> {
    const { key, environment, commit, details } = newDeployment;
    const request = {
      ...repository,
      ref: commit,
      environment,
      task: TASK,
      description: describe(newDeployment),
      payload: { plan: key, ...details },
      // By default GitHub would merge the default branch into the commit, and require its checks to pass.
      auto_merge: false,
      required_contexts: [],
    };
    return writeOnce({
      // One that GitHub has not recorded could have no status afterwards.
      send: async () => assertSame(parseDeployment((await rest.repos.createDeployment(request)).data), key),
      find: () => find(newDeployment),
    });
  }

  async function setStatus(id: number, state: DeploymentState, newDeployment: NewDeployment): Promise<void> {
    if (!(await hasStatus(id, state))) await addStatus(id, state, newDeployment);
  }

  async function addStatus(id: number, state: DeploymentState, newDeployment: NewDeployment): Promise<void> {
    const { environment, logUrl } = newDeployment;
    // By default a success makes every other deployment there inactive, also those of other models.
    const added = { state, description: describe(newDeployment), log_url: logUrl, environment, auto_inactive: false };
    await writeOnce({
      send: async () => {
        const { data } = await rest.repos.createDeploymentStatus({ ...repository, deployment_id: id, ...added });
        parseResponse(status, data, "a deployment's status");
        return true as const;
      },
      find: () => hasStatus(id, state),
      // What is in progress or replaced is seen by its end, or by what replaces it.
      confirm: state === "success" || state === "failure",
    });
  }

  return {
    async announce(deployment) {
      // What an attempt before has announced, and what GitHub has made for this job, is among the newest.
      const { data } = await rest.repos.listDeployments({ ...repository, per_page: 100 });
      const recent = parseResponse(listed, data, "the deployments");
      const found = recent.find(({ payload }) => readPlanKey(payload) === deployment.key);
      if (found !== undefined) {
        await setStatus(found.id, "in_progress", deployment);
        return { id: found.id, adopted: false };
      }
      const own = run && (await findOwnDeployment(github, recent, deployment.environment, run));
      // GitHub has it in progress, and ends it with the job.
      if (own !== undefined) return { id: own, adopted: true };
      const { id } = await create(deployment);
      await addStatus(id, "in_progress", deployment);
      return { id, adopted: false };
    },
    async report(deployment, end, isNew = false) {
      const found = (await find(deployment)) ?? (end === "success" ? await create(deployment) : undefined);
      if (found === undefined) return;
      if (isNew) await addStatus(found.id, end, deployment);
      else await setStatus(found.id, end, deployment);
    },
  };
}

type DeploymentState = "in_progress" | DeploymentEnd;

const describe = ({ description }: NewDeployment): string => description.slice(0, MAX_DESCRIPTION_LENGTH);

/** @throws GitHubError `github-odd-answer` for another deployment than the one that was sent */
function assertSame(created: RecordedDeployment, key: string): RecordedDeployment {
  if (readPlanKey(created.payload) === key) return created;
  throw new GitHubError({
    code: "github-odd-answer",
    message: "GitHub's response is about another deployment than the one that was sent",
    fix: "Re-run the job; if it happens again, look at the proxy between the runner and GitHub",
  });
}

/** GitHub returns a payload as it was sent, or as text. */
export function readPayload(payload: unknown): Readonly<Record<string, unknown>> {
  if (typeof payload !== "string") return typeof payload === "object" && payload !== null ? { ...payload } : {};
  try {
    const parsed: unknown = JSON.parse(payload);
    return typeof parsed === "string" ? {} : readPayload(parsed);
  } catch {
    return {};
  }
}

const readPlanKey = (payload: unknown): unknown => readPayload(payload)["plan"];
