/** The way of one job: its concurrency group, its environment, a runner, its end. */
import { ensureEnvironment, mayDeploy } from "../../operations/deployments/environments.ts";
import type { Scope } from "../../workflow-language/expression.ts";
import type { StepsJob } from "../../workflow-language/model.ts";
import type { Environment } from "../../world/deployments.ts";
import { workflowReference } from "../files/load-workflow.ts";
import type { Engine } from "../state/engine.ts";
import { type Execution, type InstanceOutcome, type JobInstance, stopInstance } from "../state/execution.ts";
import type { JobConclusion } from "../state/job-graph.ts";
import { jobPermissions } from "../state/job-permissions.ts";
import { planJob } from "../state/job-plan.ts";
import { instanceScope } from "../state/scope.ts";
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

/** Makes the job's records at once, so that the jobs of a matrix are known from the start. */
export function prepareJob(
  engine: Engine,
  execution: Execution,
  leg: JobInstance,
  definition: StepsJob,
): (slots: Semaphore) => Promise<InstanceOutcome> {
  const { world } = engine;
  const scope = instanceScope(world, execution, leg);
  try {
    const plan = planJob(definition, scope);
    const job = createJobRecord(world, execution, {
      frame: leg.frame,
      key: definition.id,
      name: leg.name,
      labels: plan.labels,
      runnerGroup: plan.group,
      environment: plan.environment?.name,
      permissions: jobPermissions(execution, leg.frame, definition.permissions),
    });
    if (plan.continueOnError) execution.continueOnErrorJobs.add(job);
    execution.active.add(leg);
    return (slots) => executeJob({ engine, execution, instance: leg, definition, plan, job }, scope, slots);
  } catch (error) {
    const failed = recordFailedJob(world, execution, leg.frame, leg.node, leg.path, error);
    return async () => ({ ...failed, executed: true });
  }
}

async function executeJob(journey: JobContext, scope: Scope, slots: Semaphore): Promise<InstanceOutcome> {
  const { engine, execution, instance: leg, plan, job } = journey;
  const { world } = engine;
  const leave = new DisposableStack();
  let deployment: JobDeployment | undefined;
  let ending: JobCompletion;
  try {
    assertSupported(journey);
    leave.use(await engine.activity.whileWaiting(job.run.repository, slots.acquire(leg.stop.signal)));
    const { lease, request } = joinOwnGroup(journey, scope);
    if (lease) leave.defer(() => lease.release());
    const environment = await enterEnvironment(journey, (opened) => {
      deployment = opened;
    });
    if (lease)
      await waitForLease(engine, request, lease, leg.stop.signal, () => setJobStatus(world, execution, job, "pending"));
    await takeRunner(journey, leave);
    deployment?.setState("in_progress");
    ending = await runOnRunner(journey, environment);
    if (leg.stop.signal.aborted && ending.conclusion !== "success")
      logJobError(world, job, leg.stop.signal.reason.message);
  } catch (error) {
    ending = { conclusion: error instanceof StoppedError ? error.conclusion : "failure", outputs: {} };
    logJobError(world, job, error instanceof Error ? error.message : String(error));
  }
  execution.active.delete(leg);
  const { conclusion, outputs, environmentUrl } = ending;
  deployment?.setState(conclusion === "success" ? "success" : "failure", environmentUrl);
  const result = plan.continueOnError && conclusion === "failure" ? "success" : conclusion;
  execution.finished.set(leg.path, { result, conclusion, outputs, job });
  completeJobRecord(world, execution, job, conclusion);
  leave.dispose();
  return { result, outputs, executed: true };
}

/** Whatever this hub does not do fails here, by name: nothing of the job runs under another meaning. */
function assertSupported({ definition }: JobContext): void {
  if (definition.unsupported.length === 0) return;
  const keys = definition.unsupported.map((key) => `${key}:`).join(", ");
  throw new StoppedError(
    "failure",
    `This local GitHub does not do ${keys} (job ${definition.id}). Run the job without it`,
  );
}

function joinOwnGroup({ engine, definition, job, instance: leg }: JobContext, scope: Scope) {
  const request: LeaseRequest = {
    member: { run: job.run, job },
    name: definition.id,
    heldLeases: leg.frame.leases,
    stop: (reason) => stopInstance(leg, reason),
  };
  return { request, lease: joinConcurrencyGroup(engine, definition.concurrency, scope, request) };
}

/** Lets the job into its environment, when it names one. `onDeployment` is told of the deployment as soon as it is. */
async function enterEnvironment(
  { engine, execution, instance: leg, plan, job }: JobContext,
  onDeployment: (deployment: JobDeployment) => void,
): Promise<Environment | undefined> {
  if (plan.environment === undefined) return undefined;
  const { world, gates, activity } = engine;
  const { repository } = job.run;
  const environment = ensureEnvironment(world, repository, plan.environment.name);
  const verdict = mayDeploy(repository, environment, job.run.ref);
  if (!verdict.allowed) throw new StoppedError("failure", verdict.reason);
  const deployment = plan.environment.createsDeployment ? createJobDeployment(world, job, environment) : undefined;
  if (deployment) onDeployment(deployment);
  if (gates.requiresWait(environment)) {
    deployment?.setState("pending");
    setJobStatus(world, execution, job, "waiting");
    const entered = gates.waitUntilOpen({ job, attempt: execution.attempt, environment }, leg.stop.signal);
    await activity.whileWaiting(repository, entered);
  }
  deployment?.setState("queued");
  return environment;
}

async function takeRunner(
  { engine, execution, instance: leg, plan, job }: JobContext,
  leave: DisposableStack,
): Promise<void> {
  const { world, pool, activity } = engine;
  const { repository } = job.run;
  leg.stop.signal.throwIfAborted();
  setJobStatus(world, execution, job, "queued");
  const wish = { labels: plan.labels, group: plan.group, workflow: workflowReference(execution.workflow.source) };
  const runner = await activity.whileWaiting(repository, pool.take(repository, wish, leg.stop.signal));
  leave.defer(() => pool.release(repository, runner));
  job.runner = runner;
  setJobStatus(world, execution, job, "in_progress");
}
