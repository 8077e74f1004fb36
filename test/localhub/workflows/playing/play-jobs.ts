/** The jobs of a workflow file at work: each begins when those it needs have ended. */
import { evaluateCondition } from "../../workflow-language/evaluate.ts";
import type { Engine } from "../state/engine.ts";
import type { Execution, FinishedLeg, Frame, JobLeg, JobNode } from "../state/execution.ts";
import { stopLeg } from "../state/execution.ts";
import { nodesNamed } from "../state/frame.ts";
import { type Finished, outputsOf, resultOf } from "../state/job-graph.ts";
import { nodeScope } from "../state/scope.ts";
import { createSlots } from "../waiting/slots.ts";
import { Stopped } from "../waiting/stopped.ts";
import { type Expansion, expandJob } from "./expand-job.ts";
import { prepareCall } from "./play-call.ts";
import { prepareJob } from "./play-job.ts";
import { failInstead, skipJob } from "./skip-job.ts";

/** Plays every job of the file. Resolves when the last one has ended. */
export async function playFrame(engine: Engine, execution: Execution, frame: Frame): Promise<void> {
  const works = [...frame.nodes.values()].map((node) => () => playNode(engine, execution, frame, node));
  await engine.activity.together(execution.run.repository, works);
}

async function playNode(engine: Engine, execution: Execution, frame: Frame, node: JobNode): Promise<void> {
  const needs = nodesNamed(frame.nodes, node.definition.needs);
  await engine.activity.waiting(execution.run.repository, Promise.all(needs.map((need) => need.done.promise)));
  try {
    if (!execution.forced) await settleNode(engine, execution, frame, node, needs);
  } finally {
    node.done.resolve();
  }
}

async function settleNode(
  engine: Engine,
  execution: Execution,
  frame: Frame,
  node: JobNode,
  needs: readonly JobNode[],
): Promise<void> {
  const { world } = engine;
  const fresh = frame.fresh || needs.some((need) => need.played);
  const path = frame.path === undefined ? node.definition.id : `${frame.path} / ${node.definition.id}`;
  const kept = fresh ? undefined : execution.kept.get(path);
  if (kept) return take(node, [keep(execution, path, kept)]);

  let expansion: Expansion;
  try {
    if (!evaluateCondition(node.definition.if, nodeScope(world, execution, frame, node))) {
      node.played = true;
      return take(node, [skipJob(world, execution, frame, node, path)]);
    }
    expansion = expandJob(world, execution, frame, node, path);
  } catch (error) {
    node.played = true;
    return take(node, [failInstead(world, execution, frame, node, path, error)]);
  }
  take(node, await playLegs(engine, execution, node, expansion, fresh));
}

/** Plays the legs of a matrix, or the one there is. In the order they ended. */
async function playLegs(
  engine: Engine,
  execution: Execution,
  node: JobNode,
  { legs, failFast, maxParallel }: Expansion,
  fresh: boolean,
): Promise<readonly Finished[]> {
  const ended: Finished[] = [];
  const slots = createSlots(maxParallel);
  const works = legs.flatMap((leg) => {
    const kept = fresh ? undefined : execution.kept.get(leg.path);
    if (kept) {
      ended.push(keep(execution, leg.path, kept));
      return [];
    }
    const play =
      leg.node.definition.kind === "steps"
        ? prepareJob(engine, execution, leg, leg.node.definition)
        : prepareCall(engine, execution, leg, leg.node.definition, fresh, (frame) =>
            playFrame(engine, execution, frame),
          );
    return [
      async (): Promise<void> => {
        const outcome = await play(slots);
        ended.push(outcome);
        if (outcome.played) node.played = true;
        if (outcome.result === "failure" && failFast) giveUp(legs, leg);
      },
    ];
  });
  await engine.activity.together(execution.run.repository, works);
  return ended;
}

function giveUp(legs: readonly JobLeg[], failed: JobLeg): void {
  const reason = new Stopped("cancelled", `The strategy configuration was canceled because "${failed.name}" failed`);
  for (const leg of legs) if (leg !== failed) stopLeg(leg, reason);
}

function keep(execution: Execution, path: string, kept: FinishedLeg): FinishedLeg {
  execution.attempt.jobs.push(kept.job);
  execution.finished.set(path, kept);
  return kept;
}

function take(node: JobNode, legs: readonly Finished[]): void {
  node.result = resultOf(legs.map((leg) => leg.result));
  node.outputs = outputsOf(legs);
}
