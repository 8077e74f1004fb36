/** Executes one job: its concurrency group, its environment, a runner, its end. */

import { ensureEnvironment, mayDeploy } from "../../operations/deployments/environments.ts";
import { errorMessage } from "../../workflow-language/error-message.ts";
import type { Scope } from "../../workflow-language/expression.ts";
import type { StepsJob } from "../../workflow-language/model.ts";
import type { Environment } from "../../world/deployments.ts";
import { workflowReference } from "../files/load-workflow.ts";
import type { Engine } from "../state/engine.ts";
import { type Execution, type InstanceOutcome, type JobInstance, stopInstance } from "../state/execution.ts";
import { instanceScope } from "../state/expression-contexts.ts";
import type { JobConclusion } from "../state/job-outcomes.ts";
import { jobPermissions } from "../state/job-permissions.ts";
import { planJob } from "../state/job-plan.ts";
import type { Semaphore } from "../waiting/semaphore.ts";
import { StoppedError } from "../waiting/stopped-error.ts";
import { joinConcurrencyGroup, type LeaseRequest, waitForLease } from "./concurrency-lease.ts";
import type { JobContext } from "./job-context.ts";
import { createJobDeployment, type JobDeployment } from "./job-deployment.ts";
import { completeJobRecord, createJobRecord, setJobStatus } from "./job-record.ts";
import { logJobError } from "./observe-job.ts";
import { runOnRunner } from "./run-on-runner.ts";
import { recordFailedJob } from "./unstarted-job.ts";

interface JobCompletion {
  readonly conclusion: JobConclusion;
  readonly outputs: Readonly<Record<string, string>>;
  readonly environmentUrl?: string | undefined;
}

/** Creates the job's records at once, so that the jobs of a matrix are known from the start. */
export function prepareJob(
  engine: Engine,
  execution: Execution,
  instance: JobInstance,
  definition: StepsJob,
): (semaphore: Semaphore) => Promise<InstanceOutcome> {
  const { world } = engine;
  const scope = instanceScope(world, execution, instance);
  try {
    const plan = planJob(definition, scope);
    const job = createJobRecord(world, execution, {
      frame: instance.frame,
      key: definition.id,
      name: instance.name,
      labels: plan.labels,
      runnerGroup: plan.group,
      environment: plan.environment?.name,
      permissions: jobPermissions(execution, instance.frame, definition.permissions),
    });
    if (plan.continueOnError) execution.continueOnErrorJobs.add(job);
    execution.active.add(instance);
    return (semaphore) => executeJob({ engine, execution, instance, definition, plan, job }, scope, semaphore);
  } catch (error) {
    const failed = recordFailedJob(world, execution, instance.frame, instance.node, instance.path, error);
    return async () => ({ ...failed, executed: true });
  }
}

async function executeJob(context: JobContext, scope: Scope, semaphore: Semaphore): Promise<InstanceOutcome> {
  const { engine, execution, instance, plan, job } = context;
  const { world } = engine;
  const cleanup = new DisposableStack();
  let deployment: JobDeployment | undefined;
  let completion: JobCompletion;
  try {
    assertSupported(context);
    cleanup.use(await engine.activity.whileWaiting(job.run.repository, semaphore.acquire(instance.stop.signal)));
    const { lease, request } = joinOwnGroup(context, scope);
    if (lease) cleanup.defer(() => lease.release());
    const environment = await enterEnvironment(context, (created) => {
      deployment = created;
    });
    if (lease)
      await waitForLease(engine, request, lease, instance.stop.signal, () =>
        setJobStatus(world, execution, job, "pending"),
      );
    await takeRunner(context, cleanup);
    deployment?.setState("in_progress");
    completion = await runOnRunner(context, environment);
    if (instance.stop.signal.aborted && completion.conclusion !== "success")
      logJobError(world, job, instance.stop.signal.reason.message);
  } catch (error) {
    completion = { conclusion: error instanceof StoppedError ? error.conclusion : "failure", outputs: {} };
    logJobError(world, job, errorMessage(error));
  }
  execution.active.delete(instance);
  const { conclusion, outputs, environmentUrl } = completion;
  deployment?.setState(conclusion === "success" ? "success" : "failure", environmentUrl);
  const result = plan.continueOnError && conclusion === "failure" ? "success" : conclusion;
  execution.finished.set(instance.path, { result, conclusion, outputs, job });
  completeJobRecord(world, execution, job, conclusion);
  cleanup.dispose();
  return { result, outputs, executed: true };
}

/** Unsupported keys fail the job here, by name, so that none of them is ignored. */
function assertSupported({ definition }: JobContext): void {
  if (definition.unsupported.length === 0) return;
  const keys = definition.unsupported.map((key) => `${key}:`).join(", ");
  throw new StoppedError(
    "failure",
    `This local GitHub does not support ${keys} (job ${definition.id}). Run the job without it`,
  );
}

function joinOwnGroup({ engine, definition, job, instance }: JobContext, scope: Scope) {
  const request: LeaseRequest = {
    member: { run: job.run, job },
    name: definition.id,
    heldLeases: instance.frame.leases,
    stop: (reason) => stopInstance(instance, reason),
  };
  return { request, lease: joinConcurrencyGroup(engine, definition.concurrency, scope, request) };
}

/**
 * Waits for the gate of the job's environment, if it has one. Calls `onDeployment` as soon as the deployment exists.
 */
async function enterEnvironment(
  { engine, execution, instance, plan, job }: JobContext,
  onDeployment: (deployment: JobDeployment) => void,
): Promise<Environment | undefined> {
  if (plan.environment === undefined) return undefined;
  const { world, gates, activity } = engine;
  const { repository } = job.run;
  const environment = ensureEnvironment(world, repository, plan.environment.name);
  const decision = mayDeploy(repository, environment, job.run.ref);
  if (!decision.allowed) throw new StoppedError("failure", decision.reason);
  const deployment = plan.environment.createsDeployment ? createJobDeployment(world, job, environment) : undefined;
  if (deployment) onDeployment(deployment);
  if (gates.requiresWait(environment)) {
    deployment?.setState("pending");
    setJobStatus(world, execution, job, "waiting");
    const opened = gates.waitUntilOpen({ job, attempt: execution.attempt, environment }, instance.stop.signal);
    await activity.whileWaiting(repository, opened);
  }
  deployment?.setState("queued");
  return environment;
}

async function takeRunner(
  { engine, execution, instance, plan, job }: JobContext,
  cleanup: DisposableStack,
): Promise<void> {
  const { world, pool, activity } = engine;
  const { repository } = job.run;
  instance.stop.signal.throwIfAborted();
  setJobStatus(world, execution, job, "queued");
  const requirements = {
    labels: plan.labels,
    group: plan.group,
    workflow: workflowReference(execution.workflow.source),
  };
  const runner = await activity.whileWaiting(repository, pool.take(repository, requirements, instance.stop.signal));
  cleanup.defer(() => pool.release(repository, runner));
  job.runner = runner;
  setJobStatus(world, execution, job, "in_progress");
}
