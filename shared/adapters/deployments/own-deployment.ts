/** The deployment that GitHub has made for the job itself: of a job with an environment that does not say `deployment: false`. */
import * as z from "zod";
import { isSameEnvironment } from "../../core/policy/environment-name.ts";
import type { GitHub } from "../github/github.ts";
import { parseResponse } from "../github/parse-response.ts";

/** The run that deploys. */
export interface DeployingRun {
  /** Full SHA. */
  readonly commit: string;
  readonly id: number;
}

interface Listed {
  readonly id: number;
  readonly task: string;
  readonly sha: string;
  readonly environment: string;
}

/** GitHub docs, "Create a deployment": what a task is unless somebody says otherwise. */
const TASK_OF_JOBS = "deploy";
/** More than a run has jobs at a time in an environment that makes sense. */
const MAX_CANDIDATES = 5;

const statuses = z.array(z.object({ state: z.string(), log_url: z.string().optional() }));

/**
 * @param recent the newest deployments of the repository
 * @returns its id; `undefined` where there is none, or where two jobs of the run deploy there at the same time: nothing says
 *   which of them this one is
 */
export async function findOwnDeployment(
  { rest, repository }: GitHub,
  recent: readonly Listed[],
  environment: string,
  run: DeployingRun,
): Promise<number | undefined> {
  const candidates = recent.filter(
    (one) => one.task === TASK_OF_JOBS && one.sha === run.commit && isSameEnvironment(one.environment, environment),
  );
  const running = [];
  for (const { id } of candidates.slice(0, MAX_CANDIDATES)) {
    const { data } = await rest.repos.listDeploymentStatuses({ ...repository, deployment_id: id, per_page: 1 });
    const [newest] = parseResponse(statuses, data, `the statuses of deployment ${id}`);
    if (newest?.state === "in_progress" && isOfRun(newest.log_url, run.id)) running.push(id);
  }
  return running.length === 1 ? running[0] : undefined;
}

/** GitHub names the job's page. A server may have several names: its own does not count. */
const isOfRun = (logUrl: string | undefined, run: number): boolean =>
  /\/actions\/runs\/(\d{1,15})\/job\/\d+$/.exec(logUrl ?? "")?.[1] === String(run);
