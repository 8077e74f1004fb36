/** The jobs of a workflow file at work: each begins when those it needs have ended. */
import { evaluateCondition } from "../../workflow-language/evaluate.ts";
import { findNodes } from "../state/call-frame.ts";
import type { Engine } from "../state/engine.ts";
import type { CallFrame, Execution, FinishedInstance, JobInstance, JobNode } from "../state/execution.ts";
import { stopInstance } from "../state/execution.ts";
import { combineOutputs, combineResults, type JobOutcome } from "../state/job-graph.ts";
import { nodeScope } from "../state/scope.ts";
import { createSemaphore } from "../waiting/semaphore.ts";
import { StoppedError } from "../waiting/stopped-error.ts";
import { type ExpandedJob, expandJob } from "./expand-job.ts";
import { prepareCall } from "./prepare-call.ts";
import { prepareJob } from "./prepare-job.ts";
import { recordFailedJob, recordSkippedJob } from "./unstarted-job.ts";

/** Plays every job of the file. Resolves when the last one has ended. */
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
  const fresh = frame.mustRerun || needs.some((need) => need.executed);
  const path = frame.path === undefined ? node.definition.id : `${frame.path} / ${node.definition.id}`;
  const kept = fresh ? undefined : execution.reused.get(path);
  if (kept) return setNodeResult(node, [reuseFinished(execution, path, kept)]);

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
  setNodeResult(node, await executeInstances(engine, execution, node, expansion, fresh));
}

/** Plays the legs of a matrix, or the one there is. In the order they ended. */
async function executeInstances(
  engine: Engine,
  execution: Execution,
  node: JobNode,
  { instances: legs, failFast, maxParallel }: ExpandedJob,
  fresh: boolean,
): Promise<readonly JobOutcome[]> {
  const ended: JobOutcome[] = [];
  const slots = createSemaphore(maxParallel);
  const works = legs.flatMap((leg) => {
    const kept = fresh ? undefined : execution.reused.get(leg.path);
    if (kept) {
      ended.push(reuseFinished(execution, leg.path, kept));
      return [];
    }
    const play =
      leg.node.definition.kind === "steps"
        ? prepareJob(engine, execution, leg, leg.node.definition)
        : prepareCall(engine, execution, leg, leg.node.definition, fresh, (frame) =>
            executeJobs(engine, execution, frame),
          );
    return [
      async (): Promise<void> => {
        const outcome = await play(slots);
        ended.push(outcome);
        if (outcome.executed) node.executed = true;
        if (outcome.result === "failure" && failFast) cancelSiblings(legs, leg);
      },
    ];
  });
  await engine.activity.trackAll(execution.run.repository, works);
  return ended;
}

function cancelSiblings(legs: readonly JobInstance[], failed: JobInstance): void {
  const reason = new StoppedError(
    "cancelled",
    `The strategy configuration was canceled because "${failed.name}" failed`,
  );
  for (const leg of legs) if (leg !== failed) stopInstance(leg, reason);
}

function reuseFinished(execution: Execution, path: string, kept: FinishedInstance): FinishedInstance {
  execution.attempt.jobs.push(kept.job);
  execution.finished.set(path, kept);
  return kept;
}

function setNodeResult(node: JobNode, legs: readonly JobOutcome[]): void {
  node.result = combineResults(legs.map((leg) => leg.result));
  node.outputs = combineOutputs(legs);
}
