/** Executes the jobs of a workflow file: each starts when those it needs have ended. */
import { evaluateCondition } from "../../workflow-language/evaluate.ts";
import { findNodes } from "../state/call-frame.ts";
import type { Engine } from "../state/engine.ts";
import type { CallFrame, Execution, FinishedInstance, JobInstance, JobNode } from "../state/execution.ts";
import { stopInstance } from "../state/execution.ts";
import { nodeScope } from "../state/expression-contexts.ts";
import { combineOutputs, combineResults, type JobOutcome } from "../state/job-outcomes.ts";
import { createSemaphore } from "../waiting/semaphore.ts";
import { StoppedError } from "../waiting/stopped-error.ts";
import { type ExpandedJob, expandJob } from "./expand-job.ts";
import { prepareCall } from "./prepare-call.ts";
import { prepareJob } from "./prepare-job.ts";
import { recordFailedJob, recordSkippedJob } from "./unstarted-job.ts";

/** Executes every job of the file. Resolves when the last one has ended. */
export async function executeJobs(engine: Engine, execution: Execution, frame: CallFrame): Promise<void> {
  const works = [...frame.nodes.values()].map((node) => () => executeNode(engine, execution, frame, node));
  await engine.activity.trackAll(execution.run.repository, works);
}

async function executeNode(engine: Engine, execution: Execution, frame: CallFrame, node: JobNode): Promise<void> {
  const needs = findNodes(frame.nodes, node.definition.needs);
  await engine.activity.whileWaiting(execution.run.repository, Promise.all(needs.map((need) => need.done.promise)));
  try {
    if (!execution.forced) await resolveNode(engine, execution, frame, node, needs);
  } finally {
    node.done.resolve();
  }
}

async function resolveNode(
  engine: Engine,
  execution: Execution,
  frame: CallFrame,
  node: JobNode,
  needs: readonly JobNode[],
): Promise<void> {
  const { world } = engine;
  const mustRerun = frame.mustRerun || needs.some((need) => need.executed);
  const path = frame.path === undefined ? node.definition.id : `${frame.path} / ${node.definition.id}`;
  const reusable = mustRerun ? undefined : execution.reused.get(path);
  if (reusable) return setNodeResult(node, [reuseFinished(execution, path, reusable)]);

  let expansion: ExpandedJob;
  try {
    if (!evaluateCondition(node.definition.if, nodeScope(world, execution, frame, node))) {
      node.executed = true;
      return setNodeResult(node, [recordSkippedJob(world, execution, frame, node, path)]);
    }
    expansion = expandJob(world, execution, frame, node, path);
  } catch (error) {
    node.executed = true;
    return setNodeResult(node, [recordFailedJob(world, execution, frame, node, path, error)]);
  }
  setNodeResult(node, await executeInstances(engine, execution, node, expansion, mustRerun));
}

/** Executes the instances of a job. Returns their outcomes in the order they ended. */
async function executeInstances(
  engine: Engine,
  execution: Execution,
  node: JobNode,
  { instances, failFast, maxParallel }: ExpandedJob,
  mustRerun: boolean,
): Promise<readonly JobOutcome[]> {
  const ended: JobOutcome[] = [];
  const semaphore = createSemaphore(maxParallel);
  const works = instances.flatMap((instance) => {
    const reusable = mustRerun ? undefined : execution.reused.get(instance.path);
    if (reusable) {
      ended.push(reuseFinished(execution, instance.path, reusable));
      return [];
    }
    const execute =
      instance.node.definition.kind === "steps"
        ? prepareJob(engine, execution, instance, instance.node.definition)
        : prepareCall(engine, execution, instance, instance.node.definition, mustRerun, (frame) =>
            executeJobs(engine, execution, frame),
          );
    return [
      async (): Promise<void> => {
        const outcome = await execute(semaphore);
        ended.push(outcome);
        if (outcome.executed) node.executed = true;
        if (outcome.result === "failure" && failFast) cancelSiblings(instances, instance);
      },
    ];
  });
  await engine.activity.trackAll(execution.run.repository, works);
  return ended;
}

function cancelSiblings(instances: readonly JobInstance[], failed: JobInstance): void {
  const reason = new StoppedError(
    "cancelled",
    `The strategy configuration was canceled because "${failed.name}" failed`,
  );
  for (const instance of instances) if (instance !== failed) stopInstance(instance, reason);
}

function reuseFinished(execution: Execution, path: string, finished: FinishedInstance): FinishedInstance {
  execution.attempt.jobs.push(finished.job);
  execution.finished.set(path, finished);
  return finished;
}

function setNodeResult(node: JobNode, outcomes: readonly JobOutcome[]): void {
  node.result = combineResults(outcomes.map(({ result }) => result));
  node.outputs = combineOutputs(outcomes);
}
