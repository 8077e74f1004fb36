/** A job that calls a reusable workflow: its inputs and secrets in, the called jobs played, its outputs out. */
import { evaluate, evaluateText, evaluateTexts } from "../../workflow-language/evaluate.ts";
import type { Scope } from "../../workflow-language/expression.ts";
import { resolveCallInputs } from "../../workflow-language/inputs.ts";
import type { CallJob, WorkflowFile } from "../../workflow-language/model.ts";
import type { Json } from "../../workflow-language/values.ts";
import { createFrame } from "../state/call-frame.ts";
import type { Engine } from "../state/engine.ts";
import {
  type CallFrame,
  type Execution,
  type InstanceOutcome,
  type JobInstance,
  stopInstance,
} from "../state/execution.ts";
import { combineResults } from "../state/job-graph.ts";
import { jobPermissions } from "../state/job-permissions.ts";
import { frameContexts, instanceScope } from "../state/scope.ts";
import type { Lease } from "../waiting/concurrency.ts";
import type { Semaphore } from "../waiting/semaphore.ts";
import { StoppedError } from "../waiting/stopped-error.ts";
import { cancelCall } from "./cancel.ts";
import { joinConcurrencyGroup, type LeaseRequest, waitForLease } from "./concurrency-lease.ts";
import { recordFailedJob, recordStoppedJob } from "./unstarted-job.ts";

/** @param playFrame Plays the jobs of the called file; they may call further. */
export function prepareCall(
  engine: Engine,
  execution: Execution,
  leg: JobInstance,
  definition: CallJob,
  fresh: boolean,
  playFrame: (frame: CallFrame) => Promise<void>,
): (slots: Semaphore) => Promise<InstanceOutcome> {
  return async (slots) => {
    const { world, activity } = engine;
    const leases: Lease[] = [];
    try {
      using _slot = await activity.whileWaiting(execution.run.repository, slots.acquire(leg.stop.signal));
      const scope = instanceScope(world, execution, leg);
      await enterGroups(engine, execution, leg, definition, scope, leases);
      const frame = openCalled(execution, leg, definition, scope, leases, fresh);
      leg.stop.signal.addEventListener("abort", () => cancelCall(execution, frame, leg.stop.signal.reason));
      await playFrame(frame);
      return outcomeOf(engine, execution, frame);
    } catch (error) {
      const { frame, node, path } = leg;
      const ended =
        error instanceof StoppedError
          ? recordStoppedJob(world, execution, frame, node, path, error)
          : recordFailedJob(world, execution, frame, node, path, error);
      return { ...ended, executed: true };
    } finally {
      for (const lease of leases.toReversed()) lease.release();
    }
  };
}

/** The group of the calling job, then that of the called file. */
async function enterGroups(
  engine: Engine,
  execution: Execution,
  leg: JobInstance,
  definition: CallJob,
  scope: Scope,
  leases: Lease[],
): Promise<void> {
  const called = calledBy(leg, definition);
  const inner: Scope = { contexts: frameContexts(engine.world, execution, inputsOf(called.file, definition, scope)) };
  execution.active.add(leg);
  try {
    for (const [block, at] of [
      [definition.concurrency, scope],
      [called.file.concurrency, inner],
    ] as const) {
      const request: LeaseRequest = {
        member: { run: execution.run, job: undefined },
        name: leg.name,
        heldLeases: [...leg.frame.leases, ...leases],
        stop: (reason) => stopInstance(leg, reason),
      };
      const lease = joinConcurrencyGroup(engine, block, at, request);
      if (lease === undefined) continue;
      leases.push(lease);
      await waitForLease(engine, request, lease, leg.stop.signal, () => undefined);
    }
    leg.stop.signal.throwIfAborted();
  } finally {
    execution.active.delete(leg);
  }
}

function openCalled(
  execution: Execution,
  leg: JobInstance,
  definition: CallJob,
  scope: Scope,
  leases: readonly Lease[],
  fresh: boolean,
): CallFrame {
  const workflow = calledBy(leg, definition);
  const { secrets } = leg.frame;
  return createFrame({
    workflow,
    inputs: inputsOf(workflow.file, definition, scope),
    secrets:
      definition.secrets === "inherit"
        ? secrets
        : evaluateTexts(definition.secrets, { contexts: { ...scope.contexts, secrets } }, "secrets"),
    permissions: jobPermissions(execution, leg.frame, definition.permissions),
    leases: [...leg.frame.leases, ...leases],
    caller: { frame: leg.frame, key: definition.id, name: leg.name, path: leg.path, mustRerun: fresh },
  });
}

/** @throws Error in GitHub's words for values that do not fit what the called file declares. */
function inputsOf(called: WorkflowFile, definition: CallJob, scope: Scope): Readonly<Record<string, Json>> {
  const given = Object.fromEntries(
    Object.entries(definition.with).map(([name, value]) => [name, evaluate(value, scope, `with.${name}`)]),
  );
  const { github = {}, vars = {} } = scope.contexts;
  const resolved = resolveCallInputs(called.on.call?.inputs ?? {}, given, (template) =>
    evaluate(template, { contexts: { github, vars } }),
  );
  if (resolved.kind === "refused") throw new Error(resolved.message);
  return resolved.inputs;
}

/** @throws Error when the call was not followed, which loading the workflow has made sure of. */
function calledBy(leg: JobInstance, definition: CallJob) {
  const called = leg.frame.workflow.calls.get(definition.id);
  if (called === undefined) throw new Error(`the workflow ${definition.uses} of job ${leg.path} was not loaded`);
  return called;
}

/** Outputs are evaluated whatever came of the jobs, as on GitHub. */
function outcomeOf(engine: Engine, execution: Execution, frame: CallFrame): InstanceOutcome {
  const nodes = [...frame.nodes.values()];
  const jobs: Readonly<Record<string, Json>> = Object.fromEntries(
    nodes.map((node) => [node.definition.id, { result: node.result, outputs: node.outputs }]),
  );
  const scope: Scope = { contexts: { ...frameContexts(engine.world, execution, frame.inputs), jobs } };
  const declared = Object.entries(frame.workflow.file.on.call?.outputs ?? {});
  return {
    result: combineResults(nodes.map((node) => node.result)),
    outputs: Object.fromEntries(declared.map(([name, { value }]) => [name, evaluateText(value, scope, name)])),
    executed: nodes.some((node) => node.executed),
  };
}
