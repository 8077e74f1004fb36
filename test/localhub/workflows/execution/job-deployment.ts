/** The deployment of a job with an environment. */

import { updateJobCheckRun } from "../../operations/checks/checks.ts";
import { openDeployment, setDeploymentStatus } from "../../operations/deployments/deployments.ts";
import { jobToken } from "../../operations/people/tokens.ts";
import type { Caller } from "../../world/caller.ts";
import type { DeploymentState, Environment } from "../../world/deployments.ts";
import type { Job } from "../../world/repository.ts";
import type { World } from "../../world/world.ts";
import { actionsCaller } from "../state/engine.ts";
import { refKind } from "../triggers/ref-kind.ts";

export interface JobDeployment {
  setState(state: DeploymentState, environmentUrl?: string): void;
}

export function createJobDeployment(world: World, job: Job, environment: Environment): JobDeployment {
  const { run } = job;
  const { repository } = run;
  const caller = jobCaller(world, job);
  const deployment = openDeployment(
    world,
    repository,
    { sha: run.sha, ref: refKind(run.ref).name, environment: environment.name },
    caller,
  );
  updateJobCheckRun(world, repository, job.checkRun, { deploymentId: deployment.id }, actionsCaller(world));
  const logUrl = `${world.urls.html}/${repository.fullName}/actions/runs/${run.id}/job/${job.id}`;
  return {
    setState(state, environmentUrl) {
      const status = { state, logUrl, ...(environmentUrl !== undefined && { environmentUrl }) };
      setDeploymentStatus(world, repository, deployment, status, caller);
    },
  };
}

/**
 * The job as the cause of an event, so that its deployment starts no further runs. The token has no permissions and is
 * revoked at once: the job's own token is issued only when the job may run.
 */
function jobCaller(world: World, job: Job): Caller {
  const token = jobToken(world, job.run.repository, job.id, {});
  token.revoked = true;
  return { actor: token.actor, token };
}
