/** The way of one job: its concurrency group, its environment, a runner, its end. */
import { ensureEnvironment, mayDeploy } from "../../operations/deployments/environments.ts";
import type { Scope } from "../../workflow-language/expression.ts";
import type { StepsJob } from "../../workflow-language/model.ts";
import type { Environment } from "../../world/deployments.ts";
import { referenceOf } from "../files/load-workflow.ts";
import type { Engine } from "../state/engine.ts";
import { type Execution, type JobLeg, type LegOutcome, stopLeg } from "../state/execution.ts";
import { permissionsIn } from "../state/frame-permissions.ts";
import type { Result } from "../state/job-graph.ts";
import { planJob } from "../state/job-plan.ts";
import { legScope } from "../state/scope.ts";
import type { Slots } from "../waiting/slots.ts";
import { Stopped } from "../waiting/stopped.ts";
import { deployFor, type JobDeployment } from "./job-deployment.ts";
import { closeJob, moveJob, openJob } from "./job-record.ts";
import type { Journey } from "./journey.ts";
import { holdLease, joinGroup, type Member } from "./lease.ts";
import { explain } from "./observe-job.ts";
import { runOnRunner } from "./run-on-runner.ts";
import { failInstead } from "./skip-job.ts";

interface Ending {
  readonly conclusion: Result;
  readonly outputs: Readonly<Record<string, string>>;
  readonly environmentUrl?: string | undefined;
}

/** Makes the job's records at once, so that the jobs of a matrix are known from the start. */
export function prepareJob(
  engine: Engine,
  execution: Execution,
  leg: JobLeg,
  definition: StepsJob,
): (slots: Slots) => Promise<LegOutcome> {
  const { world } = engine;
  const scope = legScope(world, execution, leg);
  try {
    const plan = planJob(definition, scope);
    const job = openJob(world, execution, {
      frame: leg.frame,
      key: definition.id,
      name: leg.name,
      labels: plan.labels,
      runnerGroup: plan.group,
      environment: plan.environment?.name,
      permissions: permissionsIn(execution, leg.frame, definition.permissions),
    });
    if (plan.tolerated) execution.tolerated.add(job);
    execution.active.add(leg);
    return (slots) => play({ engine, execution, leg, definition, plan, job }, scope, slots);
  } catch (error) {
    const failed = failInstead(world, execution, leg.frame, leg.node, leg.path, error);
    return async () => ({ ...failed, played: true });
  }
}

async function play(journey: Journey, scope: Scope, slots: Slots): Promise<LegOutcome> {
  const { engine, execution, leg, plan, job } = journey;
  const { world } = engine;
  const leave = new DisposableStack();
  let deployment: JobDeployment | undefined;
  let ending: Ending;
  try {
    refuseUnsupported(journey);
    leave.use(await engine.activity.waiting(job.run.repository, slots.take(leg.stop.signal)));
    const { lease, request } = joinOwnGroup(journey, scope);
    if (lease) leave.defer(() => lease.release());
    const environment = await passGate(journey, (opened) => {
      deployment = opened;
    });
    if (lease)
      await holdLease(engine, request, lease, leg.stop.signal, () => moveJob(world, execution, job, "pending"));
    await takeRunner(journey, leave);
    deployment?.move("in_progress");
    ending = await runOnRunner(journey, environment);
    if (leg.stop.signal.aborted && ending.conclusion !== "success") explain(world, job, leg.stop.signal.reason.message);
  } catch (error) {
    ending = { conclusion: error instanceof Stopped ? error.conclusion : "failure", outputs: {} };
    explain(world, job, error instanceof Error ? error.message : String(error));
  }
  execution.active.delete(leg);
  const { conclusion, outputs, environmentUrl } = ending;
  deployment?.move(conclusion === "success" ? "success" : "failure", environmentUrl);
  const result = plan.tolerated && conclusion === "failure" ? "success" : conclusion;
  execution.finished.set(leg.path, { result, conclusion, outputs, job });
  closeJob(world, execution, job, conclusion);
  leave.dispose();
  return { result, outputs, played: true };
}

/** Whatever this hub does not do fails here, by name: nothing of the job runs under another meaning. */
function refuseUnsupported({ definition }: Journey): void {
  if (definition.unsupported.length === 0) return;
  const keys = definition.unsupported.map((key) => `${key}:`).join(", ");
  throw new Stopped("failure", `This local GitHub does not do ${keys} (job ${definition.id}). Run the job without it`);
}

function joinOwnGroup({ engine, definition, job, leg }: Journey, scope: Scope) {
  const request: Member = {
    member: { run: job.run, job },
    name: definition.id,
    under: leg.frame.leases,
    stop: (reason) => stopLeg(leg, reason),
  };
  return { request, lease: joinGroup(engine, definition.concurrency, scope, request) };
}

/** Lets the job into its environment, when it names one. `onDeployment` is told of the deployment as soon as it is. */
async function passGate(
  { engine, execution, leg, plan, job }: Journey,
  onDeployment: (deployment: JobDeployment) => void,
): Promise<Environment | undefined> {
  if (plan.environment === undefined) return undefined;
  const { world, gates, activity } = engine;
  const { repository } = job.run;
  const environment = ensureEnvironment(world, repository, plan.environment.name);
  const verdict = mayDeploy(repository, environment, job.run.ref);
  if (!verdict.allowed) throw new Stopped("failure", verdict.reason);
  const deployment = plan.environment.deploys ? deployFor(world, job, environment) : undefined;
  if (deployment) onDeployment(deployment);
  if (gates.closed(environment)) {
    deployment?.move("pending");
    moveJob(world, execution, job, "waiting");
    const entered = gates.enter({ job, attempt: execution.attempt, environment }, leg.stop.signal);
    await activity.waiting(repository, entered);
  }
  deployment?.move("queued");
  return environment;
}

async function takeRunner({ engine, execution, leg, plan, job }: Journey, leave: DisposableStack): Promise<void> {
  const { world, pool, activity } = engine;
  const { repository } = job.run;
  leg.stop.signal.throwIfAborted();
  moveJob(world, execution, job, "queued");
  const wish = { labels: plan.labels, group: plan.group, workflow: referenceOf(execution.workflow.source) };
  const runner = await activity.waiting(repository, pool.take(repository, wish, leg.stop.signal));
  leave.defer(() => pool.release(repository, runner));
  job.runner = runner;
  moveJob(world, execution, job, "in_progress");
}
